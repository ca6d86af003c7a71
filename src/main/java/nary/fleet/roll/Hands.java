package nary.fleet.roll;

import java.io.IOException;
import nary.fleet.plan.Effect;
import nary.fleet.plan.Event;
import nary.fleet.plan.Finding;
import nary.fleet.plan.Place;

/** Does what the plan wants done. Each call blocks its thread, has a limit, and ends early if the thread is interrupted. */
interface Hands {
    Finding survey(Place place) throws InterruptedException;

    /** The step {@link nary.fleet.plan.Step#LOOK}. */
    Event.Seen look(Place place) throws IOException, InterruptedException;

    /** Any other step. */
    void perform(Effect.Perform step) throws IOException, InterruptedException;
}
