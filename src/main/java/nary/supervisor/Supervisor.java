package nary.supervisor;

import java.time.Instant;

/** The pure heart. */
public final class Supervisor {
    private Supervisor() {}

    public static Step step(State state, Event event, Instant now) {
        throw new UnsupportedOperationException("core");
    }
}
