package nary.supervisor;

import static nary.supervisor.Timer.Kind.RESPAWN;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import nary.config.Durations;
import nary.config.Policy;
import nary.id.WorkerId;
import nary.posix.Processes.Exit;
import nary.rollout.Reason;
import nary.rollout.Rollout;
import nary.worker.Backoff;
import nary.worker.Phase;
import nary.worker.Slot;
import nary.worker.Worker;

/** What follows when a worker is gone: its tree is ended, its slot filled again, its queue kept for the heir or given up. */
final class Death {
    private Death() {}

    static void spawnFailed(Turn turn, Worker worker, String reason) {
        String text = worker + " could not be started: " + reason;
        Retirement.disarm(turn, worker);
        turn.remove(worker.id());
        turn.say(nameOf(turn.app(), worker), worker.id(), Reason.CRASH, text);
        fell(turn, worker, text, Optional.empty());
    }

    static void exited(Turn turn, Worker worker, Exit exit) {
        if (!worker.isAlive()) return;
        String text = worker + (exit instanceof Exit.Killed ? " was ended by " : " exited with ") + exit + (worker.wasReady() ? "" : " before it was ready");
        Retirement.disarm(turn, worker);
        turn.put(worker.exited(exit, turn.now));
        turn.say(nameOf(turn.app(), worker), worker.id(), Why.ended(turn.app(), worker, exit), text);
        if (worker.isStableAt(turn.now)) rest(turn, worker.id());
        fell(turn, worker, text, Optional.of(exit));
        Steering.adjust(turn);
        turn.add(new Effect.EndTree(worker.id()));
    }

    private static void rest(Turn turn, WorkerId worker) {
        Generation generation = turn.generation(worker.generation());
        turn.app(turn.app().with(generation.with(generation.slots().get(worker.slot()).stable())));
    }

    /** @param exit empty: it was never started */
    private static void fell(Turn turn, Worker worker, String text, Optional<Exit> exit) {
        if (Sideline.isExpected(worker) || Boot.decides(turn, worker.id(), text) || !turn.app().isOnline()) return;
        Policy policy = turn.app().settingsOf(worker).policy();
        boolean isDone = exit.isPresent() && exit.get() instanceof Exit.Exited(int code) && code == 0;
        if (isDone && policy.respawn() == Policy.Respawn.ON_FAILURE) finish(turn, worker.id(), Slot.Duty.FINISHED);
        else if (!isDone) failed(turn, worker, text, exit.map(Exit::status).orElse(1));
    }

    /** One for all, if that is wanted. */
    static void failed(Turn turn, Worker worker, String text, int status) {
        boolean isForAll = turn.app().isOnline() && !Renewal.isCovered(turn.app(), worker.id()) && turn.app().settings().policy().onCrash() == Policy.OnCrash.EXIT;
        if (isForAll) Shutdown.crashed(turn, text, status);
    }

    private static void finish(Turn turn, WorkerId worker, Slot.Duty duty) {
        Generation generation = turn.generation(worker.generation());
        Slot slot = generation.slots().get(worker.slot());
        if (slot.isKept() && generation.idOf(slot).equals(worker)) turn.app(turn.app().with(generation.with(slot.with(duty))));
    }

    /** The slot is not filled any more. */
    static void giveUp(Turn turn, int generation, int slot) {
        stopRespawn(turn, generation, slot);
        Generation its = turn.generation(generation);
        if (slot < its.slots().size()) turn.app(turn.app().with(its.with(its.slots().get(slot).with(Slot.Duty.GIVEN_UP))));
    }

    private static String nameOf(App app, Worker worker) {
        int generation = worker.id().generation();
        if (app.life() instanceof Life.Booting || app.isOnTrial(generation)) return "NewDeath";
        if (app.rollout().filter(it -> !it.isForward() && it.to() == generation).isPresent()) return "NewDestroyed";
        return app.isEnding() || app.isReplaced(worker.id()) || Sideline.isExpected(worker) ? "OldExit" : "WorkerDeath";
    }

    /** Fills the vacant slots that are to be filled: the first time at once, then with growing pauses. */
    static void replenish(Turn turn) {
        if (!turn.app().isOnline()) return;
        for (Generation generation : List.copyOf(turn.app().generations().values())) {
            for (Slot slot : generation.kept().toList()) {
                boolean isDue = slot.nextTry().isEmpty() && generation.needsWorker(slot) && isKeptUp(turn.app(), generation.number(), slot.index());
                if (isDue) replenish(turn, generation.number(), slot);
            }
        }
    }

    private static void replenish(Turn turn, int generation, Slot slot) {
        boolean isRenewing = Renewal.isRenewing(turn.generation(generation), slot);
        Duration delay = isRenewing ? Duration.ZERO : slot.backoff().delay();
        if (delay.isZero()) respawn(turn, generation, slot);
        else postpone(turn, generation, slot, delay);
    }

    /** A death of those on trial leads back; the old ones are not replaced where the new have their traffic. */
    private static boolean isKeptUp(App app, int generation, int slot) {
        if (app.rollout().isEmpty()) return true;
        Rollout rollout = app.rollout().get();
        if (rollout.to() == generation) return !rollout.canGoBack();
        return !(rollout.isForward() && rollout.hasMoved(slot));
    }

    private static void postpone(Turn turn, int number, Slot slot, Duration delay) {
        Generation generation = turn.generation(number);
        turn.app(turn.app().with(generation.with(slot.waitingUntil(turn.now.plus(delay)))));
        WorkerId next = generation.idOf(slot).next();
        turn.arm(Timer.of(RESPAWN, next), delay);
        turn.say("Backoff", next, Reason.CRASH, "slot " + slot.index() + " has lost " + (slot.backoff().tries() + 1) + " workers in short time; next try in " + Durations.text(delay));
    }

    static void respawnDue(Turn turn, WorkerId next) {
        Slot slot = turn.generation(next.generation()).slots().get(next.slot());
        respawn(turn, next.generation(), slot);
    }

    private static void respawn(Turn turn, int number, Slot slot) {
        Reason reason = Why.vacant(turn.generation(number), slot);
        Slot filled = Renewal.isRenewing(turn.generation(number), slot) ? slot.refilled(Slot.Duty.KEPT) : slot.respawned();
        Generation generation = turn.generation(number).with(filled);
        turn.app(turn.app().with(generation));
        WorkerId next = generation.idOf(filled);
        turn.say("Respawn", next, reason, "slot " + slot.index() + " gets a new process (attempt " + next.attempt() + ")");
        Boot.spawn(turn, next);
    }

    /** The slot waits for nothing any more. */
    static void stopRespawn(Turn turn, int generation, int index) {
        Generation its = turn.generation(generation);
        if (index >= its.slots().size()) return;
        Slot slot = its.slots().get(index);
        if (slot.nextTry().isEmpty()) return;
        turn.cancel(Timer.of(RESPAWN, its.idOf(slot).next()));
        turn.app(turn.app().with(its.with(slot.notWaiting())));
    }

    static void stopRespawns(Turn turn) {
        for (Generation generation : List.copyOf(turn.app().generations().values())) {
            generation.slots().forEach(slot -> stopRespawn(turn, generation.number(), slot.index()));
        }
    }

    /** Ends with the last worker that has done its work. */
    static void conclude(Turn turn) {
        boolean hasWork = turn.app().workers().findAny().isPresent() || Sideline.hasKeptSlots(turn.app());
        if (!hasWork && turn.app().isOnline() && turn.rollout().isEmpty()) Shutdown.finished(turn);
    }

    /** Gives up the listeners of the dead that no heir is to take over, and forgets them. */
    static void bury(Turn turn) {
        for (Generation generation : List.copyOf(turn.app().generations().values())) {
            List<Worker> done = generation.in(Phase.EXITED).filter(dead -> canBeBuried(turn.app(), dead)).toList();
            done.forEach(dead -> bury(turn, dead));
        }
    }

    private static void bury(Turn turn, Worker dead) {
        turn.remove(dead.id());
        turn.add(new Effect.FreeListeners(dead.id()));
    }

    private static boolean canBeBuried(App app, Worker dead) {
        return dead.treeEnded() && (app.isEnding() || !Succession.isAwaited(app, dead));
    }
}
