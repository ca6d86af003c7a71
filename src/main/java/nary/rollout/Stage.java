package nary.rollout;

import java.time.Instant;

/** Where a rollout is. */
public sealed interface Stage {
    /** When it began. */
    Instant since();

    /** For people. */
    String text();

    /** The new workers boot; the old ones serve. */
    record Booting(Instant since) implements Stage {
        @Override
        public String text() {
            return "booting";
        }
    }

    /** The new workers serve; the old ones stand by. */
    record Settling(Instant since) implements Stage {
        @Override
        public String text() {
            return "settling";
        }
    }

    /** The old workers drain; none was told to stop yet. */
    record Draining(Instant since) implements Stage {
        @Override
        public String text() {
            return "draining";
        }
    }

    /** Past the point of no return: an old worker was told to stop, or none was left to tell. */
    record Retiring(Instant since) implements Stage {
        @Override
        public String text() {
            return "retiring";
        }
    }

    /** The old workers serve as before; the new ones are being ended. */
    record RollingBack(Instant since, Verdict verdict) implements Stage {
        @Override
        public String text() {
            return "rolling back";
        }
    }
}
