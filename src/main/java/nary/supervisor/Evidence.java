package nary.supervisor;

import static java.util.Comparator.comparing;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toList;

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
    private static final int MOST_NAMES = 5;

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
        Stream<Pid> tree = trees.of(worker).stream().sorted(comparing(Pid::number)).limit(MOST_PROCESSES);
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

    /** How many threads do the same, and the newest of them: {@code 1 running (node), 4 sleeping in futex_do_wait (libuv-worker)}. */
    static String text(List<Doing> threads) {
        if (threads.isEmpty()) return "gone";
        Map<String, List<String>> names = threads.reversed().stream()
                .collect(groupingBy(Evidence::doing, LinkedHashMap::new, mapping(Doing::name, toList())));
        return names.entrySet().stream()
                .sorted(comparing(it -> it.getValue().size()))
                .map(it -> it.getValue().size() + " " + it.getKey() + " (" + some(it.getValue()) + ")")
                .collect(joining(", "));
    }

    private static String some(List<String> names) {
        List<String> kinds = names.stream().distinct().toList();
        return String.join(", ", kinds.subList(0, Math.min(MOST_NAMES, kinds.size()))) + (kinds.size() > MOST_NAMES ? ", …" : "");
    }

    private static String doing(Doing thread) {
        String state = switch (thread.state()) {
            case 'R' -> "running";
            case 'S' -> "sleeping";
            case 'D' -> "waiting for a device";
            case 'T' -> "stopped";
            case 't' -> "stopped by a debugger";
            case 'Z', 'X' -> "dead";
            default -> "in state " + thread.state();
        };
        return state + (thread.place().isEmpty() ? "" : " in " + thread.place());
    }
}
