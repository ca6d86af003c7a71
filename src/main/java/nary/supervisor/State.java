package nary.supervisor;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import nary.config.Release;
import nary.config.Settings;
import nary.id.WorkerId;
import nary.posix.Address;
import nary.posix.Pid;
import nary.rollout.Rollout;
import nary.worker.Phase;
import nary.worker.Slot;
import nary.worker.Worker;

/** All that the supervisor knows. Plain records: can be written out and read back. {@code app} is empty before the start. */
public record State(Optional<App> app) {

    public static State initial() {
        return new State(Optional.empty());
    }

    /** What the serving generation runs; a deploy merges its wishes over it. */
    public record Current(int generation, Release release, Settings settings) {}

    public Optional<Current> current() {
        return app.filter(it -> it.generations().containsKey(it.current()))
                .map(it -> new Current(it.current(), it.generation(it.current()).release(), it.settings()));
    }

    /** {@code booting}, {@code online}, {@code deploying}, {@code stopping} or {@code stopped}. */
    public String word() {
        if (app.isEmpty()) return "stopped";
        return switch (app.get().life()) {
            case Life.Booting booting -> "booting";
            case Life.Online online -> app.get().rollout().isPresent() ? "deploying" : "online";
            case Life.Ending ending -> "stopping";
            case Life.Ended ended -> "stopped";
        };
    }

    public Optional<Rollout> rollout() {
        return app.flatMap(App::rollout);
    }

    public List<Generation> generations() {
        return app.map(it -> List.copyOf(it.generations().values())).orElse(List.of());
    }

    /**
     * A worker for people.
     *
     * @param since when it entered its phase
     * @param restarts of its slot in its generation
     * @param nextTry when its slot's next process is due, if this one is dead and the slot waits
     */
    public record Row(
            WorkerId id,
            Optional<Pid> pid,
            Phase phase,
            Instant since,
            Instant born,
            int restarts,
            SortedSet<Address> listening,
            Optional<Instant> nextTry,
            String says) {}

    /** By generation and slot. Dead workers whose queue is kept are in it; slots of which nothing is left are not: see {@link #waiting}. */
    public List<Row> workers() {
        return generations().stream().flatMap(it -> it.workers().values().stream().map(worker -> row(it, worker))).toList();
    }

    private static Row row(Generation generation, Worker worker) {
        Slot slot = generation.slots().get(worker.id().slot());
        Optional<Instant> nextTry = generation.idOf(slot).equals(worker.id()) ? slot.nextTry() : Optional.empty();
        return new Row(
                worker.id(), worker.pid(), worker.phase(), worker.since(), worker.born(), slot.restarts(), worker.signs().listening(), nextTry, worker.says());
    }

    /** A slot between two processes. @param last its dead worker; @param nextTry when the next is due */
    public record Waiting(WorkerId last, int restarts, Instant nextTry) {}

    public List<Waiting> waiting() {
        return generations().stream()
                .flatMap(it -> it.slots().stream()
                        .filter(slot -> slot.nextTry().isPresent())
                        .map(slot -> new Waiting(it.idOf(slot), slot.restarts(), slot.nextTry().get())))
                .toList();
    }

    /**
     * How many workers there are.
     *
     * @param online those that take new connections
     * @param dying steered away or told to stop, and still alive
     * @param newOnline ready, but waiting for their siblings
     */
    public record Counts(int booting, int online, int dying, int newOnline) {}

    public Counts counts() {
        return new Counts(
                count(Phase.BOOTING),
                count(Phase.SERVING),
                count(Phase.STANDBY) + count(Phase.DRAINING) + count(Phase.STOPPING),
                count(Phase.READY));
    }

    private int count(Phase phase) {
        return (int) generations().stream().mapToLong(it -> it.in(phase).count()).sum();
    }

    public Optional<Worker> worker(WorkerId id) {
        return app.flatMap(it -> it.worker(id));
    }
}
