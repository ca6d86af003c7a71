package nary.fleet.roll;

import nary.fleet.plan.Effect;
import nary.fleet.plan.Place;
import nary.fleet.plan.State;
import nary.fleet.plan.Step;

/** Tells people of a run. Called by one thread at a time, except {@link #log}. Must not block for long. */
public interface Voice {
    /** The state after an event. */
    void changed(State state);

    /** A step is about to begin. */
    void begins(State state, Effect.Perform step);

    /** @param trouble why it failed; empty: it is done */
    void ends(State state, Place place, Step step, java.time.Duration took, String trouble);

    /** A line for people. */
    void tell(String line);

    /** A line of what a server or a step says; kept in the server's log, on any thread. */
    void log(String server, String line);

    /** Asks; blocks until there is an answer or the thread is interrupted. @return whether to go on */
    boolean ask(String question) throws InterruptedException;
}
