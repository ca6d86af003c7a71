package nary.supervisor;

import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Collection;
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

    /** A thread born during the first has its parent's niceness, and is found by the second. */
    private static final int LOOKS = 2;

    /** A look costs 30 µs for each process of the machine. */
    private static final Duration PAUSE = Duration.ofMillis(200);

    private final Processes processes;
    private final Trees trees;
    private final boolean isAllowed;
    private final int usual;
    private final Consumer<String> trouble;
    /** Those that give way, with their leaders. */
    private final Map<WorkerId, Pid> booting = new HashMap<>();
    /** Those whose other processes may still give way, with the number of looks that are left; guarded by itself. */
    private final Map<WorkerId, Integer> ready = new HashMap<>();

    private boolean isLooking;

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

    /** The leader's at once; who else there is takes a look at all processes, which the supervisor does not wait for. */
    private void takeBack(WorkerId worker, Pid leader) {
        takeBack(() -> Set.of(leader));
        synchronized (ready) {
            ready.put(worker, LOOKS);
            if (isLooking) return;
            isLooking = true;
        }
        Thread.ofVirtual().name("courtesy").start(this::lookAfterTrees);
    }

    /** One look for all that have become ready meanwhile. */
    private void lookAfterTrees() {
        try {
            for (Set<WorkerId> workers = due(); !workers.isEmpty(); workers = due()) {
                Set<WorkerId> these = workers;
                takeBack(() -> trees.of(these).values().stream().flatMap(Set::stream).toList());
                Thread.sleep(PAUSE);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Set<WorkerId> due() {
        synchronized (ready) {
            Set<WorkerId> workers = Set.copyOf(ready.keySet());
            ready.replaceAll((_, looks) -> looks - 1);
            ready.values().removeIf(looks -> looks == 0);
            isLooking = !workers.isEmpty();
            return workers;
        }
    }

    private void takeBack(Supplier<Collection<Pid>> these) {
        try {
            for (Pid pid : these.get()) processes.renice(pid, usual + NICER, usual, Slice.USUAL);
        } catch (OsException | UncheckedIOException e) {
            trouble.accept("a worker keeps the niceness it booted with: " + e.getMessage());
        }
    }
}
