package nary.supervisor;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import nary.id.RequestId;
import nary.rollout.Reason;

/** Where the app as a whole is. */
public sealed interface Life {

    /** Generation 1 boots for the first time. @param request the start that waits for its reply */
    record Booting(RequestId request, Instant since) implements Life {}

    record Online(Instant since) implements Life {}

    /**
     * All workers are being ended.
     *
     * @param reason why
     * @param why continues "the app is stopping: "
     * @param owed replies to give when the last one is gone
     * @param killed workers that had to be killed so far
     */
    record Ending(Instant since, Reason reason, String why, int exitCode, List<Debt> owed, int killed) implements Life {
        Ending owing(Debt debt) {
            return new Ending(since, reason, why, exitCode, Stream.concat(owed.stream(), Stream.of(debt)).toList(), killed);
        }

        Ending withKilled(int more) {
            return new Ending(since, reason, why, exitCode, owed, killed + more);
        }
    }

    /** Halted. */
    record Ended() implements Life {}

    /** @param outcome empty: how the stop went, known at its end */
    record Debt(RequestId request, Optional<Outcome> outcome) {}
}
