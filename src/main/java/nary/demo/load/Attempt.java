package nary.demo.load;

import java.time.Duration;

/**
 * One request and its end. Times are of {@link System#nanoTime}.
 *
 * @param port of the client's end of the connection; 0 if there was none
 * @param version as the answer's body names it; empty unless the outcome is OK
 * @param detail what the client saw, for a failure
 */
public record Attempt(long begun, long ended, int port, Outcome outcome, String version, String detail) {

    public Duration took() {
        return Duration.ofNanos(ended - begun);
    }

    /** Whether any moment of it lies in the span. */
    public boolean touches(Span span) {
        return begun - span.end() <= 0 && ended - span.begin() >= 0;
    }
}
