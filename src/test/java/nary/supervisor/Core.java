package nary.supervisor;

import java.time.Instant;

/** The function under test, or a broken variant of it. */
interface Core {
    Step step(State state, Event event, Instant now);
}
