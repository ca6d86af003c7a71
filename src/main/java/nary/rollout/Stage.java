package nary.rollout;

import java.time.Instant;

/** Where a rollout is. What becomes of each slot is seen in its workers. */
public sealed interface Stage {
    /** When it began. */
    Instant since();

    /** No old worker was told to stop yet: every failure leads back. */
    record Forward(Instant since) implements Stage {}

    /** Past the point of no return: an old worker was told to stop, or none was left to tell. */
    record Retiring(Instant since) implements Stage {}

    /** The old workers serve as before; the new ones are being ended. */
    record RollingBack(Instant since, Verdict verdict) implements Stage {}

    /** Failed past the point of no return: slots that were retired are filled with the old version again. */
    record ComingBack(Instant since, Verdict verdict) implements Stage {}
}
