package nary.supervisor;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * What was on its way to some worker when a drain began, and is in nobody's hands yet: it may be the draining one's.
 *
 * @param cookies by connection, when it was first seen as accepted, or {@link #NOT_YET}; in ns of {@link System#nanoTime}
 * @param since of the first look
 */
record Arrivals(Map<Long, Long> cookies, long since) {
    /** How long what nobody accepts is waited for: it may be that of another worker, which hangs. Its own queue counts in any case. */
    private static final long UNACCEPTED_NANOS = 1_000_000_000;
    /** From a connection's acceptance until its process shows it: some instructions, and whatever the scheduler puts between them. */
    private static final long UNSEEN_NANOS = 100_000_000;

    private static final long NOT_YET = Long.MIN_VALUE;

    /** Of the kernel's table at a look: cookies. @param unread of what somebody has accepted; @param held by the workers that drain */
    record Look(Set<Long> halfOpen, Set<Long> unaccepted, Set<Long> unread, Set<Long> held) {
        private boolean isWaiting(long cookie, boolean isPatient) {
            return halfOpen.contains(cookie) || (isPatient && unaccepted.contains(cookie));
        }

        private boolean isUnseen(long cookie) {
            return unread.contains(cookie) && !held.contains(cookie);
        }
    }

    static Arrivals begin(Look look, long now) {
        Map<Long, Long> cookies = new HashMap<>();
        look.halfOpen.forEach(it -> cookies.put(it, NOT_YET));
        look.unaccepted.forEach(it -> cookies.put(it, NOT_YET));
        look.unread.stream().filter(look::isUnseen).forEach(it -> cookies.put(it, now));
        return new Arrivals(cookies, now);
    }

    boolean areOver() {
        return cookies.isEmpty();
    }

    int count() {
        return cookies.size();
    }

    Arrivals left(Look look, long now) {
        boolean isPatient = now - since < UNACCEPTED_NANOS;
        Map<Long, Long> left = new HashMap<>();
        cookies.forEach((cookie, accepted) -> {
            if (look.isWaiting(cookie, isPatient)) left.put(cookie, NOT_YET);
            else if (look.isUnseen(cookie)) {
                long first = accepted == NOT_YET ? now : accepted;
                if (now - first < UNSEEN_NANOS) left.put(cookie, first);
            }
        });
        return new Arrivals(left, since);
    }
}
