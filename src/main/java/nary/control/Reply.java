package nary.control;

import java.util.List;
import nary.config.Launch;
import nary.config.Variables;
import nary.supervisor.Outcome;

/** The answer to a {@link Request}. */
public sealed interface Reply {

    record StatusIs(Status status) implements Reply {}

    /** @param launch of its environment only what was added to the supervisor's own, and how programs are found */
    record LaunchIs(Launch launch) implements Reply {}

    record VariablesAre(Variables variables) implements Reply {}

    record Following() implements Reply {}

    /** @param lastErrors the witness's last lines on stderr, oldest first */
    record Ended(Outcome outcome, List<String> lastErrors) implements Reply {
        public Ended {
            lastErrors = List.copyOf(lastErrors);
        }

        /** With what the failed worker said last. */
        public static Ended of(Outcome outcome, Engine engine) {
            return new Ended(outcome, switch (outcome) {
                case Outcome.Failed failed -> failed.witness().map(engine::lastErrors).orElse(List.of());
                case Outcome.Done _, Outcome.Refused _, Outcome.TimedOut _, Outcome.Aborted _ -> List.of();
            });
        }
    }
}
