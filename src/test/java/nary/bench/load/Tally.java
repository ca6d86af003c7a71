package nary.bench.load;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import nary.demo.load.Outcome;
import org.HdrHistogram.AtomicHistogram;
import org.HdrHistogram.Histogram;

/** What became of the requests of a load: how many ended how, and how long the answered ones took. Many threads may write. */
public final class Tally {
    private static final long LONGEST_MICROS = TimeUnit.MINUTES.toMicros(5);

    private final Histogram micros = new AtomicHistogram(LONGEST_MICROS, 3);
    private final Map<Outcome, LongAdder> counts = new EnumMap<>(Outcome.class);

    public Tally() {
        for (Outcome outcome : Outcome.values()) counts.put(outcome, new LongAdder());
    }

    /** @param nanos from when it was due or sent until it was answered or had failed */
    public void add(Outcome outcome, long nanos) {
        counts.get(outcome).increment();
        if (outcome == Outcome.OK) micros.recordValue(Math.clamp(TimeUnit.NANOSECONDS.toMicros(nanos), 0, LONGEST_MICROS));
    }

    public long count(Outcome outcome) {
        return counts.get(outcome).sum();
    }

    public long ok() {
        return count(Outcome.OK);
    }

    /** All that the server or its manager lost: also kept connections that ended under a request, which a client without a second try sees. */
    public long failed() {
        return counts.entrySet().stream()
                .filter(it -> it.getKey() != Outcome.OK && it.getKey() != Outcome.LOCAL)
                .mapToLong(it -> it.getValue().sum())
                .sum();
    }

    /** Milliseconds. */
    public double percentile(double percent) {
        return micros.getValueAtPercentile(percent) / 1e3;
    }

    /** Milliseconds. */
    public double slowest() {
        return micros.getMaxValue() / 1e3;
    }

    /** Answered requests that took longer. */
    public long slowerThan(long millis) {
        return micros.getCountBetweenValues(TimeUnit.MILLISECONDS.toMicros(millis), LONGEST_MICROS);
    }

    /** {@code 3 connection reset, 1 wrong status}; empty if all were answered. */
    public String failures() {
        StringBuilder text = new StringBuilder();
        counts.forEach((outcome, count) -> {
            if (outcome == Outcome.OK || count.sum() == 0) return;
            text.append(text.isEmpty() ? "" : ", ").append(count.sum()).append(' ').append(outcome.text());
        });
        return text.toString();
    }
}
