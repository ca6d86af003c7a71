package nary.supervisor;

import static nary.supervisor.Timer.Kind.DEPLOY;
import static nary.supervisor.Timer.Kind.HALT;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import nary.id.RequestId;
import nary.id.WorkerId;
import nary.rollout.Reason;
import nary.supervisor.Life.Debt;
import nary.worker.Phase;
import nary.worker.Worker;

/** The end of the whole app: asked for, or because it never came up. Replies are given when the last process is gone. */
final class Shutdown {
    private Shutdown() {}

    static void bootFailed(Turn turn, String reason, WorkerId witness) {
        if (!(turn.app().life() instanceof Life.Booting(RequestId start, Instant since))) return;
        turn.say("BootFailed", Reason.FAILED, reason);
        begin(turn, Reason.FAILED, reason, 1, List.of(new Debt(start, Optional.of(new Outcome.Failed(reason, Optional.of(witness))))));
    }

    static void bootAborted(Turn turn, RequestId aborter) {
        if (!(turn.app().life() instanceof Life.Booting(RequestId start, Instant since))) return;
        var aborted = new Debt(start, Optional.of(new Outcome.Aborted("start aborted; nothing is left running")));
        var done = new Debt(aborter, Optional.of(new Outcome.Done("start aborted")));
        begin(turn, Reason.ABORTED, "the start was aborted", 1, List.of(aborted, done));
    }

    static void requested(Turn turn, Event.StopRequested stop) {
        var own = new Debt(stop.request(), Optional.empty());
        switch (turn.app().life()) {
            case Life.Booting(RequestId start, Instant since) -> {
                var aborted = new Debt(start, Optional.of(new Outcome.Aborted("start aborted: stopped by " + stop.by())));
                begin(turn, Reason.STOP, "stopped by " + stop.by(), 0, List.of(aborted, own));
            }
            case Life.Online online -> begin(turn, Reason.STOP, "stopped by " + stop.by(), 0, List.of(own));
            case Life.Ending ending -> turn.app(turn.app().with(ending.owing(own)));
            case Life.Ended ended -> turn.reply(stop.request(), new Outcome.Refused("the app has stopped"));
        }
        stop.timeout().ifPresent(timeout -> hurry(turn, timeout));
    }

    /** One for all: a worker failed under {@code --on-crash exit}. */
    static void crashed(Turn turn, String text, int status) {
        begin(turn, Reason.CRASH, text, status, List.of());
    }

    /** Every worker has done its work. */
    static void finished(Turn turn) {
        begin(turn, Reason.FINISHED, "every worker has finished", 0, List.of());
    }

    /** The earliest wish counts. */
    private static void hurry(Turn turn, Duration timeout) {
        if (!(turn.app().life() instanceof Life.Ending)) return;
        Instant due = turn.app().timers().get(Timer.of(HALT));
        if (due == null || turn.now.plus(timeout).isBefore(due)) turn.arm(Timer.of(HALT), timeout);
    }

    private static void begin(Turn turn, Reason reason, String why, int exitCode, List<Debt> owed) {
        turn.say("Stopping", reason, "the app is stopping: " + why);
        Deploy.cancelSettles(turn);
        turn.cancel(Timer.of(DEPLOY));
        Death.stopRespawns(turn);
        turn.app(turn.app().with(new Life.Ending(turn.now, reason, why, exitCode, owed, 0)));
        cutOffRollout(turn, why);
        Resize.cutOff(turn, why);
        List<Worker> alive = everybody(turn).filter(Worker::isAlive).toList();
        alive.stream().filter(it -> it.pid().isPresent()).forEach(it -> turn.add(new Effect.CloseDoor(it.id())));
        alive.forEach(it -> release(turn, it));
    }

    /** Who has clients finishes with them first; who never had any, or is on its way out, does not wait. */
    private static void release(Turn turn, Worker worker) {
        switch (worker.phase()) {
            case SERVING, STANDBY -> Retirement.drain(turn, worker);
            case BOOTING, READY -> Retirement.stop(turn, worker);
            case DRAINING, STOPPING, EXITED -> {}
        }
    }

    private static void cutOffRollout(Turn turn, String why) {
        turn.rollout().ifPresent(rollout -> {
            Outcome outcome = Verdicts.cutOff(rollout, why);
            turn.reply(rollout.request(), outcome);
            rollout.aborters().forEach(aborter -> turn.reply(aborter, new Outcome.Done(outcome.text())));
        });
        turn.app(turn.app().withoutRollout());
    }

    private static Stream<Worker> everybody(Turn turn) {
        return turn.app().generations().values().stream().flatMap(it -> it.workers().values().stream());
    }

    /** --timeout of the stop has passed. */
    static void killAll(Turn turn) {
        if (!(turn.app().life() instanceof Life.Ending)) return;
        List<Worker> left = everybody(turn).filter(it -> it.isAlive() && !it.killed()).toList();
        turn.say("Timeout", Reason.TIMEOUT, Texts.count(left.size(), "worker") + " did not stop in time and are killed");
        countKilled(turn, left.size());
        for (Worker worker : everybody(turn).toList()) {
            if (worker.isAlive()) Retirement.end(turn, worker);
            else if (!worker.treeEnded()) Retirement.killTree(turn, worker);
        }
    }

    /** Those that were left to themselves do not outlive the app. */
    private static void endLeft(Turn turn) {
        if (everybody(turn).allMatch(Worker::isLeft)) everybody(turn).filter(it -> it.isAlive() && !it.killed()).toList().forEach(it -> Retirement.kill(turn, it));
    }

    /** By request; else because nothing came up, or a worker failed. */
    static boolean isWished(App app) {
        return app.life() instanceof Life.Ending ending && ending.exitCode() == 0;
    }

    static void countKilled(Turn turn, int more) {
        if (turn.app().life() instanceof Life.Ending ending) turn.app(turn.app().with(ending.withKilled(more)));
    }

    /** Pays all debts and halts when nothing is left of any worker. */
    static void conclude(Turn turn, Life.Ending ending) {
        endLeft(turn);
        if (everybody(turn).findAny().isPresent()) return;
        turn.cancel(Timer.of(HALT));
        turn.app(turn.app().with(new Life.Ended()));
        String killed = ending.killed() == 1 ? "; 1 worker was killed" : "; " + ending.killed() + " workers were killed";
        String stopped = ending.killed() == 0 ? "stopped" : "stopped" + killed;
        turn.say("Shutdown", ending.reason(), stopped);
        for (Debt debt : ending.owed()) turn.reply(debt.request(), debt.outcome().orElse(new Outcome.Done(stopped)));
        turn.add(new Effect.Halt(ending.exitCode()));
    }
}
