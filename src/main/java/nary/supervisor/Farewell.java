package nary.supervisor;

import java.util.HashMap;
import java.util.Map;
import nary.id.WorkerId;
import nary.worker.DrainSample;

/**
 * Between the last answer on a connection that fell idle and the end of its process a client may ask once more, and would get no answer.
 * The process itself knows what has arrived: before a drained worker is told to stop, its Node processes close what is idle. Until they
 * have, or {@link #PATIENCE_NANOS} has passed, its idle connections count as active. For the supervisor's thread alone.
 */
final class Farewell {
    /** A blocked event loop does not hold up the stop. */
    private static final long PATIENCE_NANOS = 1_000_000_000L;

    private final DrainLine line;
    private final Trees trees;
    /** When they were asked; System.nanoTime. */
    private final Map<WorkerId, Long> asked = new HashMap<>();

    Farewell(DrainLine line, Trees trees) {
        this.line = line;
        this.trees = trees;
    }

    /** @return the sample, or one that is not quiet */
    DrainSample weigh(WorkerId worker, DrainSample sample, long nanos) {
        if (!sample.isQuiet() || sample.idle() == 0) {
            asked.remove(worker);
            return sample;
        }
        String token = trees.token(worker);
        if (!asked.containsKey(worker)) {
            asked.put(worker, nanos);
            line.closeIdle(token);
        }
        boolean isAwaited = line.isClosing(token) && nanos - asked.get(worker) < PATIENCE_NANOS;
        return isAwaited ? new DrainSample(sample.arriving(), sample.queued(), sample.active() + sample.idle(), 0) : sample;
    }

    void forget(WorkerId worker) {
        asked.remove(worker);
    }
}
