package nary.supervisor;

import java.util.Optional;
import nary.config.Policy;
import nary.posix.Processes.Exit;
import nary.rollout.Reason;
import nary.rollout.Rollout;
import nary.worker.Slot;
import nary.worker.Worker;
import nary.worker.Worker.Trouble;

/** Why workers come and go, as far as it is known. */
final class Why {
    private Why() {}

    /** Why it is on its way out. */
    static Optional<Reason> leaves(App app, Worker worker) {
        if (app.life() instanceof Life.Ending ending) return Optional.of(ending.reason());
        if (app.isReplaced(worker.id())) return app.rollout().map(Rollout::reason);
        if (app.renewals().isExpired(worker.id())) return app.renewals().reason(worker.id());
        if (worker.isHung()) return Optional.of(Reason.HUNG);
        if (worker.trouble() == Trouble.OFFLINE || worker.isLeft()) return Optional.of(Reason.OFFLINE);
        boolean isSurplus = app.resize().filter(it -> worker.id().slot() >= Math.min(it.from(), it.to())).isPresent();
        if (isSurplus) return Optional.of(Reason.SCALE);
        boolean hasFailed = app.rollout().filter(it -> !it.isForward() && it.to() == worker.id().generation()).isPresent();
        return hasFailed ? Optional.of(Reason.FAILED) : Optional.empty();
    }

    /** Why it has ended. */
    static Optional<Reason> ended(App app, Worker worker, Exit exit) {
        boolean isDone = app.settings().policy().respawn() == Policy.Respawn.ON_FAILURE && exit instanceof Exit.Exited(int code) && code == 0;
        if (Sideline.isExpected(worker) || app.isEnding()) return leaves(app, worker);
        return Optional.of(isDone ? Reason.FINISHED : Reason.CRASH);
    }

    /** Why the slot gets another process. */
    static Reason vacant(Generation generation, Slot slot) {
        Trouble trouble = generation.current(slot).filter(Worker::isAlive).map(Worker::trouble).orElse(Trouble.NONE);
        return switch (trouble) {
            case HUNG, SILENT -> Reason.HUNG;
            case OFFLINE, LEFT -> Reason.OFFLINE;
            case TOO_BIG -> Reason.MEMORY;
            case TOO_OLD -> Reason.AGE;
            case NONE, STALLED, RETIRED -> Reason.CRASH;
        };
    }
}
