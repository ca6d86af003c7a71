package nary.supervisor;

import java.time.Instant;
import nary.id.WorkerId;

/** What follows from what is known is done at once: nobody may ever say anything again. */
final class Rest {
    /** A timer that nobody has armed. */
    private static final Event NOTHING = new Event.TimerFired(Timer.of(Timer.Kind.RESPAWN, new WorkerId(999, 0, 1)));

    private Rest() {}

    static void require(Core core, State state, Instant now) {
        Step again = core.step(state, NOTHING, now);
        Invariants.require(again.effects().isEmpty(), "left undone until the next event: " + again.effects());
    }
}
