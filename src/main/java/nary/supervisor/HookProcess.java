package nary.supervisor;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import nary.config.Confinement;
import nary.id.WorkerId;
import nary.posix.Fd;
import nary.posix.OsException;
import nary.posix.Pid;
import nary.posix.Posix;
import nary.posix.Processes.Child;
import nary.posix.Processes.Exit;
import nary.posix.Processes.Isolation;
import nary.posix.Processes.Program;
import nary.posix.Signals;
import nary.posix.Sockets.Pair;
import nary.worker.Trampoline;
import org.jspecify.annotations.Nullable;

/**
 * One run of a hook's command, with all processes that come of it. It has the workers' user and limits, but not their filter: it is started
 * from a thread that has none. Its tree is known as a worker's is, by a name that no worker has (generation 0). Used by one thread.
 */
final class HookProcess {
    private static final String SHELL = "/bin/sh";
    private static final long LOOK_MILLIS = 5;
    private static final long LONGEST_LOOK_MILLIS = 200;
    /** After SIGTERM. */
    private static final long LAST_CALL_NANOS = 1_000_000_000L;

    private static final long KILL_NANOS = 10_000_000_000L;
    private static final int MOST_BYTES = 64 * 1024;
    private static final int MOST_LINES = 20;
    private static final int LONGEST_LINE = 500;

    private final Posix posix;
    private final Trees trees;
    private final WorkerId name;
    private final ByteArrayOutputStream said = new ByteArrayOutputStream();
    private final byte[] piece = new byte[4096];
    private boolean isCutOff;

    /**
     * @param exit of the command itself
     * @param isCut its time was over before all of its processes had ended
     * @param lines what it wrote, the beginning of it
     */
    record End(Exit exit, boolean isCut, List<String> lines) {
        boolean isDone() {
            return exit instanceof Exit.Exited(int code) && code == 0;
        }
    }

    HookProcess(Posix posix, Trees trees, WorkerId name) {
        this.posix = posix;
        this.trees = trees;
        this.name = name;
    }

    /** Returns when nothing is left of it. @param isOver its time is: what is left is ended */
    End run(String command, String directory, Map<String, String> environment, Confinement confinement, BooleanSupplier isOver)
            throws OsException, InterruptedException {
        Pair pipe = posix.sockets().pipe();
        try {
            Child child = spawn(command, directory, environment, confinement, pipe.theirs());
            posix.sockets().close(pipe.theirs());
            return follow(child, pipe.ours(), isOver);
        } finally {
            trees.forget(name);
            posix.sockets().close(pipe.ours());
        }
    }

    private Child spawn(String command, String directory, Map<String, String> environment, Confinement confinement, Fd output) throws OsException {
        Map<String, String> all = new HashMap<>(environment);
        all.put(Trees.TOKEN, trees.token(name));
        List<String> words = Trampoline.before(List.of(SHELL, "-c", command), confinement, false);
        Program program = new Program(words.getFirst(), words, all, directory, Map.of(1, output, 2, output), Isolation.GROUP);
        Optional<Pid> pid = Optional.empty();
        trees.spawning();
        try {
            Child child = posix.processes().spawn(program);
            pid = Optional.of(child.pid());
            return child;
        } catch (OsException e) {
            posix.sockets().close(output);
            throw e;
        } finally {
            trees.spawned(name, pid);
        }
    }

    private End follow(Child child, Fd output, BooleanSupplier isOver) throws OsException, InterruptedException {
        @Nullable Exit exit = null;
        boolean isCut = false;
        long killAt = 0;
        long pause = LOOK_MILLIS;
        try {
            while (true) {
                read(output);
                if (exit == null) exit = reaped(child);
                Set<Pid> left = exit == null ? Set.of(child.pid()) : trees.of(name);
                if (left.isEmpty() || isCut && System.nanoTime() - killAt > KILL_NANOS) break;
                if (!isCut && isOver.getAsBoolean()) {
                    isCut = true;
                    killAt = System.nanoTime() + LAST_CALL_NANOS;
                    signal(Signals.TERM);
                } else if (isCut && System.nanoTime() - killAt >= 0) signal(Signals.KILL);
                Thread.sleep(pause);
                pause = Math.min(LONGEST_LOOK_MILLIS, pause + pause / 4);
            }
            read(output);
            return new End(exit == null ? new Exit.Unknown() : exit, isCut, lines());
        } finally {
            posix.sockets().close(child.pidfd());
        }
    }

    private @Nullable Exit reaped(Child child) throws OsException {
        Optional<Exit> exit = posix.processes().reap(child.pidfd());
        if (exit.isPresent()) trees.reaped(name);
        return exit.orElse(null);
    }

    private void signal(int signal) throws OsException {
        for (Pid pid : trees.of(name)) posix.processes().signal(pid, signal);
    }

    /** What is too much is read all the same: it must not wait for us. */
    private void read(Fd output) throws OsException {
        for (int count = posix.sockets().read(output, piece, 0, piece.length); count > 0; count = posix.sockets().read(output, piece, 0, piece.length)) {
            int room = MOST_BYTES - said.size();
            isCutOff |= count > room;
            said.write(piece, 0, Math.min(count, room));
        }
    }

    private List<String> lines() {
        List<String> all = said.toString(StandardCharsets.UTF_8).lines().filter(line -> !line.isBlank()).toList();
        List<String> lines = new ArrayList<>();
        for (String line : all.subList(0, Math.min(all.size(), MOST_LINES))) lines.add(line.length() > LONGEST_LINE ? line.substring(0, LONGEST_LINE) + "…" : line);
        if (isCutOff || all.size() > MOST_LINES) lines.add("(and more)");
        return lines;
    }
}
