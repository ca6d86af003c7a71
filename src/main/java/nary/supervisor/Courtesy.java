package nary.supervisor;

import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import nary.config.Confinement;
import nary.id.WorkerId;
import nary.posix.OsException;
import nary.posix.Pid;
import nary.posix.Processes;
import nary.posix.Processes.Slice;
import nary.worker.Phase;
import nary.worker.Worker;

/**
 * A worker that boots beside the one it will replace gives way to those that serve: until it is ready it is nicer, and may be interrupted
 * sooner. Only where nary may take that back, and where nobody chose a niceness. Used by the supervisor's thread.
 */
final class Courtesy {
    /** A third of the weight of those that serve, sched(7): they run at once when a request comes; it boots the slower only if they need the processors. */
    private static final int NICER = 5;

    private static final int NICEST = 19;

    private final Processes processes;
    private final Trees trees;
    private final boolean isAllowed;
    private final int usual;
    private final Consumer<String> trouble;
    /** Those that give way, with their leaders. */
    private final Map<WorkerId, Pid> booting = new HashMap<>();

    private Courtesy(Processes processes, Trees trees, boolean isAllowed, int usual, Consumer<String> trouble) {
        this.processes = processes;
        this.trees = trees;
        this.isAllowed = isAllowed;
        this.usual = usual;
        this.trouble = trouble;
    }

    static Courtesy of(Processes processes, Trees trees, Confinement confinement, Consumer<String> trouble) throws OsException {
        int usual = processes.niceness(processes.self());
        return new Courtesy(processes, trees, confinement.nice().isEmpty() && usual + NICER <= NICEST && mayTakeBack(processes), usual, trouble);
    }

    private static boolean mayTakeBack(Processes processes) {
        try {
            return processes.mayTakeBack(NICER);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** A worker has just been spawned. */
    void spawned(WorkerId worker, Pid leader, State state) {
        if (!isAllowed || !takesAPlace(worker, state)) return;
        try {
            processes.renice(leader, usual, usual + NICER, Slice.SHORT);
            booting.put(worker, leader);
        } catch (OsException | UncheckedIOException e) {
            trouble.accept("worker " + worker + " boots with the usual niceness: " + e.getMessage());
        }
    }

    private static boolean takesAPlace(WorkerId worker, State state) {
        return state.workers().stream().anyMatch(row -> row.phase() == Phase.SERVING && row.id().slot() == worker.slot() && !row.id().equals(worker));
    }

    /** After each step. */
    void look(State state) {
        for (Iterator<Map.Entry<WorkerId, Pid>> each = booting.entrySet().iterator(); each.hasNext(); ) {
            var entry = each.next();
            Optional<Worker> worker = state.worker(entry.getKey());
            if (worker.isPresent() && worker.get().phase() == Phase.BOOTING) continue;
            each.remove();
            if (worker.isPresent() && worker.get().isAlive()) takeBack(entry.getKey(), entry.getValue());
        }
    }

    /** The leader's before its first connection; who else there is takes a look at all processes, which the supervisor does not wait for. */
    private void takeBack(WorkerId worker, Pid leader) {
        takeBack(worker, () -> Set.of(leader));
        Thread.ofVirtual().name("courtesy").start(() -> {
            // a thread born meanwhile has its parent's niceness, and is found the second time
            for (int round = 0; round < 2; round++) takeBack(worker, () -> trees.of(worker));
        });
    }

    private void takeBack(WorkerId worker, Supplier<Set<Pid>> tree) {
        try {
            for (Pid pid : tree.get()) processes.renice(pid, usual + NICER, usual, Slice.USUAL);
        } catch (OsException | UncheckedIOException e) {
            trouble.accept("worker " + worker + " keeps the niceness it booted with: " + e.getMessage());
        }
    }
}
