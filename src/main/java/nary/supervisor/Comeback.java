package nary.supervisor;

import static nary.supervisor.Timer.Kind.DEPLOY;

import java.util.List;
import java.util.Optional;
import nary.id.WorkerId;
import nary.rollout.Reason;
import nary.rollout.Rollout;
import nary.rollout.Verdict;
import nary.worker.Phase;
import nary.worker.Slot;
import nary.worker.Worker;

/**
 * A rollout failed past the point of no return: the slots whose old workers are gone are filled with the old version again, which has kept
 * its directory, command and environment. New workers serve on until their slot has an old one; where that cannot come back they stay.
 */
final class Comeback {
    private Comeback() {}

    static void begin(Turn turn, Verdict verdict) {
        Rollout rollout = turn.rollout().orElseThrow();
        turn.say("DeployFailed", rollout, verdict.word(), verdict.reason() + "; the old version comes back");
        turn.cancel(Timer.of(DEPLOY));
        Deploy.cancelSettles(turn);
        turn.app(turn.app().with(rollout.comingBack(verdict, turn.now)));
        if (rollout.plan().isOldFirst()) retireAll(turn);
        else Deploy.recallOld(turn, rollout);
        refillFinished(turn);
        turn.generation(rollout.to()).slots().forEach(slot -> Death.giveUp(turn, rollout.to(), slot.index()));
        turn.generation(rollout.to())
                .alive()
                .filter(it -> it.is(Phase.BOOTING) || it.is(Phase.READY))
                .toList()
                .forEach(it -> Retirement.stop(turn, it));
        Steering.adjust(turn);
    }

    /** Of the old ones that are left nobody can serve, for they had done their work: one of them is wanted once more. */
    private static void refillFinished(Turn turn) {
        Rollout rollout = turn.rollout().orElseThrow();
        if (!rollout.retired().isEmpty() || turn.app().oldWorkers(rollout).anyMatch(it -> Deploy.mayServe(turn.app(), it))) return;
        for (Generation old : turn.app().old(rollout).toList()) {
            for (Slot slot : old.slots().stream().filter(it -> it.duty() == Slot.Duty.FINISHED).toList())
                turn.app(turn.app().with(turn.rollout().orElseThrow().withRetired(slot.index(), old.number())));
        }
    }

    /** New connections wait already, where no old worker can take them: each slot gets a new process of the old version. */
    private static void retireAll(Turn turn) {
        Rollout rollout = turn.rollout().orElseThrow();
        turn.app().oldWorkers(rollout).filter(it -> it.is(Phase.BOOTING) || it.is(Phase.READY)).toList().forEach(it -> Retirement.stop(turn, it));
        turn.app().oldWorkers(rollout).filter(it -> it.is(Phase.STANDBY)).toList().forEach(it -> Retirement.drain(turn, it));
        for (Generation old : turn.app().old(rollout).toList()) {
            for (Slot slot : old.slots().stream().filter(Slot::isOwned).toList()) {
                Death.giveUp(turn, old.number(), slot.index());
                turn.app(turn.app().with(turn.rollout().orElseThrow().withRetired(slot.index(), old.number())));
            }
        }
    }

    /** Fills as many slots at once as the rollout exchanged at once. */
    static void advance(Turn turn) {
        Rollout rollout = turn.rollout().orElseThrow();
        for (var entry : List.copyOf(rollout.retired().entrySet())) noteReturned(turn, entry.getKey(), entry.getValue());
        int window = rollout.plan().window(Math.max(rollout.count(), rollout.retired().size()));
        for (var entry : List.copyOf(turn.rollout().orElseThrow().retired().entrySet())) {
            if (window-- <= 0) return;
            fill(turn, entry.getValue(), entry.getKey());
        }
    }

    private static void noteReturned(Turn turn, int slot, int generation) {
        Rollout rollout = turn.rollout().orElseThrow();
        Generation old = turn.generation(generation);
        boolean isBack = old.keeps(slot) && old.current(old.slots().get(slot)).filter(it -> it.is(Phase.SERVING)).isPresent();
        if (isBack) turn.app(turn.app().with(rollout.withReturned(slot)));
    }

    private static void fill(Turn turn, int number, int index) {
        Slot slot = turn.generation(number).slots().get(index);
        boolean isOldFirst = turn.rollout().orElseThrow().plan().isOldFirst();
        switch (slot.duty()) {
            case KEPT -> {}
            case WAITING -> {
                if (isEmpty(turn)) spawn(turn, number, slot);
            }
            case GIVEN_UP, FINISHED -> {
                if (isOldFirst) {
                    clear(turn, number, slot);
                    fill(turn, number, index);
                } else spawn(turn, number, slot.refilled(Slot.Duty.WAITING));
            }
        }
    }

    private static void spawn(Turn turn, int number, Slot slot) {
        turn.app(turn.app().with(turn.generation(number).with(slot.with(Slot.Duty.KEPT))));
        WorkerId id = turn.generation(number).idOf(slot);
        turn.say("SpawnOld", id, Reason.FAILED, "worker " + id + " is started: the old version comes back");
        Boot.spawn(turn, id);
    }

    /** The two versions cannot run side by side: the new one goes first, and new connections wait. */
    private static void clear(Turn turn, int number, Slot slot) {
        int to = turn.rollout().orElseThrow().to();
        boolean isHeld = turn.app().inSlot(slot.index()).anyMatch(it -> Succession.isKept(turn.app(), it));
        Slot place = slot.refilled(Slot.Duty.WAITING);
        turn.app(turn.app().with(turn.generation(number).with(isHeld ? place : place.refilled(Slot.Duty.WAITING))));
        if (!isHeld) Deploy.holdPlace(turn, turn.generation(number).idOf(place));
        List<Worker> young = turn.app().inSlot(slot.index()).filter(it -> it.id().generation() == to && it.is(Phase.SERVING)).toList();
        young.forEach(it -> turn.put(it.to(Phase.STANDBY, turn.now)));
        Steering.adjust(turn);
        young.forEach(it -> Retirement.drain(turn, turn.worker(it.id())));
    }

    /** Nobody runs: what is old was told to stop too. */
    private static boolean isEmpty(Turn turn) {
        Rollout rollout = turn.rollout().orElseThrow();
        boolean isYoungGone = Deploy.isGone(turn.generation(rollout.to()).workers().values().stream());
        // the first ones that come back do not keep the others waiting
        boolean isOldGone = Deploy.isGone(turn.app().oldWorkers(rollout).filter(it -> !turn.app().slot(it.id()).isKept()));
        return isYoungGone && isOldGone;
    }

    /** An old worker fell on its way back. True if that decides about its slot. */
    static boolean fell(Turn turn, WorkerId id, String reason) {
        Optional<Rollout> rollout = turn.rollout().filter(it -> it.awaitsReturn(id.slot(), id.generation()));
        if (rollout.isEmpty() || !isComingBack(turn.app(), id)) return false;
        turn.say("ComebackFailed", id, Reason.FAILED, reason);
        turn.app(turn.app().with(rollout.get().withReturned(id.slot()).troubled(new Verdict.WorkerFailed(reason, id))));
        turn.app().worker(id).filter(Worker::isAlive).filter(it -> !it.killed()).ifPresent(it -> Retirement.kill(turn, it));
        decide(turn, rollout.get(), id);
        return true;
    }

    private static boolean isComingBack(App app, WorkerId worker) {
        Generation old = app.generation(worker.generation());
        return old.keeps(worker.slot()) && old.idOf(old.slots().get(worker.slot())).equals(worker);
    }

    /** Whoever was ready there last has shown that it can serve. */
    private static void decide(Turn turn, Rollout rollout, WorkerId old) {
        Generation young = turn.generation(rollout.to());
        boolean canServe = young.workers().values().stream().anyMatch(it -> it.id().slot() == old.slot() && it.wasReady() && !it.is(Phase.STOPPING));
        if (!canServe || rollout.plan().isOldFirst()) return;
        Death.giveUp(turn, old.generation(), old.slot());
        turn.app(turn.app().with(young.with(young.slots().get(old.slot()).with(Slot.Duty.KEPT))));
    }

    static boolean isOver(App app, Rollout rollout) {
        Generation young = app.generation(rollout.to());
        boolean isLeaving = app.oldWorkers(rollout).anyMatch(it -> it.is(Phase.STANDBY) || it.is(Phase.DRAINING) || it.is(Phase.STOPPING) && !it.isLeft());
        return !isLeaving && rollout.retired().isEmpty() && young.workers().values().stream().allMatch(it -> young.keeps(it.id().slot()) || it.is(Phase.SERVING) || it.isLeft() || Succession.isAwaited(app, it));
    }
}
