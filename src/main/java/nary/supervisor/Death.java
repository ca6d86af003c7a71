package nary.supervisor;

import static nary.supervisor.Timer.Kind.RESPAWN;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import nary.config.Durations;
import nary.id.WorkerId;
import nary.posix.Processes.Exit;
import nary.rollout.Stage;
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
        turn.say(nameOf(turn.app(), worker), worker.id(), text);
        fell(turn, worker, text);
    }

    static void exited(Turn turn, Worker worker, Exit exit) {
        if (!worker.isAlive()) return;
        String text = worker + (exit instanceof Exit.Killed ? " was ended by " : " exited with ") + exit + (worker.wasReady() ? "" : " before it was ready");
        Retirement.disarm(turn, worker);
        turn.put(worker.exited(exit, turn.now));
        turn.say(nameOf(turn.app(), worker), worker.id(), text);
        if (worker.isStableAt(turn.now)) rest(turn, worker.id());
        fell(turn, worker, text);
        Steering.adjust(turn);
        turn.add(new Effect.EndTree(worker.id()));
    }

    private static void rest(Turn turn, WorkerId worker) {
        Generation generation = turn.generation(worker.generation());
        turn.app(turn.app().with(generation.with(generation.slots().get(worker.slot()).stable())));
    }

    private static void fell(Turn turn, Worker worker, String text) {
        if (worker.is(Phase.STOPPING)) return;
        boolean decided = Boot.failRelease(turn, worker.id(), text);
        if (!decided) Deploy.fellLate(turn, worker.id(), text);
    }

    private static String nameOf(App app, Worker worker) {
        int generation = worker.id().generation();
        if (app.life() instanceof Life.Booting || app.isOnTrial(generation)) return "NewDeath";
        if (app.rollout().filter(it -> it.stage() instanceof Stage.RollingBack && it.to() == generation).isPresent()) return "NewDestroyed";
        return app.isEnding() || app.isReplaced(generation) ? "OldExit" : "WorkerDeath";
    }

    /** Fills the vacant slots of the generation that is kept up: the first time at once, then with growing pauses. */
    static void replenish(Turn turn) {
        Optional<Integer> number = turn.app().replenished();
        if (number.isEmpty()) return;
        Generation generation = turn.generation(number.get());
        for (Slot slot : generation.slots()) {
            if (!generation.isVacant(slot) || slot.nextTry().isPresent()) continue;
            Duration delay = slot.backoff().delay();
            if (delay.isZero()) respawn(turn, generation.number(), slot);
            else postpone(turn, generation.number(), slot, delay);
        }
    }

    private static void postpone(Turn turn, int number, Slot slot, Duration delay) {
        Generation generation = turn.generation(number);
        turn.app(turn.app().with(generation.with(slot.waitingUntil(turn.now.plus(delay)))));
        WorkerId next = generation.idOf(slot).next();
        turn.arm(Timer.of(RESPAWN, next), delay);
        turn.say("Backoff", next, "slot " + slot.index() + " failed " + slot.backoff().tries() + " times; next try in " + Durations.text(delay));
    }

    static void respawnDue(Turn turn, WorkerId next) {
        Slot slot = turn.generation(next.generation()).slots().get(next.slot());
        respawn(turn, next.generation(), slot);
    }

    private static void respawn(Turn turn, int number, Slot slot) {
        Generation generation = turn.generation(number).with(slot.respawned());
        turn.app(turn.app().with(generation));
        WorkerId next = generation.idOf(slot.respawned());
        turn.say("Respawn", next, "slot " + slot.index() + " gets a new process (attempt " + next.attempt() + ")");
        Boot.spawn(turn, next);
    }

    /** Slots of this generation wait for nothing any more. */
    static void stopRespawns(Turn turn, int number) {
        for (Slot slot : turn.generation(number).slots()) {
            if (slot.nextTry().isEmpty()) continue;
            turn.cancel(Timer.of(RESPAWN, turn.generation(number).idOf(slot).next()));
            turn.app(turn.app().with(turn.generation(number).with(slot.notWaiting())));
        }
    }

    /** Gives up the listeners of the dead that no heir is to take over, and forgets them. */
    static void bury(Turn turn) {
        for (Generation generation : List.copyOf(turn.app().generations().values())) {
            List<Worker> done = generation.in(Phase.EXITED).filter(dead -> canBeBuried(turn.app(), generation, dead)).toList();
            done.forEach(dead -> bury(turn, dead));
        }
    }

    private static void bury(Turn turn, Worker dead) {
        turn.remove(dead.id());
        turn.add(new Effect.FreeListeners(dead.id()));
    }

    private static boolean canBeBuried(App app, Generation generation, Worker dead) {
        if (!dead.treeEnded()) return false;
        if (app.isEnding() || generation.kept().noneMatch(dead::equals)) return true;
        return app.isRetired(generation.number()) && !generation.hasBootingHeir(dead);
    }
}
