package nary.supervisor;

import static java.util.Comparator.comparing;

import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.stream.Stream;
import nary.config.Release;
import nary.config.Settings;
import nary.id.WorkerId;
import nary.posix.Address;
import nary.posix.Pid;
import nary.rollout.Rollout;
import nary.worker.Phase;
import nary.worker.Slot;
import nary.worker.Worker;
import nary.worker.Worker.Trouble;

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
     * @param nextTry when its slot's next process is due, if the slot waits and this is the newest that is left of it
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
            Trouble trouble,
            String says) {}

    /** By generation and slot. Dead workers whose queue is kept are in it, and the last one of a slot that waits for its next process. */
    public List<Row> workers() {
        return generations().stream().flatMap(State::rows).toList();
    }

    private static Stream<Row> rows(Generation generation) {
        Stream<Row> left = generation.workers().values().stream().map(worker -> row(generation, worker));
        Stream<Row> vacant = generation.slots().stream()
                .filter(slot -> slot.nextTry().isPresent() && generation.newest(slot).isEmpty())
                .map(slot -> vacant(generation, slot));
        return Stream.concat(left, vacant).sorted(comparing(Row::id));
    }

    private static Row row(Generation generation, Worker worker) {
        Slot slot = generation.slots().get(worker.id().slot());
        Optional<Instant> nextTry = generation.newest(slot).filter(worker::equals).flatMap(_ -> slot.nextTry());
        return new Row(
                worker.id(), worker.pid(), worker.phase(), worker.since(), worker.born(), slot.restarts(), worker.signs().listening(), nextTry, worker.trouble(), worker.says());
    }

    private static Row vacant(Generation generation, Slot slot) {
        Instant since = generation.since();
        return new Row(
                generation.idOf(slot), Optional.empty(), Phase.EXITED, since, since, slot.restarts(), Collections.emptySortedSet(), slot.nextTry(), Trouble.NONE, "");
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
