package nary.fleet.plan;

import java.time.Duration;
import java.util.Optional;

/** What is to be done now. */
public sealed interface Effect {

    /** See how a server is; answered by {@link Event.Found}. */
    record Survey(Place place) implements Effect {}

    /**
     * Answered by exactly one of {@link Event.Done}, {@link Event.Failed}, and for {@link Step#LOOK} {@link Event.Seen}.
     *
     * @param release that the step is about: the new one, or the one to go back to; empty: back to nothing
     * @param prior what {@link Step#RETURN} restores
     * @param pause to wait before it
     */
    record Perform(Place place, Step step, Optional<String> release, Optional<Rotation> prior, Duration pause) implements Effect {}

    /** End the step that is under way there as soon as possible; its answer comes all the same. */
    record Cancel(Place place) implements Effect {}

    /** Ask the operator whether to go on; answered by {@link Event.WentOn} or {@link Event.Interrupted}. */
    record Ask(String question) implements Effect {}

    /** For people. */
    record Tell(String text) implements Effect {}

    /** Always the last one. */
    record Finish(Verdict verdict) implements Effect {}
}
