package nary.supervisor;

import java.util.Optional;
import nary.id.WorkerId;

/** The name of a timer; arming it again replaces it. {@code worker} is empty for those of the rollout or the app. */
public record Timer(Kind kind, Optional<WorkerId> worker) {
    public enum Kind {
        /** --boot-timeout of a worker. */
        BOOT,
        /** A readiness delay, or the wait for a better address than a loopback one. */
        READY,
        SETTLE,
        DRAIN,
        STOP,
        RESPAWN,
        /** --stall-timeout. */
        STALL,
        /** --watchdog: a worker says that it lives. */
        WATCHDOG,
        /** How long a hung worker may take to leave its evidence. */
        EVIDENCE,
        /** --max-age of a worker. */
        AGE,
        /** A worker that grew too big too soon waits to be replaced; without a worker: a restart that was refused is asked for again. */
        RENEW,
        /** --timeout of the deploy or scale command. */
        DEPLOY,
        /** --timeout of the stop command. */
        HALT
    }

    public static Timer of(Kind kind, WorkerId worker) {
        return new Timer(kind, Optional.of(worker));
    }

    public static Timer of(Kind kind) {
        return new Timer(kind, Optional.empty());
    }
}
