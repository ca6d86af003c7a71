package nary.supervisor;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Random;

/** Simulated time: what happens when. What falls on the same moment happens in random order. */
final class Agenda {
    private record Entry(Instant at, int tie, long number, Runnable action) implements Comparable<Entry> {
        @Override
        public int compareTo(Entry other) {
            int byTime = at.compareTo(other.at);
            if (byTime != 0) return byTime;
            return tie != other.tie ? Integer.compare(tie, other.tie) : Long.compare(number, other.number);
        }
    }

    private final PriorityQueue<Entry> entries = new PriorityQueue<>();
    private final Random random;
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private long number;

    Agenda(Random random) {
        this.random = random;
    }

    Instant now() {
        return now;
    }

    void in(Duration delay, Runnable action) {
        entries.add(new Entry(now.plus(delay), random.nextInt(), number++, action));
    }

    void inMillis(long millis, Runnable action) {
        in(Duration.ofMillis(millis), action);
    }

    /** Takes the next action off, and time with it. */
    Optional<Runnable> next() {
        Entry entry = entries.poll();
        if (entry == null) return Optional.empty();
        now = entry.at();
        return Optional.of(entry.action());
    }
}
