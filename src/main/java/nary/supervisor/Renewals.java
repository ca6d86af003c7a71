package nary.supervisor;

import static java.util.Collections.unmodifiableSortedMap;

import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import nary.id.WorkerId;
import nary.rollout.Reason;

/**
 * What is to be replaced though nobody asked for it.
 *
 * @param expired workers that have grown too big or too old, and why; until nothing is left of them
 * @param wished a restart of all of them, as soon as nothing else is under way
 * @param asked a restart that is on its way to become a rollout, or is one
 * @param quick by slot: how many of its workers in a row have grown too big soon after they were ready
 */
public record Renewals(
        SortedMap<WorkerId, Reason> expired, Optional<Restart> wished, Optional<Restart> asked, SortedMap<Integer, Integer> quick) {
    static final Renewals NONE = new Renewals(Collections.emptySortedMap(), Optional.empty(), Optional.empty(), Collections.emptySortedMap());

    Renewals withExpired(WorkerId worker, Reason reason) {
        var all = new TreeMap<>(expired);
        all.put(worker, reason);
        return new Renewals(unmodifiableSortedMap(all), wished, asked, quick);
    }

    /** Of the others nothing is left. */
    Renewals retaining(Predicate<WorkerId> isThere) {
        if (expired.keySet().stream().allMatch(isThere)) return this;
        var all = new TreeMap<>(expired);
        all.keySet().removeIf(isThere.negate());
        return new Renewals(unmodifiableSortedMap(all), wished, asked, quick);
    }

    Renewals wishing(Restart next) {
        return new Renewals(expired, Optional.of(wished.map(it -> it.and(next)).orElse(next)), asked, quick);
    }

    /** The wish is passed on. */
    Renewals asking() {
        return new Renewals(expired, Optional.empty(), wished, quick);
    }

    Renewals answered() {
        return new Renewals(expired, wished, Optional.empty(), quick);
    }

    /** What was refused is wished for again. */
    Renewals refused() {
        return asked.map(it -> answered().wishing(it)).orElse(this);
    }

    Renewals withQuick(int slot, int times) {
        var all = new TreeMap<>(quick);
        if (times == 0) all.remove(slot);
        else all.put(slot, times);
        return new Renewals(expired, wished, asked, unmodifiableSortedMap(all));
    }

    int quick(int slot) {
        return quick.getOrDefault(slot, 0);
    }

    boolean isExpired(WorkerId worker) {
        return expired.containsKey(worker);
    }

    Optional<Reason> reason(WorkerId worker) {
        return Optional.ofNullable(expired.get(worker));
    }

    boolean hasRestart() {
        return wished.isPresent() || asked.isPresent();
    }
}
