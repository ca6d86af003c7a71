package nary.supervisor;

import static java.util.Collections.unmodifiableSortedMap;
import static java.util.Collections.unmodifiableSortedSet;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import nary.config.Release;
import nary.id.WorkerId;
import nary.posix.Address;
import nary.worker.Phase;
import nary.worker.Slot;
import nary.worker.Worker;

/**
 * One deployed version of the app.
 *
 * @param workers all that something is left of: a process, or listening sockets that wait for an heir
 * @param served the addresses on which all of its serving workers listen; where none serves, those of the last that did
 */
public record Generation(
        int number, Release release, Instant since, List<Slot> slots, SortedMap<WorkerId, Worker> workers, SortedSet<Address> served) {

    static Generation of(int number, Release release, int slots, Slot.Duty duty, Instant now) {
        return new Generation(
                number,
                release,
                now,
                IntStream.range(0, slots).mapToObj(index -> Slot.first(index, duty)).toList(),
                Collections.emptySortedMap(),
                Collections.emptySortedSet());
    }

    Generation with(Worker worker) {
        var all = new TreeMap<>(workers);
        all.put(worker.id(), worker);
        return new Generation(number, release, since, slots, unmodifiableSortedMap(all), served);
    }

    Generation without(WorkerId worker) {
        var all = new TreeMap<>(workers);
        all.remove(worker);
        return new Generation(number, release, since, slots, unmodifiableSortedMap(all), served);
    }

    /** @param slot one of its own, or the next */
    Generation with(Slot slot) {
        var all = new ArrayList<>(slots);
        if (slot.index() == all.size()) all.add(slot);
        else all.set(slot.index(), slot);
        return new Generation(number, release, since, List.copyOf(all), workers, served);
    }

    /** With {@link #served} as its serving workers have it now. @param ports the only ones that count; empty: all */
    Generation surveyed(List<Integer> ports) {
        TreeSet<Address> common = null;
        for (Worker worker : workers.values()) {
            if (!worker.is(Phase.SERVING) && !worker.is(Phase.STANDBY)) continue;
            if (common == null) common = new TreeSet<>(worker.signs().listening());
            else common.retainAll(worker.signs().listening());
        }
        if (common == null) return this;
        if (!ports.isEmpty()) common.removeIf(address -> !ports.contains(address.port()));
        if (common.equals(served)) return this;
        return new Generation(number, release, since, slots, workers, unmodifiableSortedSet(common));
    }

    WorkerId idOf(Slot slot) {
        return new WorkerId(number, slot.index(), slot.attempt());
    }

    /** The slot's newest worker, while something is left of it. */
    public Optional<Worker> current(Slot slot) {
        return Optional.ofNullable(workers.get(idOf(slot)));
    }

    /** The newest that something is left of. */
    Optional<Worker> newest(Slot slot) {
        return workers.values().stream().filter(it -> it.id().slot() == slot.index()).reduce((_, later) -> later);
    }

    /** No process is in the slot, and none is about to be, or it is to be replaced. */
    boolean needsWorker(Slot slot) {
        return current(slot).filter(it -> it.isAlive() && !it.isLeft() && !(it.is(Phase.SERVING) && it.isDoomed())).isEmpty();
    }

    Stream<Slot> kept() {
        return slots.stream().filter(Slot::isKept);
    }

    /** It is (part of) the app, not on its way out. */
    boolean hasSlots() {
        return slots.stream().anyMatch(Slot::isOwned);
    }

    boolean owns(int slot) {
        return slot < slots.size() && slots.get(slot).isOwned();
    }

    boolean keeps(int slot) {
        return slot < slots.size() && slots.get(slot).isKept();
    }

    public Stream<Worker> in(Phase phase) {
        return workers.values().stream().filter(worker -> worker.is(phase));
    }

    public Stream<Worker> alive() {
        return workers.values().stream().filter(Worker::isAlive);
    }

    public int serving() {
        return (int) in(Phase.SERVING).count();
    }

    /** Each slot that it keeps filled has a worker in this phase. */
    boolean allAre(Phase phase) {
        return kept().allMatch(slot -> current(slot).filter(worker -> worker.is(phase)).isPresent());
    }
}
