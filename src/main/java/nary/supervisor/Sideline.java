package nary.supervisor;

import static nary.supervisor.Timer.Kind.EVIDENCE;
import static nary.supervisor.Timer.Kind.STALL;
import static nary.supervisor.Timer.Kind.WATCHDOG;

import java.time.Duration;
import java.util.List;
import nary.config.Durations;
import nary.config.Personality;
import nary.rollout.Reason;
import nary.rollout.Rollout;
import nary.worker.Phase;
import nary.worker.Slot;
import nary.worker.Worker;
import nary.worker.Worker.Trouble;

/** Workers that serve but are not to get new connections: stalled, hung, or offline by their own word; and those who have a successor. */
final class Sideline {
    /** How long a hung worker may take to write its last words. */
    private static final Duration EVIDENCE_TIME = Duration.ofSeconds(2);

    private Sideline() {}

    static void stalled(Turn turn, Worker worker, int queued) {
        if (!worker.is(Phase.SERVING) || !worker.isWell()) return;
        turn.put(worker.with(Trouble.STALLED));
        String spared = hasOthers(turn, worker) ? "new connections go to the others" : "nobody else serves";
        turn.say("Stalled", worker.id(), Reason.STALLED, worker + " accepts nothing while " + Texts.count(queued, "connection") + " wait; " + spared);
        turn.app().settings().policy().stallTimeout().ifPresent(timeout -> turn.arm(Timer.of(STALL, worker.id()), timeout));
    }

    private static boolean hasOthers(Turn turn, Worker worker) {
        return turn.app().in(Phase.SERVING).anyMatch(it -> it.isWell() && !it.id().equals(worker.id()));
    }

    static void recovered(Turn turn, Worker worker) {
        if (worker.trouble() != Trouble.STALLED && worker.trouble() != Trouble.HUNG) return;
        turn.cancel(Timer.of(STALL, worker.id()));
        turn.put(worker.with(Trouble.NONE));
        turn.say("Recovered", worker.id(), worker + " accepts connections again");
        if (worker.is(Phase.SERVING)) Watchdog.watch(turn, worker);
    }

    /** --stall-timeout has passed. */
    static void stallTimedOut(Turn turn, Worker worker) {
        if (!worker.is(Phase.SERVING) || worker.trouble() != Trouble.STALLED) return;
        hung(turn, worker, Trouble.HUNG, worker + " has accepted nothing for " + Durations.text(turn.app().settings().policy().stallTimeout().orElseThrow()));
    }

    /** It is ended, when another serves in its place; its evidence first. @param trouble HUNG or SILENT */
    static void hung(Turn turn, Worker worker, Trouble trouble, String text) {
        turn.cancel(Timer.of(STALL, worker.id()));
        turn.cancel(Timer.of(WATCHDOG, worker.id()));
        turn.say("Hung", worker.id(), Reason.HUNG, text + "; another process takes its place");
        turn.put(worker.with(trouble));
        turn.add(new Effect.Examine(worker.id()));
        Boot.failRelease(turn, worker.id(), text);
    }

    static void offline(Turn turn, Worker worker) {
        if (worker.is(Phase.BOOTING)) {
            Boot.offline(turn, worker);
            return;
        }
        if (worker.trouble() == Trouble.OFFLINE || !worker.wasReady() || !worker.isAlive() || worker.is(Phase.STOPPING)) return;
        turn.cancel(Timer.of(STALL, worker.id()));
        turn.cancel(Timer.of(WATCHDOG, worker.id()));
        turn.put(worker.with(Trouble.OFFLINE));
        turn.say("Offline", worker.id(), Reason.OFFLINE, worker + " wants no new connections" + (worker.is(Phase.SERVING) ? "; another process takes its place" : ""));
        if (worker.is(Phase.SERVING) || worker.is(Phase.READY)) Boot.failRelease(turn, worker.id(), worker + " went offline");
    }

    /** It is steered away, its place is taken, and what it still does is its own affair. */
    static boolean isToBeLeft(App app, Worker worker) {
        return worker.trouble() == Trouble.OFFLINE && app.settings().policy().personality() == Personality.NAUGHT;
    }

    static void leave(Turn turn, Worker worker) {
        Retirement.disarm(turn, worker);
        turn.put(worker.to(Phase.STOPPING, turn.now).with(Trouble.LEFT));
    }

    /** Ends those who serve although another worker has their place, or nobody is to have it. */
    static void retire(Turn turn) {
        List<Worker> surplus = turn.app().in(Phase.SERVING).filter(it -> isSurplus(turn.app(), it)).toList();
        surplus.forEach(it -> turn.put(it.to(Phase.STANDBY, turn.now)));
        Steering.adjust(turn);
        surplus.forEach(it -> retire(turn, turn.worker(it.id())));
    }

    private static boolean isSurplus(App app, Worker worker) {
        Generation own = app.generation(worker.id().generation());
        Slot slot = app.slot(worker.id());
        if (slot.duty() == Slot.Duty.GIVEN_UP) return !servesUntilOthersReturn(app, worker);
        return !own.idOf(slot).equals(worker.id()) && own.current(slot).filter(it -> it.is(Phase.SERVING)).isPresent();
    }

    /** A version that failed serves on until the old one is back: in the worker's slot, or everywhere; and where nobody else serves. */
    private static boolean servesUntilOthersReturn(App app, Worker worker) {
        Rollout rollout = app.rollout().filter(it -> it.isComingBack() && !it.retired().isEmpty()).orElse(null);
        if (rollout == null) return hasKeptSlots(app) && app.in(Phase.SERVING).noneMatch(it -> app.slot(it.id()).isKept());
        if (rollout.plan().isOldFirst()) return rollout.awaitsReturn(worker.id().slot());
        return app.oldWorkers(rollout).noneMatch(it -> it.id().slot() == worker.id().slot() && it.is(Phase.SERVING));
    }

    /** False: those who were to serve have all done their work, and nobody will come. */
    static boolean hasKeptSlots(App app) {
        return app.generations().values().stream().anyMatch(it -> it.kept().findAny().isPresent());
    }

    private static void retire(Turn turn, Worker worker) {
        if (worker.isHung()) askForEvidence(turn, worker);
        else Retirement.drain(turn, worker);
    }

    private static void askForEvidence(Turn turn, Worker worker) {
        Retirement.disarm(turn, worker);
        turn.put(worker.to(Phase.STOPPING, turn.now));
        turn.say("EndHung", worker.id(), Reason.HUNG, worker + " hangs and is ended");
        turn.add(new Effect.TakeEvidence(worker.id()));
        turn.arm(Timer.of(EVIDENCE, worker.id()), EVIDENCE_TIME);
    }

    static void evidenceTimedOut(Turn turn, Worker worker) {
        if (!worker.is(Phase.STOPPING) || worker.killed()) return;
        turn.say("Killed", worker.id(), Reason.HUNG, worker + " is killed");
        Retirement.kill(turn, worker);
    }

    /** True if its end was to be expected: it is no crash. */
    static boolean isExpected(Worker worker) {
        return worker.is(Phase.STOPPING) || worker.trouble() == Trouble.OFFLINE;
    }
}
