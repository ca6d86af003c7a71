package nary.supervisor;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * What is on its way to a draining worker, or may be, and is in no queue and in none of its processes. {@code accept(2)} takes a connection out of
 * the queue some instructions before it puts a descriptor into the process's table. A thread that loses the processor in between holds a
 * connection that neither of them shows: that thread is awake, waiting for its turn. One that waits there for a page of memory may sleep;
 * then the connection has its inode already, and no process shows it.
 *
 * @param halfOpen cookies of the handshakes of the first look that go on
 * @param unshown cookies of connections that were accepted and that nobody showed, from the last look at which something might have come
 * @param awake threads of the worker that have not slept since that look: with the processor time that each had, in clock ticks
 * @param since that look, in ns of {@link System#nanoTime}
 * @param wasQueued its own queue was not empty at the last look
 */
record Arrivals(Set<Long> halfOpen, Set<Long> unshown, Map<Integer, Long> awake, long since, boolean wasQueued) {
    /** Nothing is on its way. */
    static final Arrivals NONE = new Arrivals(Set.of(), Set.of(), Map.of(), 0, false);

    /** Who is never seen asleep, or is shown by nobody we know, is waited for no longer. */
    private static final long PATIENCE_NANOS = 1_000_000_000;
    /** A thread that has computed for so long, 10 to 20 ms, is no longer where it was. */
    private static final long ENOUGH_TICKS = 2;

    /**
     * One look, in this order: what a connection passes through.
     *
     * @param halfOpen cookies
     * @param isQueued its own queue is not empty
     * @param awake threads of the worker that do not sleep, with their processor time in clock ticks
     * @param unshown cookies of what was accepted, was not read from, and is shown by no process that drains
     */
    record Look(Set<Long> halfOpen, boolean isQueued, Map<Integer, Long> awake, Set<Long> unshown) {}

    static Arrivals begin(Look look, long now) {
        return new Arrivals(look.halfOpen, look.unshown, look.awake, now, look.isQueued);
    }

    boolean areOver() {
        return halfOpen.isEmpty() && unshown.isEmpty() && awake.isEmpty() && !wasQueued;
    }

    int count() {
        return halfOpen.size() + unshown.size() + awake.size();
    }

    /** Connections that another worker's process may show are all that is left. */
    boolean areElsewhere() {
        return halfOpen.isEmpty() && awake.isEmpty() && !wasQueued && !unshown.isEmpty();
    }

    Arrivals left(Look look, long now) {
        Set<Long> goOn = both(halfOpen, look.halfOpen);
        boolean mayHaveCome = look.isQueued || wasQueued || goOn.size() < halfOpen.size();
        if (mayHaveCome) return new Arrivals(goOn, look.unshown, look.awake, now, look.isQueued);
        if (now - since >= PATIENCE_NANOS) return new Arrivals(goOn, Set.of(), Map.of(), since, false);
        // who was awake may have gone on to where it sleeps
        Set<Long> stillUnshown = awake.isEmpty() ? both(unshown, look.unshown) : look.unshown;
        return new Arrivals(goOn, stillUnshown, stillAwake(look.awake), since, false);
    }

    private Map<Integer, Long> stillAwake(Map<Integer, Long> now) {
        Map<Integer, Long> still = new HashMap<>();
        awake.forEach((thread, ticks) -> {
            Long its = now.get(thread);
            if (its != null && its - ticks < ENOUGH_TICKS) still.put(thread, ticks);
        });
        return still;
    }

    /** @param shown by the processes of workers that do not drain */
    Arrivals without(Set<Long> shown) {
        Set<Long> rest = new HashSet<>(unshown);
        rest.removeAll(shown);
        return new Arrivals(halfOpen, rest, awake, since, wasQueued);
    }

    private static Set<Long> both(Set<Long> a, Set<Long> b) {
        Set<Long> both = new HashSet<>(a);
        both.retainAll(b);
        return both;
    }
}
