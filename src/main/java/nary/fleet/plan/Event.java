package nary.fleet.plan;

import java.util.Optional;
import nary.fleet.balancer.Pool;

/** What happened. The only input of {@link Plan#step}, and what the journal keeps. */
public sealed interface Event {

    /** The answer to {@link Effect.Survey}. */
    record Found(Place place, Finding finding) implements Event {}

    /**
     * {@link Step#LOOK} is done.
     *
     * @param isUp the balancers send this server requests now
     * @param others those beside it; empty if no balancer can be asked
     */
    record Seen(Place place, boolean isUp, Optional<Pool> others, Rotation rotation) implements Event {}

    /** Any other step is done. */
    record Done(Place place, Step step) implements Event {}

    record Failed(Place place, Step step, String reason) implements Event {}

    /** The operator wants it all undone. */
    record Interrupted() implements Event {}

    /** The operator was asked, and said yes. */
    record WentOn() implements Event {}

    /** Another process goes on with the run of one that died: nothing is under way any more. */
    record Resumed() implements Event {}

    /** Another process undoes the run of one that died, or tries again what could not be undone. */
    record HealBegun() implements Event {}
}
