package nary.demo.load;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/** Times to answer, by powers of two of a millisecond; percentiles are exact. */
public final class Histogram {
    private final long[] sorted;

    private Histogram(long[] sorted) {
        this.sorted = sorted;
    }

    static Histogram of(List<Duration> times) {
        long[] nanos = times.stream().mapToLong(Duration::toNanos).toArray();
        Arrays.sort(nanos);
        return new Histogram(nanos);
    }

    public long count() {
        return sorted.length;
    }

    /** The time within which this share (0..1) of the requests was answered; zero if there were none. */
    public Duration percentile(double share) {
        if (sorted.length == 0) return Duration.ZERO;
        int index = (int) Math.ceil(share * sorted.length) - 1;
        return Duration.ofNanos(sorted[Math.clamp(index, 0, sorted.length - 1)]);
    }

    /** Requests answered in less than 2^i ms and not in less than 2^(i-1) ms, at index i. */
    public long[] buckets() {
        long[] buckets = new long[20];
        for (long nanos : sorted) {
            int bucket = 64 - Long.numberOfLeadingZeros(nanos / 1_000_000);
            buckets[Math.min(bucket, buckets.length - 1)]++;
        }
        return buckets;
    }
}
