package nary.rollout;

import java.time.Duration;
import java.util.Optional;
import nary.config.Durations;
import nary.id.WorkerId;

/** Why a rollout does not end as wished. */
public sealed interface Verdict {
    /** A clause for people, without a full stop. */
    String reason();

    /** The word for it. */
    Reason word();

    /** The worker whose stderr tells more. */
    default Optional<WorkerId> witness() {
        return Optional.empty();
    }

    record WorkerFailed(String reason, WorkerId worker) implements Verdict {
        @Override
        public Reason word() {
            return Reason.FAILED;
        }

        @Override
        public Optional<WorkerId> witness() {
            return Optional.of(worker);
        }
    }

    record SteeringFailed(String cause) implements Verdict {
        @Override
        public Reason word() {
            return Reason.FAILED;
        }

        @Override
        public String reason() {
            return "traffic could not be steered: " + cause;
        }
    }

    /** @param what {@code deploy} or {@code scale} */
    record Aborted(String what) implements Verdict {
        @Override
        public Reason word() {
            return Reason.ABORTED;
        }

        @Override
        public String reason() {
            return what + " aborted";
        }
    }

    /** @param what {@code deploy} or {@code scale} */
    record TimedOut(String what, Duration timeout) implements Verdict {
        @Override
        public Reason word() {
            return Reason.TIMEOUT;
        }

        @Override
        public String reason() {
            return "the " + what + " was not done after " + Durations.text(timeout);
        }
    }
}
