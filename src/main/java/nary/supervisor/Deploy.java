package nary.supervisor;

import static nary.supervisor.Timer.Kind.DEPLOY;
import static nary.supervisor.Timer.Kind.SETTLE;

import java.util.List;
import java.util.Optional;
import nary.id.RequestId;
import nary.id.WorkerId;
import nary.posix.Signals;
import nary.rollout.Rollout;
import nary.rollout.Stage;
import nary.rollout.Verdict;
import nary.worker.Phase;
import nary.worker.Worker;

/**
 * One rollout with the surge strategy: the new generation boots, takes over, settles; the old one drains and is stopped. Until the
 * first old worker is told to stop every failure leads back.
 */
final class Deploy {
    private Deploy() {}

    static void begin(Turn turn, Event.DeployRequested wish) {
        int from = turn.app().current();
        int count = wish.workerCount() > 0 ? wish.workerCount() : turn.app().settings().workerCount();
        var generation = Generation.of(turn.app().last() + 1, wish.release(), count, turn.now);
        turn.app(turn.app().withNew(generation).with(Rollout.begin(wish.request(), wish.by(), wish.timeout(), from, generation.number(), turn.now)));
        turn.say("Deploy", "deploying generation " + generation.number() + " with " + Texts.count(count, "worker") + " (asked by " + wish.by() + ")");
        spawnAll(turn, generation);
        wish.timeout().ifPresent(timeout -> turn.arm(Timer.of(DEPLOY), timeout));
    }

    static void spawnAll(Turn turn, Generation generation) {
        for (var slot : generation.slots()) {
            WorkerId id = generation.idOf(slot);
            turn.say("SpawnNew", id, "worker " + id + " is started");
            Boot.spawn(turn, id);
        }
    }

    /** Goes on to the next stage if the time is ripe. */
    static void advance(Turn turn, Rollout rollout) {
        switch (rollout.stage()) {
            case Stage.Booting booting -> {
                if (turn.generation(rollout.to()).allAre(Phase.READY)) cutOver(turn, rollout);
            }
            case Stage.Settling settling -> {}
            case Stage.Draining draining -> {
                drainStandbys(turn, rollout);
                if (isNobodyLeftToDrain(turn.generation(rollout.from()))) passReturn(turn);
            }
            case Stage.Retiring retiring -> {
                drainStandbys(turn, rollout);
                stopUseless(turn, rollout);
            }
            case Stage.RollingBack back -> {}
        }
    }

    private static void cutOver(Turn turn, Rollout rollout) {
        turn.generation(rollout.to()).in(Phase.READY).forEach(worker -> turn.put(worker.to(Phase.SERVING, turn.now)));
        turn.generation(rollout.from()).in(Phase.SERVING).forEach(worker -> turn.put(worker.to(Phase.STANDBY, turn.now)));
        Death.stopRespawns(turn, rollout.from());
        turn.app(turn.app().with(rollout.cutOver(turn.now)));
        Steering.adjust(turn);
        turn.say("Cutover", "new connections go to generation " + rollout.to());
        turn.arm(Timer.of(SETTLE), turn.app().settings().settle());
    }

    static void settled(Turn turn) {
        Rollout rollout = turn.rollout().orElseThrow();
        turn.app(turn.app().with(rollout.settled(turn.now)));
        turn.say("Settled", "generation " + rollout.to() + " is settled; generation " + rollout.from() + " drains");
    }

    private static void drainStandbys(Turn turn, Rollout rollout) {
        turn.generation(rollout.from()).in(Phase.STANDBY).toList().forEach(old -> {
            turn.say("DrainOld", old.id(), old + " drains");
            Retirement.drain(turn, old);
        });
    }

    /** A booting old worker does not hold up the rest, unless the queue of its dead predecessor waits for it. */
    private static boolean isNobodyLeftToDrain(Generation old) {
        return old.alive().noneMatch(worker -> worker.is(Phase.STANDBY) || worker.is(Phase.DRAINING) || old.isInheriting(worker));
    }

    private static void stopUseless(Turn turn, Rollout rollout) {
        Generation old = turn.generation(rollout.from());
        old.in(Phase.BOOTING).filter(worker -> !old.isInheriting(worker)).toList().forEach(worker -> Retirement.stop(turn, worker));
    }

    /** A worker is about to be told to stop because it is drained. */
    static void drained(Turn turn, Worker worker) {
        boolean isOld = turn.rollout().filter(it -> it.from() == worker.id().generation()).isPresent();
        if (!isOld) return;
        if (turn.app().isOnTrial(turn.rollout().get().to())) passReturn(turn);
        turn.app(turn.app().with(turn.rollout().get().drained(worker.drain().held(), turn.now)));
    }

    private static void passReturn(Turn turn) {
        Rollout rollout = turn.rollout().orElseThrow();
        turn.app(turn.app().with(rollout.retiring(turn.now)).serving(rollout.to()));
        advance(turn, turn.rollout().get());
    }

    /** A worker fell where nothing leads back. */
    static void fellLate(Turn turn, WorkerId worker, String reason) {
        turn.rollout()
                .filter(it -> it.isPastReturn() && it.to() == worker.generation())
                .ifPresent(it -> turn.app(turn.app().with(it.troubled(new Verdict.WorkerFailed(reason, worker)))));
    }

    static void rollBack(Turn turn, Verdict verdict) {
        Rollout rollout = turn.rollout().orElseThrow();
        turn.say("DeployFailed", verdict.reason());
        turn.cancel(Timer.of(SETTLE));
        turn.cancel(Timer.of(DEPLOY));
        turn.app(turn.app().with(rollout.rollingBack(verdict, turn.now)));
        Generation old = turn.generation(rollout.from());
        old.alive().filter(it -> it.is(Phase.STANDBY) || it.is(Phase.DRAINING)).forEach(worker -> Retirement.recall(turn, worker));
        Steering.adjust(turn);
        turn.generation(rollout.to()).alive().toList().forEach(worker -> destroy(turn, worker));
    }

    /** A new worker that served has clients: they are let go in peace. */
    private static void destroy(Turn turn, Worker worker) {
        if (worker.is(Phase.SERVING)) Retirement.drain(turn, worker);
        else if (!worker.is(Phase.STOPPING)) Retirement.stop(turn, worker);
    }

    static void abort(Turn turn, RequestId aborter) {
        turn.app(turn.app().with(turn.rollout().orElseThrow().withAborter(aborter)));
        cutShort(turn, new Verdict.Aborted());
    }

    /** --timeout of the deploy has passed. */
    static void timedOut(Turn turn) {
        turn.rollout().flatMap(Rollout::timeout).ifPresent(timeout -> cutShort(turn, new Verdict.TimedOut(timeout)));
    }

    private static void cutShort(Turn turn, Verdict verdict) {
        Rollout rollout = turn.rollout().orElseThrow();
        if (rollout.canGoBack()) rollBack(turn, verdict);
        else if (rollout.isPastReturn()) killOld(turn, rollout, verdict);
    }

    private static void killOld(Turn turn, Rollout rollout, Verdict verdict) {
        turn.cancel(Timer.of(DEPLOY));
        List<Worker> old = List.copyOf(turn.generation(rollout.from()).workers().values());
        List<Worker> alive = old.stream().filter(it -> it.isAlive() && !it.killed()).toList();
        turn.app(turn.app().with(rollout.troubled(verdict).withKilled(alive.size())));
        for (Worker worker : alive) {
            turn.say("DestroyOld", worker.id(), worker + " is killed: " + verdict.reason());
            Retirement.kill(turn, worker);
        }
        old.stream().filter(it -> !it.isAlive() && !it.treeEnded()).forEach(it -> turn.add(new Effect.Signal(it.id(), Signals.KILL, true)));
    }

    /** Answers when nothing is left of the generation that lost. */
    static void conclude(Turn turn, Rollout rollout) {
        int loser = rollout.isPastReturn() ? rollout.from() : rollout.to();
        boolean isOver = !rollout.canGoBack() && turn.generation(loser).workers().isEmpty();
        if (!isOver) return;
        turn.cancel(Timer.of(DEPLOY));
        Death.stopRespawns(turn, loser);
        turn.app(turn.app().withoutRollout().without(loser));
        Outcome outcome = Verdicts.outcome(rollout, turn.generation(turn.app().current()), turn.now);
        turn.say(outcome instanceof Outcome.Done ? "Deployed" : "DeployDone", outcome.text());
        turn.reply(rollout.request(), outcome);
        Outcome toAborters = rollout.isPastReturn() ? new Outcome.Failed(outcome.text(), Optional.empty()) : new Outcome.Done(outcome.text());
        rollout.aborters().forEach(aborter -> turn.reply(aborter, toAborters));
    }
}
