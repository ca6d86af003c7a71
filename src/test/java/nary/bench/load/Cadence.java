package nary.bench.load;

/**
 * When each request of a constant rate is due. The schedule does not move when answers are late, and a latency counts from when the request was
 * due: a server that stops for a second cannot hide it by being asked less (coordinated omission).
 *
 * @param begin nanoseconds, {@link System#nanoTime}
 * @param perSecond requests a second, of all senders together
 * @param senders they take turns
 */
public record Cadence(long begin, double perSecond, int senders) {

    /** When sender {@code sender} is to send its request number {@code turn}, from 0; {@link System#nanoTime}. */
    public long due(int sender, long turn) {
        return begin + (long) ((turn * senders + sender) * 1e9 / perSecond);
    }
}
