package nary.supervisor;

import static nary.supervisor.Timer.Kind.AGE;
import static nary.supervisor.Timer.Kind.BOOT;
import static nary.supervisor.Timer.Kind.DRAIN;
import static nary.supervisor.Timer.Kind.EVIDENCE;
import static nary.supervisor.Timer.Kind.READY;
import static nary.supervisor.Timer.Kind.RENEW;
import static nary.supervisor.Timer.Kind.STALL;
import static nary.supervisor.Timer.Kind.STOP;
import static nary.supervisor.Timer.Kind.WATCHDOG;

import java.time.Duration;
import nary.config.Durations;
import nary.config.Personality;
import nary.posix.Signals;
import nary.rollout.Reason;
import nary.worker.DrainSample;
import nary.worker.Phase;
import nary.worker.Worker;
import nary.worker.Worker.Trouble;

/** A worker's way out: steered away, drained, told to stop, at last killed. */
final class Retirement {
    /** How long a worker may take to end by a signal that is its last chance. */
    private static final Duration LAST_CALL = Duration.ofSeconds(2);

    private Retirement() {}

    /** It is steered away already. */
    static void drain(Turn turn, Worker worker) {
        if (Sideline.isToBeLeft(turn.app(), worker)) {
            Sideline.leave(turn, worker);
            return;
        }
        turn.put(worker.draining(turn.now));
        turn.add(new Effect.StartDrain(worker.id()));
        turn.arm(Timer.of(DRAIN, worker.id()), turn.app().settingsOf(worker).drainTimeout());
    }

    /** It goes on as before. Whether a stalled one has recovered nobody has looked at since: that is seen anew. */
    static void recall(Turn turn, Worker worker) {
        endDrain(turn, worker);
        turn.cancel(Timer.of(STALL, worker.id()));
        Worker back = worker.to(Phase.SERVING, turn.now);
        turn.put(back.trouble() == Trouble.STALLED ? back.with(Trouble.NONE) : back);
        Watchdog.watch(turn, worker);
    }

    static void sampled(Turn turn, Worker worker, DrainSample sample) {
        if (!worker.is(Phase.DRAINING)) return;
        Worker now = worker.sampled(sample);
        turn.put(now);
        if (!now.drain().isDone()) return;
        turn.say("Drained", worker.id(), Why.leaves(turn.app(), worker), worker + " is drained: " + Texts.count(now.drain().held(), "connection") + " ended, "
                + sample.idle() + " idle");
        drained(turn, now);
    }

    static void drainTimedOut(Turn turn, Worker worker) {
        if (!worker.is(Phase.DRAINING)) return;
        turn.say("DrainTimeout", worker.id(), Why.leaves(turn.app(), worker), worker + " still has " + Texts.count(worker.drain().open(), "open connection") + " after "
                + Durations.text(turn.app().settingsOf(worker).drainTimeout()) + " and is told to stop");
        drained(turn, worker);
    }

    private static void drained(Turn turn, Worker worker) {
        Deploy.drained(turn, worker);
        stop(turn, worker.with(Trouble.RETIRED));
    }

    /** Tells it to stop: from here it does not come back. */
    static void stop(Turn turn, Worker worker) {
        disarm(turn, worker);
        turn.put(worker.to(Phase.STOPPING, turn.now));
        boolean isNew = !worker.wasReady() || worker.is(Phase.READY) || turn.rollout().filter(it -> it.to() == worker.id().generation()).isPresent();
        turn.say(isNew ? "DestroyNew" : "ShutdownOld", worker.id(), Why.leaves(turn.app(), worker), worker + " is told to stop");
        boolean isUnwanted = isNew && isNaughts(turn) && !Shutdown.isWished(turn.app());
        if (isUnwanted) end(turn, turn.worker(worker.id()));
        else deliver(turn, turn.worker(worker.id()));
    }

    private static boolean isNaughts(Turn turn) {
        return turn.app().settings().policy().personality() == Personality.NAUGHT;
    }

    /** Ends it and all of its tree: at once; a worker of naught's, which has no stop signal, gets one for a last call. */
    static void end(Turn turn, Worker worker) {
        if (!isNaughts(turn) || worker.pid().isEmpty() || worker.killed()) {
            kill(turn, worker);
            return;
        }
        disarm(turn, worker);
        turn.put(worker.to(Phase.STOPPING, turn.now));
        turn.add(new Effect.Signal(worker.id(), turn.app().settings().stopSignal(), true));
        turn.arm(Timer.of(STOP, worker.id()), LAST_CALL);
    }

    /** Ends it and all of its tree at once. */
    static void kill(Turn turn, Worker worker) {
        disarm(turn, worker);
        turn.put(worker.killed(turn.now));
        deliver(turn, turn.worker(worker.id()));
    }

    /** The leader is gone; what is left of its tree has had its time. */
    static void killTree(Turn turn, Worker worker) {
        turn.add(new Effect.Signal(worker.id(), Signals.KILL, true));
    }

    /** Gives a stopping worker its signal, if it has a process yet. */
    static void deliver(Turn turn, Worker worker) {
        if (worker.pid().isEmpty()) return;
        if (worker.killed()) {
            killTree(turn, worker);
            return;
        }
        turn.add(new Effect.Signal(worker.id(), turn.app().settings().stopSignal(), false));
        turn.app().settingsOf(worker).stopTimeout().ifPresent(timeout -> turn.arm(Timer.of(STOP, worker.id()), timeout));
    }

    static void stopTimedOut(Turn turn, Worker worker) {
        if (!worker.is(Phase.STOPPING)) return;
        String timeout = Durations.text(turn.app().settingsOf(worker).stopTimeout().orElse(LAST_CALL));
        turn.say("Killed", worker.id(), Reason.TIMEOUT, worker + " did not stop within " + timeout + " and is killed");
        Shutdown.countKilled(turn, 1);
        kill(turn, worker);
    }

    /** Cancels whatever it waited for. */
    static void disarm(Turn turn, Worker worker) {
        endDrain(turn, worker);
        turn.cancel(Timer.of(BOOT, worker.id()));
        turn.cancel(Timer.of(READY, worker.id()));
        turn.cancel(Timer.of(STOP, worker.id()));
        turn.cancel(Timer.of(STALL, worker.id()));
        turn.cancel(Timer.of(WATCHDOG, worker.id()));
        turn.cancel(Timer.of(AGE, worker.id()));
        turn.cancel(Timer.of(RENEW, worker.id()));
        turn.cancel(Timer.of(EVIDENCE, worker.id()));
    }

    private static void endDrain(Turn turn, Worker worker) {
        turn.cancel(Timer.of(DRAIN, worker.id()));
        if (worker.is(Phase.DRAINING)) turn.add(new Effect.StopDrain(worker.id()));
    }
}
