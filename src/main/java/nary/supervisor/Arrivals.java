package nary.supervisor;

import java.util.HashSet;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * What was on its way to some worker when a drain began, or when connections last waited in the draining one's queue, and is in nobody's hands
 * yet: it may be the draining one's. The kernel takes a connection out of the queue some instructions before it puts a descriptor into the
 * process's table; a thread that loses the processor in between, or waits for a page, holds a connection that neither of them shows.
 *
 * @param waiting cookies of what was seen half open, or unaccepted
 * @param accepted cookies of what somebody has accepted, and nobody shows
 * @param since in ns of {@link System#nanoTime}
 */
record Arrivals(Set<Long> waiting, Set<Long> accepted, long since) {
    /** How long what nobody accepts, or shows, is waited for: it may be that of another worker, which hangs. The own queue counts in any case. */
    private static final long PATIENCE_NANOS = 1_000_000_000;

    /** Of the kernel's table at a look: cookies. @param untouched accepted, and nothing was read from it; @param held by the workers that drain */
    record Look(Set<Long> halfOpen, Set<Long> unaccepted, Set<Long> untouched, Set<Long> held) {
        private boolean isUnshown(long cookie) {
            return untouched.contains(cookie) && !held.contains(cookie);
        }
    }

    static Arrivals begin(Look look, long now) {
        Set<Long> waiting = new HashSet<>(look.halfOpen);
        waiting.addAll(look.unaccepted);
        return new Arrivals(waiting, those(look.untouched, look::isUnshown), now);
    }

    boolean areOver() {
        return waiting.isEmpty() && accepted.isEmpty();
    }

    /** All that is left was accepted by somebody: whose process shows it can be found out. */
    boolean areAllAccepted() {
        return waiting.isEmpty() && !accepted.isEmpty();
    }

    int count() {
        return waiting.size() + accepted.size();
    }

    Arrivals left(Look look, long now) {
        boolean isPatient = now - since < PATIENCE_NANOS;
        Set<Long> stillWaiting = those(waiting, it -> look.halfOpen.contains(it) || isPatient && look.unaccepted.contains(it));
        Set<Long> unshown = new HashSet<>();
        if (isPatient) {
            unshown.addAll(those(accepted, look::isUnshown));
            unshown.addAll(those(waiting, look::isUnshown));
        }
        return new Arrivals(stillWaiting, unshown, since);
    }

    /** @param shown by the processes of workers that do not drain */
    Arrivals without(Set<Long> shown) {
        return new Arrivals(waiting, those(accepted, it -> !shown.contains(it)), since);
    }

    private static Set<Long> those(Set<Long> cookies, Predicate<Long> wanted) {
        return cookies.stream().filter(wanted).collect(Collectors.toSet());
    }
}
