package nary.supervisor;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import nary.config.Launch;
import nary.config.Readiness;
import nary.config.Release;
import nary.config.Settings;
import nary.log.Capture;
import nary.posix.Address;
import nary.posix.Pid;
import nary.posix.Posix;
import nary.posix.Processes.Info;
import nary.posix.Signals;
import nary.posix.ffm.LinuxPosix;
import nary.time.Clock;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import sun.misc.Signal;
import sun.misc.SignalHandler;

/** The whole supervisor on the real kernel, with small real workers. */
@Timeout(120)
class LoopTest {
    private static final String SERVER =
            """
            import os, signal, socket, sys
            s = socket.socket(); s.setsockopt(1, 2, 1)
            s.bind(('127.0.0.1', int(os.environ['PORT']))); s.listen(5)
            signal.signal(signal.SIGTERM, lambda *_: (print('bye', flush=True), os._exit(0)))
            %s
            while True:
                c, _ = s.accept()
                c.recv(4096)
                c.sendall(b'HTTP/1.0 200 OK\\r\\n\\r\\n' + (os.environ['VERSION'] + ' ' + str(os.getpid())).encode())
                c.close()
            """;

    private final Posix posix = LinuxPosix.create();
    private final List<Notice> notices = new CopyOnWriteArrayList<>();
    private final int port = freePort();
    private @TempDir Path folder;
    private @Nullable Capture capture;
    private @Nullable Loop loop;
    private @Nullable SignalHandler before;

    LoopTest() throws Exception {}

    private static int freePort() throws Exception {
        for (int port = 18_100 + (int) (ProcessHandle.current().pid() % 800); ; port++) {
            try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return socket.getLocalPort();
            } catch (java.net.BindException inUse) {
                continue;
            }
        }
    }

    @BeforeEach
    void hearOfChildren() {
        before = Signal.handle(new Signal("CHLD"), _ -> {
            Loop running = loop;
            if (running != null) running.childrenChanged();
        });
    }

    @AfterEach
    void stop() throws Exception {
        if (loop != null && !isEnded()) ask(loop, request -> new Event.StopRequested(request, Optional.of(Duration.ZERO), "the test"));
        if (loop != null) ended();
        if (capture != null) capture.drainAndClose(Duration.ofSeconds(5));
        if (before != null) Signal.handle(new Signal("CHLD"), before);
        assertThat(ours()).as("processes left").isEmpty();
    }

    private boolean isEnded() {
        return loop().state().word().equals("stopped");
    }

    private Loop loop() {
        return java.util.Objects.requireNonNull(loop);
    }

    private static Settings settings(int workers) {
        Settings it = Settings.defaults();
        return new Settings(
                workers, it.readiness(), Duration.ofSeconds(20), Duration.ofMillis(50), Duration.ofSeconds(10), it.idleGrace(),
                Duration.ofSeconds(2), it.stopSignal(), it.backlog(), it.ports(), it.listen(), it.takeover(), it.nodePreload(), it.policy());
    }

    private static Settings listening(Settings it, Address address) {
        return new Settings(
                it.workerCount(), it.readiness(), it.bootTimeout(), it.settle(), it.drainTimeout(), it.idleGrace(), it.stopTimeout(),
                it.stopSignal(), it.backlog(), it.ports(), List.of(address), it.takeover(), it.nodePreload(), it.policy());
    }

    private Release release(String version, List<String> command) {
        Map<String, String> environment = new HashMap<>();
        environment.put("PATH", String.valueOf(System.getenv("PATH")));
        environment.put("PORT", Integer.toString(port));
        environment.put("VERSION", version);
        return new Release(command, folder.toString(), folder.toString(), environment);
    }

    private Release server(String version, String extra) throws IOException {
        Files.writeString(folder.resolve(version + ".py"), SERVER.formatted(extra));
        return release(version, List.of("python3", version + ".py"));
    }

    private Outcome start(Release release, Settings settings) throws Exception {
        var files = new Launch.Files("ipc", "pid", "log", path("stdout"), path("stderr"));
        capture = Capture.start(posix, Path.of(files.stdout()), Path.of(files.stderr()), text -> notices.add(new Notice("Trouble", Optional.empty(), text)));
        CompletableFuture<Outcome> started = new CompletableFuture<>();
        loop = Loop.start(posix, Clock.system(), new Launch(release, settings, files), capture, notices::add, started::complete);
        return started.get(40, TimeUnit.SECONDS);
    }

    private String path(String name) {
        return folder.resolve(name).toString();
    }

    private interface Question {
        Event about(nary.id.RequestId request);
    }

    private static Outcome ask(Loop loop, Question question) throws Exception {
        CompletableFuture<Outcome> answer = new CompletableFuture<>();
        loop.ask((_, request) -> question.about(request), answer::complete);
        return answer.get(60, TimeUnit.SECONDS);
    }

    private Outcome deploy(Release release) throws Exception {
        return ask(loop(), request -> new Event.DeployRequested(request, release, 0, Optional.empty(), Optional.empty(), Optional.empty(), "the test"));
    }

    private Outcome stopApp() throws Exception {
        return ask(loop(), request -> new Event.StopRequested(request, Optional.empty(), "the test"));
    }

    private int ended() throws Exception {
        return CompletableFuture.supplyAsync(() -> {
                    try {
                        return loop().awaitEnd();
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                })
                .get(60, TimeUnit.SECONDS);
    }

    private String get() throws IOException {
        try (Socket socket = new Socket()) {
            socket.setSoTimeout(20_000);
            socket.connect(new InetSocketAddress("127.0.0.1", port), 10_000);
            socket.getOutputStream().write("GET / HTTP/1.0\r\n\r\n".getBytes(UTF_8));
            String answer = new String(socket.getInputStream().readAllBytes(), UTF_8);
            return answer.substring(answer.indexOf("\r\n\r\n") + 4);
        }
    }

    /** Living processes that have our port in their environment. */
    private Set<Pid> ours() {
        Set<Pid> all = new TreeSet<>();
        for (Info info : posix.processes().table()) {
            boolean isOurs = Integer.toString(port).equals(posix.processes().environmentOf(info.pid()).get("PORT"));
            if (isOurs && info.state() != 'Z' && !info.pid().equals(posix.processes().self())) all.add(info.pid());
        }
        return all;
    }

    private static int descriptors() {
        String[] names = new java.io.File("/proc/self/fd").list();
        return names == null ? 0 : names.length;
    }

    private static void await(String what, BooleanSupplier holds) throws InterruptedException {
        long limit = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!holds.getAsBoolean()) {
            if (System.nanoTime() > limit) throw new AssertionError("never: " + what);
            Thread.sleep(5);
        }
    }

    private List<String> texts() {
        return notices.stream().map(notice -> notice.name() + " " + notice.text()).toList();
    }

    private List<String> troubles() {
        return notices.stream().filter(n -> Set.of("Trouble", "EffectFailed", "SteerFailed").contains(n.name())).map(Notice::text).toList();
    }

    @Test
    void boot_serve_and_stop_with_nothing_left() throws Exception {
        assertThat(start(server("v1", ""), settings(2))).isInstanceOf(Outcome.Done.class);
        Set<String> answers = new TreeSet<>();
        for (int i = 0; i < 40; i++) answers.add(get());
        assertThat(answers).hasSize(2).allMatch(answer -> answer.startsWith("v1 "));
        assertThat(stopApp()).isInstanceOf(Outcome.Done.class);
        assertThat(ended()).isZero();
        assertThat(ours()).isEmpty();
        assertThat(troubles()).isEmpty();
    }

    @Test
    void twenty_deploys_under_load_lose_nothing_and_leave_no_descriptor() throws Exception {
        assertThat(start(server("v0", ""), settings(2))).isInstanceOf(Outcome.Done.class);
        for (int i = 0; i < 3; i++) assertThat(deploy(server("w" + i, ""))).isInstanceOf(Outcome.Done.class);
        int before = descriptors();
        List<String> failures = new CopyOnWriteArrayList<>();
        Load load = new Load(failures);
        for (int i = 0; i < 20; i++) assertThat(deploy(server("v" + i, ""))).isInstanceOf(Outcome.Done.class);
        load.end();
        assertThat(failures).isEmpty();
        await("as few descriptors as before, " + before, () -> descriptors() <= before);
        assertThat(ours()).hasSize(2);
        assertThat(troubles()).isEmpty();
        assertThat(get()).startsWith("v19 ");
    }

    private final class Load {
        private final List<Thread> threads = new ArrayList<>();
        private volatile boolean isOver;

        Load(List<String> failures) {
            for (int i = 0; i < 3; i++) threads.add(Thread.ofPlatform().start(() -> {
                while (!isOver) request(failures);
            }));
        }

        private void request(List<String> failures) {
            try {
                String answer = get();
                if (!answer.matches("[vw]\\d+ \\d+")) failures.add("answer '" + answer + "'");
            } catch (IOException e) {
                failures.add(e.toString());
            }
        }

        void end() throws InterruptedException {
            isOver = true;
            for (Thread thread : threads) thread.join(30_000);
        }
    }

    @Test
    void a_killed_worker_is_replaced_and_its_exit_is_told_as_it_was() throws Exception {
        assertThat(start(server("v1", ""), settings(1))).isInstanceOf(Outcome.Done.class);
        for (int i = 0; i < 3; i++) {
            Pid pid = firstPid();
            int seen = notices.size();
            kill(pid);
            assertThat(get()).startsWith("v1 ").doesNotContain(pid.toString());
            await("the death is told", () -> notices.stream().skip(seen).anyMatch(n -> n.name().equals("WorkerDeath")));
            assertThat(texts()).anyMatch(text -> text.contains("was ended by signal SIGKILL"));
            await("it serves", () -> loop().state().workers().getFirst().phase() == nary.worker.Phase.SERVING);
        }
        assertThat(troubles()).isEmpty();
    }

    @Test
    void workers_that_die_at_once_are_told_with_their_own_exit_code() throws Exception {
        // orphans are reaped all the time meanwhile: nobody may take a leader for one
        CompletableFuture<Void> over = new CompletableFuture<>();
        Thread reaper = Thread.ofPlatform().start(() -> {
            while (!over.isDone()) {
                Loop running = loop;
                if (running != null) running.childrenChanged();
                Thread.yield();
            }
        });
        assertThat(start(release("v1", List.of("sh", "-c", "exit 7")), settings(12)))
                .isInstanceOfSatisfying(Outcome.Failed.class, failed -> assertThat(failed.text()).contains("exited with exit code 7"));
        assertThat(ended()).isEqualTo(1);
        over.complete(null);
        reaper.join(10_000);
        assertThat(texts()).noneMatch(text -> text.contains("unknown status") || text.contains("could not be started"));
    }

    @Test
    void what_a_worker_said_last_is_known_when_its_failed_boot_is() throws Exception {
        Outcome outcome = start(release("v1", List.of("sh", "-c", "echo last words >&2; kill -9 $$")), settings(1));
        assertThat(outcome).isInstanceOf(Outcome.Failed.class);
        var witness = ((Outcome.Failed) outcome).witness().orElseThrow();
        assertThat(capture == null ? List.of() : capture.lastErrors(witness, 5)).containsExactly("last words");
    }

    @Test
    void a_program_that_is_not_there_fails_the_start_and_the_deploy() throws Exception {
        assertThat(start(server("v1", ""), settings(1))).isInstanceOf(Outcome.Done.class);
        int before = descriptors();
        for (int i = 0; i < 5; i++) {
            assertThat(deploy(release("v2", List.of("no-such-program"))))
                    .isInstanceOfSatisfying(Outcome.Failed.class, failed -> assertThat(failed.text()).contains("no-such-program"));
        }
        assertThat(get()).startsWith("v1 ");
        await("as few descriptors as before, " + before, () -> descriptors() <= before);
    }

    @Test
    void a_bad_version_leaves_the_old_one_and_nothing_else() throws Exception {
        assertThat(start(server("v1", ""), settings(2))).isInstanceOf(Outcome.Done.class);
        Set<Pid> good = ours();
        int before = descriptors();
        Release dies = server("v2", "import time; time.sleep(0.02); os.kill(os.getpid(), 9)");
        Release refused = server("v3", "t = socket.socket(); t.bind(('0.0.0.0', int(os.environ['PORT'])))");
        for (Release bad : List.of(dies, refused)) {
            assertThat(deploy(bad)).isInstanceOf(Outcome.Failed.class);
            for (int i = 0; i < 20; i++) assertThat(get()).startsWith("v1 ");
            await("only the good ones live", () -> ours().equals(good));
        }
        await("as few descriptors as before, " + before, () -> descriptors() <= before);
    }

    @Test
    void children_in_the_group_in_a_session_of_their_own_and_orphans_end_with_their_worker() throws Exception {
        String families =
                """
                def daemon(*steps):
                    pid = os.fork()
                    if pid:
                        os.waitpid(pid, 0) if len(steps) > 1 else None
                        return
                    if 'setsid' in steps: os.setsid()
                    if 'again' in steps and os.fork(): os._exit(0)
                    if 'deaf' in steps: signal.signal(signal.SIGTERM, signal.SIG_IGN)
                    else: signal.signal(signal.SIGTERM, signal.SIG_DFL)
                    s.close()
                    signal.pause()
                    while True: signal.pause()
                daemon('plain'); daemon('setsid'); daemon('setsid', 'again'); daemon('setsid', 'again', 'deaf')
                """;
        String family = families.strip();
        assertThat(start(server("v1", family), settings(1))).isInstanceOf(Outcome.Done.class);
        await("a family of five", () -> ours().size() == 5);
        assertThat(get()).startsWith("v1 ");
        assertThat(deploy(server("v2", family))).isInstanceOf(Outcome.Done.class);
        await("only the new family lives", () -> ours().size() == 5 && ours().contains(firstPid()));
        kill(firstPid());
        assertThat(get()).startsWith("v2 ");
        await("the heir's family only", () -> ours().size() == 5);
        assertThat(stopApp()).isInstanceOf(Outcome.Done.class);
        assertThat(ended()).isZero();
        assertThat(ours()).isEmpty();
        await("no zombie", () -> posix.processes().table().stream().noneMatch(i -> i.state() == 'Z' && i.parent().equals(posix.processes().self())));
    }

    @Test
    void handed_over_sockets_block_as_those_of_systemd_do() throws Exception {
        Files.writeString(
                folder.resolve("handed.py"),
                """
                import os, socket
                assert os.environ['LISTEN_PID'] == str(os.getpid()) and os.environ['LISTEN_FDS'] == '1'
                assert os.get_blocking(3), 'the socket does not block'
                s = socket.socket(fileno=3)
                while True:
                    c, _ = s.accept(); c.settimeout(1)
                    try: c.recv(4096); c.sendall(b'HTTP/1.0 200 OK\\r\\n\\r\\n' + os.environ['VERSION'].encode())
                    except OSError: pass
                    c.close()
                """);
        List<String> command = List.of("python3", "handed.py");
        Settings settings = listening(settings(2), new Address("127.0.0.1", port, false));
        assertThat(start(release("v1", command), settings)).isInstanceOf(Outcome.Done.class);
        assertThat(get()).isEqualTo("v1");
        assertThat(deploy(release("v2", command))).isInstanceOf(Outcome.Done.class);
        assertThat(get()).isEqualTo("v2");
        kill(firstPid());
        for (int i = 0; i < 10; i++) assertThat(get()).isEqualTo("v2");
    }

    @Test
    void a_worker_without_listener_that_ignores_its_stop_signal_is_killed_in_time() throws Exception {
        Settings it = settings(1);
        Settings delayed = new Settings(
                1, new Readiness.Delay(Duration.ofMillis(10)), it.bootTimeout(), it.settle(), it.drainTimeout(), it.idleGrace(),
                Duration.ofMillis(200), it.stopSignal(), it.backlog(), it.ports(), it.listen(), it.takeover(), it.nodePreload(), it.policy());
        String deaf = "trap '' TERM; sleep 1000 & while :; do wait; done";
        assertThat(start(release("v1", List.of("sh", "-c", deaf)), delayed)).isInstanceOf(Outcome.Done.class);
        long begun = System.nanoTime();
        assertThat(stopApp()).isInstanceOf(Outcome.Done.class);
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(10));
        assertThat(ended()).isZero();
        assertThat(ours()).isEmpty();
    }

    @Test
    void every_question_gets_one_answer_also_when_it_cannot_be_asked() throws Exception {
        assertThat(start(server("v1", ""), settings(1))).isInstanceOf(Outcome.Done.class);
        CompletableFuture<Outcome> answer = new CompletableFuture<>();
        loop().ask((_, _) -> {
            throw new IllegalStateException("a mistake of ours");
        }, answer::complete);
        assertThat(answer.get(10, TimeUnit.SECONDS)).isInstanceOf(Outcome.Failed.class);
        loop().run(() -> loop().emit(new Notice("Test", Optional.empty(), "it goes on")));
        await("it goes on", () -> texts().contains("Test it goes on"));
        assertThat(get()).startsWith("v1 ");
        assertThat(stopApp()).isInstanceOf(Outcome.Done.class);
        assertThat(ended()).isZero();
        CompletableFuture<Outcome> late = new CompletableFuture<>();
        loop().ask((_, request) -> new Event.AbortRequested(request), late::complete);
        assertThat(late.get(10, TimeUnit.SECONDS)).isInstanceOf(Outcome.Refused.class);
    }

    @Test
    void a_supervisor_that_fails_says_so_once_answers_all_and_names_who_is_left() throws Exception {
        assertThat(start(server("v1", ""), settings(1))).isInstanceOf(Outcome.Done.class);
        Set<Pid> left = ours();
        Loop failing = loop();
        failing.run(() -> {
            throw new UncheckedIOException(new IOException("a mistake of ours"));
        });
        try {
            org.assertj.core.api.Assertions.assertThatThrownBy(failing::awaitEnd)
                    .hasMessageContaining("a mistake of ours")
                    .hasMessageContaining("pids " + left.iterator().next());
            CompletableFuture<Outcome> late = new CompletableFuture<>();
            failing.ask((_, request) -> new Event.AbortRequested(request), late::complete);
            assertThat(late.get(10, TimeUnit.SECONDS)).isInstanceOf(Outcome.Refused.class);
            assertThat(get()).startsWith("v1 ");
        } finally {
            failing.listeners().closeAll();
            for (Pid pid : left) posix.processes().signal(pid, Signals.KILL);
            for (Pid pid : left) await("reaped", () -> isReaped(pid));
            loop = null;
        }
    }

    /** Until it is dead: a process that is being killed may still take a connection along. */
    private void kill(Pid pid) throws Exception {
        posix.processes().signal(pid, Signals.KILL);
        await("it is dead", () -> posix.processes().table().stream().noneMatch(i -> i.pid().equals(pid) && i.state() != 'Z'));
    }

    private Pid firstPid() {
        return loop().state().workers().getFirst().pid().orElseThrow();
    }

    private boolean isReaped(Pid pid) {
        try {
            return posix.processes().reapZombie(pid) || posix.processes().table().stream().noneMatch(info -> info.pid().equals(pid));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
