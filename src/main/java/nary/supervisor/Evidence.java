package nary.supervisor;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.joining;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import nary.id.WorkerId;
import nary.posix.OsException;
import nary.posix.Pid;
import nary.posix.Posix;
import nary.posix.Processes.Doing;
import nary.posix.Signals;

/** What a hung worker leaves for those who are to find out why it hangs. */
final class Evidence {
    private static final int MOST_PROCESSES = 8;
    private static final int MOST_KINDS = 12;

    private final Posix posix;
    private final Trees trees;
    private final Loop loop;
    private final Optional<Integer> hangSignal;

    Evidence(Posix posix, Trees trees, Loop loop, Optional<Integer> hangSignal) {
        this.posix = posix;
        this.trees = trees;
        this.loop = loop;
        this.hangSignal = hangSignal;
    }

    /** What its processes are doing goes into the event log. Done at once: what comes next may end them. */
    void examine(WorkerId worker) {
        Stream<Pid> tree = trees.of(worker).stream().sorted(Comparator.comparing(Pid::number)).limit(MOST_PROCESSES);
        String text = tree.map(pid -> "pid " + pid + ": " + text(posix.processes().threads(pid))).collect(joining("; "));
        loop.emit(new Notice("Evidence", Optional.of(worker), "worker " + worker + " hangs: " + text));
    }

    /** Asks for its last words. To know a JVM its memory map is read, which may wait for the process: a thread of its own does. */
    void take(WorkerId worker) {
        Thread.ofVirtual().name("evidence " + worker).start(() -> {
            try {
                for (Pid pid : trees.of(worker)) ask(pid);
            } catch (OsException | RuntimeException e) {
                loop.trouble("evidence of worker " + worker + ": " + e.getMessage());
            }
        });
    }

    /** A JVM answers SIGQUIT with a thread dump; others die of it, so they get only what was asked for. */
    private void ask(Pid pid) throws OsException {
        Optional<Integer> signal = hangSignal;
        if (signal.isEmpty() && posix.processes().maps(pid, "libjvm.so")) signal = Optional.of(Signals.QUIT);
        if (signal.isPresent()) posix.processes().signal(pid, signal.get());
    }

    /** Threads that do the same are counted, the rare ones first: {@code node running, 4 × libuv-worker sleeping in futex_do_wait}. */
    static String text(List<Doing> threads) {
        Map<Doing, Long> kinds = threads.stream().collect(groupingBy(it -> it, LinkedHashMap::new, counting()));
        Stream<String> texts = kinds.entrySet().stream()
                .sorted(Map.Entry.comparingByValue())
                .limit(MOST_KINDS)
                .map(it -> (it.getValue() == 1 ? "" : it.getValue() + " × ") + text(it.getKey()));
        String all = texts.collect(joining(", "));
        return kinds.isEmpty() ? "gone" : kinds.size() > MOST_KINDS ? all + ", …" : all;
    }

    private static String text(Doing thread) {
        String state = switch (thread.state()) {
            case 'R' -> "running";
            case 'S' -> "sleeping";
            case 'D' -> "waiting for a device";
            case 'T' -> "stopped";
            case 't' -> "stopped by a debugger";
            case 'Z', 'X' -> "dead";
            default -> "in state " + thread.state();
        };
        return thread.name() + " " + state + (thread.place().isEmpty() ? "" : " in " + thread.place());
    }
}
