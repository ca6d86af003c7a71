package nary.control;

import java.time.Duration;
import java.util.Optional;

/**
 * A new worker count.
 *
 * @param amount workers, 1..1000; or, if relative, how many more (or, negative, fewer)
 * @param timeout after which workers that are to go are killed, or an increase is undone
 * @param by who asks, e.g. {@code pid 4711}, {@code SIGTTIN}
 */
public record ScaleChange(int amount, boolean isRelative, Optional<Duration> timeout, String by) {
    private static final int MOST = 1000;

    /** @throws IllegalArgumentException if it leads out of 1..1000 */
    public int of(int workerCount) {
        long count = isRelative ? (long) workerCount + amount : amount;
        if (count < 1) throw new IllegalArgumentException("at least 1 worker must stay (now " + workerCount + "); nary stop ends the app");
        if (count > MOST) throw new IllegalArgumentException("at most " + MOST + " workers, not " + count);
        return (int) count;
    }
}
