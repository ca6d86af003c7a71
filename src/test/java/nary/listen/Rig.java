package nary.listen;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import nary.id.WorkerId;
import nary.posix.Address;
import nary.posix.Fd;
import nary.posix.OsException;
import nary.posix.Pid;
import nary.posix.Poll;
import nary.posix.Posix;
import nary.posix.Processes;
import nary.posix.Signals;
import nary.posix.Sockets;
import nary.posix.ffm.LinuxPosix;

/** Takeover as the supervisor has it, without the supervisor: real workers, each a Python that does line by line what the test says. */
final class Rig implements AutoCloseable {
    private static final String OBEY =
            """
            import os, socket, sys
            for line in sys.stdin:
                try:
                    said = ''
                    exec(line.rstrip())
                    print('ok', said, flush=True)
                except OSError as e:
                    print('errno', e.errno, flush=True)
                except BaseException as e:
                    print('failed', repr(e), flush=True)
            """;

    final Posix posix = LinuxPosix.create();
    final Map<Long, Fd> watched = new ConcurrentHashMap<>();
    final BlockingQueue<String> told = new LinkedBlockingQueue<>();
    /** Workers that are known to accept. */
    final java.util.Set<WorkerId> atWork = new java.util.HashSet<>();

    final Listeners listeners = new Listeners(posix, 4096, new Sink(), this::treeOf);
    private final Poll hangups;
    private final Map<WorkerId, Worker> workers = new ConcurrentHashMap<>();
    private final Spawner spawner;

    Rig() throws IOException {
        hangups = posix.newPoll();
        spawner = Spawner.start(posix, true);
        Takeover.start(posix, listeners, this::ownerOf, List.of(), new Sink(), spawner.notifications().orElseThrow());
    }

    Set<Pid> treeOf(WorkerId worker) {
        Worker known = workers.get(worker);
        Set<Pid> tree = new HashSet<>();
        if (known == null) return tree;
        int group = known.child.pid().number();
        for (Processes.Info info : posix.processes().table()) if (info.group() == group && info.state() != 'Z') tree.add(info.pid());
        return tree;
    }

    private Optional<WorkerId> ownerOf(Pid pid) {
        for (var entry : workers.entrySet()) {
            if (entry.getValue().child.pid().equals(pid) || treeOf(entry.getKey()).contains(pid)) return Optional.of(entry.getKey());
        }
        return Optional.empty();
    }

    /** One that has done nothing yet. */
    Worker worker(int generation, int slot, int attempt) throws Exception {
        WorkerId id = new WorkerId(generation, slot, attempt);
        if (attempt > 1) listeners.expect(id, Set.of(new WorkerId(generation, slot, attempt - 1)));
        Sockets.Pair pair = posix.sockets().pair();
        var program = new Processes.Program(
                "/usr/bin/env",
                List.of("env", "python3", "-u", "-c", OBEY),
                Map.of("PATH", String.valueOf(System.getenv("PATH"))),
                "/",
                Map.of(0, pair.theirs(), 1, pair.theirs()),
                Processes.Isolation.GROUP);
        CompletableFuture<Worker> spawned = new CompletableFuture<>();
        spawner.submit(() -> {
            try {
                spawned.complete(new Worker(id, posix.processes().spawn(program), pair.ours()));
            } catch (OsException e) {
                spawned.completeExceptionally(e);
            }
        });
        Worker worker = spawned.get(10, TimeUnit.SECONDS);
        posix.sockets().close(pair.theirs());
        workers.put(id, worker);
        worker.does("pass");
        return worker;
    }

    Worker worker(int generation, int slot) throws Exception {
        return worker(generation, slot, 1);
    }

    /** Handles hang-ups of listeners as the supervisor's loop would. @return how many there were */
    int handleHangups(Duration limit) throws OsException {
        List<Poll.Ready> ready = hangups.await(limit);
        ready.forEach(one -> listeners.hungUp(one.token()));
        return ready.size();
    }

    String nextTold() throws InterruptedException {
        String next = told.poll(10, TimeUnit.SECONDS);
        return next == null ? "nothing" : next;
    }

    Set<String> descriptors() {
        Set<String> all = new HashSet<>();
        String[] names = new java.io.File("/proc/self/fd").list();
        for (String name : names == null ? new String[0] : names) {
            try {
                String target = java.nio.file.Files.readSymbolicLink(java.nio.file.Path.of("/proc/self/fd", name)).toString();
                if (target.startsWith("socket:") || target.startsWith("anon_inode:[pidfd]")) all.add(target);
            } catch (IOException closed) {
                continue;
            }
        }
        return all;
    }

    /** The responder answers before it closes its copy. */
    void awaitDescriptors(Set<String> wanted) throws InterruptedException {
        long limit = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (!descriptors().equals(wanted) && System.nanoTime() < limit) Thread.sleep(5);
        org.assertj.core.api.Assertions.assertThat(descriptors()).isEqualTo(wanted);
    }

    final class Worker {
        final WorkerId id;
        final Processes.Child child;
        private final Fd line;
        private final StringBuilder unread = new StringBuilder();
        private boolean isGone;

        Worker(WorkerId id, Processes.Child child, Fd line) {
            this.id = id;
            this.child = child;
            this.line = line;
        }

        /** Does this line of Python; what it left in {@code said}. */
        String does(String python) throws OsException {
            String answer = tries(python);
            if (!answer.startsWith("ok")) throw new AssertionError(python + ": " + answer);
            return answer.substring(2).strip();
        }

        /** {@code ok …}, {@code errno …} or {@code failed …}. */
        String tries(String python) throws OsException {
            begins(python);
            return answer();
        }

        void begins(String python) throws OsException {
            byte[] bytes = (python + "\n").getBytes(StandardCharsets.UTF_8);
            posix.sockets().write(line, bytes, 0, bytes.length);
        }

        String answer() throws OsException {
            byte[] buffer = new byte[4096];
            try (Poll poll = posix.newPoll()) {
                poll.watch(line, 1);
                while (unread.indexOf("\n") < 0) {
                    if (poll.await(Duration.ofSeconds(20)).isEmpty()) throw new AssertionError("worker " + id + " does not answer");
                    int count = posix.sockets().read(line, buffer, 0, buffer.length);
                    if (count == 0) throw new AssertionError("worker " + id + " has ended: " + unread);
                    if (count > 0) unread.append(new String(buffer, 0, count, StandardCharsets.UTF_8));
                }
            }
            int end = unread.indexOf("\n");
            String answer = unread.substring(0, end);
            unread.delete(0, end + 1);
            return answer.strip();
        }

        /** Binds and listens; the socket is called {@code name} from then on. */
        void serves(String name, Address address) throws OsException {
            does("%s = socket.socket(); %s.setsockopt(1, 2, 1)".formatted(name, name));
            does("%s.bind(('%s', %d)); %s.listen(5); %s.settimeout(10)".formatted(name, address.ip(), address.port(), name, name));
        }

        /** Accepts one connection and answers with its own name. */
        void answers(String name) throws OsException {
            does("c, _ = %s.accept(); c.sendall(b'%s'); c.close()".formatted(name, id));
        }

        void kill() {
            if (isGone) return;
            isGone = true;
            try {
                for (Pid pid : treeOf(id)) posix.processes().signal(pid, Signals.KILL);
                posix.processes().signal(child.pid(), Signals.KILL);
                try (Poll poll = posix.newPoll()) {
                    poll.watch(child.pidfd(), 1);
                    while (posix.processes().reap(child.pidfd()).isEmpty()) poll.await(Duration.ofSeconds(1));
                }
            } catch (OsException e) {
                throw new UncheckedIOException(e);
            }
            posix.sockets().close(child.pidfd());
            posix.sockets().close(line);
        }
    }

    @Override
    public void close() {
        workers.values().forEach(Worker::kill);
        listeners.closeAll();
        hangups.close();
        // with no filtered process left its responder ends when the descriptor is closed
        posix.sockets().close(spawner.notifications().orElseThrow());
    }

    private final class Sink implements ListenSink {
        @Override
        public void listening(WorkerId worker, Address address) {
            told.add("listening " + worker + " " + address);
        }

        @Override
        public boolean leavesQueue(WorkerId worker) {
            return !atWork.contains(worker);
        }

        @Override
        public void refused(WorkerId worker, String reason) {
            told.add("refused " + worker + " " + reason);
        }

        @Override
        public void watch(Fd listener, long cookie) {
            watched.put(cookie, listener);
            try {
                hangups.watchHangup(listener, cookie);
            } catch (OsException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void trouble(String text) {
            told.add("trouble " + text);
        }

        @Override
        public void unwatch(Fd listener) {
            watched.values().remove(listener);
            try {
                hangups.forget(listener);
            } catch (OsException alreadyForgotten) {
                return;
            }
        }
    }

    static <T> List<T> drained(BlockingQueue<T> queue) {
        List<T> all = new ArrayList<>();
        queue.drainTo(all);
        return all;
    }
}
