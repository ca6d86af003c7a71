package nary.supervisor;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Armed timers; arming one again replaces it. Used by one thread. */
final class Timers {
    private final Map<Timer, Instant> due = new HashMap<>();

    void arm(Timer timer, Instant when) {
        due.put(timer, when);
    }

    void cancel(Timer timer) {
        due.remove(timer);
    }

    /** Time to the next one, not negative; empty if none is armed. */
    Optional<Duration> next(Instant now) {
        return due.values().stream().min(Instant::compareTo).map(at -> at.isBefore(now) ? Duration.ZERO : Duration.between(now, at));
    }

    /** Takes those that are due, in order. */
    List<Timer> fired(Instant now) {
        List<Map.Entry<Timer, Instant>> fired = new ArrayList<>();
        due.entrySet().removeIf(entry -> {
            if (entry.getValue().isAfter(now)) return false;
            fired.add(Map.entry(entry.getKey(), entry.getValue()));
            return true;
        });
        fired.sort(Map.Entry.comparingByValue());
        return fired.stream().map(Map.Entry::getKey).toList();
    }
}
