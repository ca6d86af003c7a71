package nary.worker;

import java.time.Duration;

/** How long a slot waits before its next process: not at all, then 0.1 s, doubling to 30 s. {@code tries}: respawns since it was last stable. */
public record Backoff(int tries) {
    public static final Backoff NONE = new Backoff(0);
    /** A worker that was ready for so long starts afresh. */
    public static final Duration STABLE = Duration.ofMinutes(1);

    private static final Duration FIRST = Duration.ofMillis(100);
    private static final Duration LONGEST = Duration.ofSeconds(30);

    public Duration delay() {
        if (tries == 0) return Duration.ZERO;
        Duration doubled = FIRST.multipliedBy(1L << Math.min(tries - 1, 16));
        return doubled.compareTo(LONGEST) < 0 ? doubled : LONGEST;
    }

    public Backoff next() {
        return new Backoff(tries + 1);
    }
}
