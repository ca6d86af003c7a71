package nary.time;

import java.time.Duration;
import java.time.Instant;

/** A clock that never goes back, whatever is done to the wall clock. */
public interface Clock {

    Instant now();

    /** Wall time at creation, then monotonic. */
    static Clock system() {
        Instant start = Instant.now();
        long origin = System.nanoTime();
        return () -> start.plus(Duration.ofNanos(System.nanoTime() - origin));
    }
}
