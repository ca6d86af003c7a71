package nary.supervisor;

import static nary.supervisor.Timer.Kind.DEPLOY;
import static nary.supervisor.Timer.Kind.SETTLE;

import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import nary.id.RequestId;
import nary.id.WorkerId;
import nary.posix.Address;
import nary.rollout.Plan;
import nary.rollout.Rollout;
import nary.rollout.Verdict;
import nary.worker.Phase;
import nary.worker.Slot;
import nary.worker.Worker;

/**
 * One rollout on its way forward: slots are begun, as many at once as the plan has it; the traffic moves; it settles; the old workers drain
 * and are stopped. Until the first old worker is told to stop every failure leads back.
 */
final class Deploy {
    private Deploy() {}

    static void begin(Turn turn, Event.DeployRequested wish) {
        var settings = wish.release().settings().orElse(turn.app().settings());
        int count = wish.workerCount() > 0 ? wish.workerCount() : turn.app().settings().workerCount();
        var plan = new Plan(wish.strategy().orElse(settings.policy().strategy()), wish.batch().orElse(settings.policy().batch()));
        var generation = Generation.of(turn.app().last() + 1, wish.release(), count, Slot.Duty.WAITING, turn.now);
        var rollout = Rollout.begin(wish.request(), wish.by(), wish.reason(), wish.timeout(), turn.app().current(), generation.number(), count, plan, turn.now);
        turn.app(turn.app().withNew(generation).with(rollout));
        String how = Texts.count(count, "worker") + ", " + plan.text();
        turn.say("Deploy", rollout, rollout.reason(), "deploying generation " + generation.number() + " with " + how + " (asked by " + wish.by() + ")");
        wish.timeout().ifPresent(timeout -> turn.arm(Timer.of(DEPLOY), timeout));
    }

    /** Goes on as far as the time is ripe. */
    static void advance(Turn turn) {
        if (turn.rollout().orElseThrow().isComingBack()) Comeback.advance(turn);
        if (!turn.rollout().orElseThrow().isForward()) return;
        admit(turn);
        move(turn);
        drain(turn);
        retire(turn);
    }

    // begin slots

    private static void admit(Turn turn) {
        Rollout rollout = turn.rollout().orElseThrow();
        if (rollout.plan().isOldFirst()) {
            admitAfterTheOld(turn);
            return;
        }
        int window = rollout.plan().window(rollout.count());
        long open = IntStream.range(0, rollout.count()).filter(slot -> isBegun(turn, slot) && !isExchanged(turn, slot)).count();
        for (int slot = 0; slot < rollout.count() && open < window; slot++) {
            if (isBegun(turn, slot)) continue;
            open++;
            spawn(turn, slot);
        }
    }

    /** New connections wait for the new workers from now on, and the old ones go; when none of them is left the new ones start. */
    private static void admitAfterTheOld(Turn turn) {
        Rollout rollout = turn.rollout().orElseThrow();
        if (rollout.moved().isEmpty()) {
            // only where an old worker could take the queue over again, should the new one fail
            turn.generation(rollout.to()).slots().stream()
                    .filter(slot -> turn.app().old(rollout).anyMatch(it -> it.owns(slot.index())))
                    .filter(slot -> turn.app().inSlot(slot.index()).noneMatch(it -> it.wasReady() && Succession.isKept(turn.app(), it)))
                    .forEach(slot -> holdPlace(turn, new WorkerId(rollout.to(), slot.index(), slot.attempt() - 1)));
            move(turn, allSlots(turn, rollout));
            turn.say("Cutover", rollout, rollout.reason(), "new connections wait for generation " + rollout.to());
        }
        if (!isGone(turn.app().oldWorkers(rollout))) return;
        turn.generation(rollout.to()).slots().stream().filter(it -> it.duty() == Slot.Duty.WAITING).forEach(it -> spawn(turn, it.index()));
    }

    private static boolean isBegun(Turn turn, int slot) {
        Rollout rollout = turn.rollout().orElseThrow();
        return turn.generation(rollout.to()).slots().get(slot).duty() != Slot.Duty.WAITING;
    }

    /** The new worker has the slot's traffic, and nothing is left of the old one. */
    private static boolean isExchanged(Turn turn, int slot) {
        Rollout rollout = turn.rollout().orElseThrow();
        return rollout.hasMoved(slot) && isSettled(turn, slot) && turn.app().oldWorkers(rollout).noneMatch(it -> it.id().slot() == slot && isAlive(it));
    }

    private static boolean isAlive(Worker worker) {
        return !worker.isLeft() && (worker.isAlive() || !worker.treeEnded());
    }

    static boolean isGone(Stream<Worker> workers) {
        return workers.noneMatch(Deploy::isAlive);
    }

    private static void spawn(Turn turn, int index) {
        int to = turn.rollout().orElseThrow().to();
        Slot slot = turn.generation(to).slots().get(index).with(Slot.Duty.KEPT);
        turn.app(turn.app().with(turn.generation(to).with(slot)));
        WorkerId id = turn.generation(to).idOf(slot);
        turn.say("SpawnNew", id, turn.rollout().get().reason(), "worker " + id + " is started");
        Boot.spawn(turn, id);
    }

    /** Connections to all served addresses wait in this name for the slot's next process. */
    static void holdPlace(Turn turn, WorkerId place) {
        var addresses = new TreeSet<Address>();
        turn.app().generations().values().forEach(it -> addresses.addAll(it.served()));
        turn.put(Worker.placeholder(place, turn.now));
        turn.add(new Effect.OpenQueue(place, Collections.unmodifiableSortedSet(addresses)));
    }

    // move the traffic

    private static void move(Turn turn) {
        Rollout rollout = turn.rollout().orElseThrow();
        Generation young = turn.generation(rollout.to());
        List<Integer> ready = young.in(Phase.READY).map(it -> it.id().slot()).toList();
        switch (rollout.plan().strategy().cutover()) {
            case ALL_READY -> {
                if (rollout.moved().isEmpty() && young.allAre(Phase.READY)) moveAll(turn, rollout);
            }
            case FIRST_READY -> {
                if (rollout.moved().isEmpty() && !ready.isEmpty()) moveAll(turn, rollout);
            }
            case EACH_READY -> ready.forEach(slot -> moveOne(turn, slot));
        }
    }

    private static void moveAll(Turn turn, Rollout rollout) {
        move(turn, allSlots(turn, rollout));
        turn.say("Cutover", rollout, rollout.reason(), "new connections go to generation " + rollout.to());
        // with nobody to go back to there is nothing to wait for
        boolean hasOld = turn.app().oldWorkers(rollout).anyMatch(it -> mayServe(turn.app(), it));
        if (hasOld) turn.arm(Timer.of(SETTLE), turn.app().settingsOf(rollout.to()).settle());
    }

    private static List<Integer> allSlots(Turn turn, Rollout rollout) {
        int slots = turn.app().old(rollout).mapToInt(it -> it.slots().size()).max().orElse(0);
        return IntStream.range(0, Math.max(slots, rollout.count())).boxed().toList();
    }

    private static void moveOne(Turn turn, int slot) {
        Rollout rollout = turn.rollout().orElseThrow();
        Generation young = turn.generation(rollout.to());
        WorkerId id = young.idOf(young.slots().get(slot));
        boolean hasOld = turn.app().oldWorkers(rollout).anyMatch(it -> it.id().slot() == slot && mayServe(turn.app(), it));
        move(turn, List.of(slot));
        turn.say("Cutover", id, rollout.reason(), "new connections go to worker " + id);
        if (hasOld) turn.arm(Timer.of(SETTLE, id), turn.app().settingsOf(rollout.to()).settle());
    }

    private static void move(Turn turn, Collection<Integer> slots) {
        Rollout rollout = turn.rollout().orElseThrow();
        turn.generation(rollout.to()).in(Phase.READY).filter(it -> slots.contains(it.id().slot())).toList()
                .forEach(it -> turn.put(it.to(Phase.SERVING, turn.now)));
        turn.app().oldWorkers(rollout).filter(it -> it.is(Phase.SERVING) && slots.contains(it.id().slot())).toList()
                .forEach(it -> turn.put(it.to(Phase.STANDBY, turn.now)));
        turn.app().old(rollout).toList().forEach(old -> slots.forEach(slot -> Death.stopRespawn(turn, old.number(), slot)));
        turn.app(turn.app().with(turn.rollout().get().moving(slots, turn.now)));
        Steering.adjust(turn);
    }

    static void settled(Turn turn, Timer timer) {
        Rollout rollout = turn.rollout().orElseThrow();
        turn.app(turn.app().with(rollout.settled(turn.now)));
        String who = timer.worker().map(it -> "worker " + it + " is settled").orElse("generation " + rollout.to() + " is settled; generation " + rollout.from() + " drains");
        turn.say("Settled", rollout, rollout.reason(), who);
    }

    /** That of a single slot outlasts the worker that it was armed for: another may have taken its place since. */
    private static boolean isSettled(Turn turn, int slot) {
        if (turn.isArmed(Timer.of(SETTLE))) return false;
        Generation young = turn.generation(turn.rollout().orElseThrow().to());
        if (slot >= young.slots().size()) return true;
        int latest = young.slots().get(slot).attempt();
        return IntStream.rangeClosed(1, latest).noneMatch(attempt -> turn.isArmed(Timer.of(SETTLE, new WorkerId(young.number(), slot, attempt))));
    }

    static void cancelSettles(Turn turn) {
        turn.app().timers().keySet().stream().filter(it -> it.kind() == SETTLE).toList().forEach(turn::cancel);
    }

    // retire the old ones

    private static void drain(Turn turn) {
        Rollout rollout = turn.rollout().orElseThrow();
        moveSurplus(turn, rollout);
        List<Worker> next = turn.app().oldWorkers(rollout).filter(it -> it.is(Phase.STANDBY) && isSettled(turn, it.id().slot())).toList();
        for (Worker old : next.subList(0, Math.min(next.size(), mayDrain(turn, rollout)))) {
            turn.say("DrainOld", old.id(), rollout.reason(), old + " drains");
            Retirement.drain(turn, old);
        }
    }

    /** How many more old workers may go now. */
    private static int mayDrain(Turn turn, Rollout rollout) {
        return switch (rollout.plan().strategy().cutover()) {
            case ALL_READY, EACH_READY -> Integer.MAX_VALUE;
            case FIRST_READY -> turn.app().oldWorkers(rollout).anyMatch(it -> it.is(Phase.DRAINING) || it.is(Phase.STOPPING) && !it.isLeft()) ? 0 : 1;
        };
    }

    /** Slots that the new generation has no more: their workers go when all others have moved. */
    private static void moveSurplus(Turn turn, Rollout rollout) {
        if (rollout.plan().isAllAtOnce() || !IntStream.range(0, rollout.count()).allMatch(slot -> rollout.hasMoved(slot) && isSettled(turn, slot))) return;
        List<Integer> surplus = turn.app().oldWorkers(rollout).map(it -> it.id().slot()).filter(it -> !rollout.hasMoved(it)).distinct().toList();
        if (!surplus.isEmpty()) move(turn, surplus);
    }

    /**
     * Past the point of no return, slots that nobody of the old is left in are the new generation's for good. Where nobody of the old is left at
     * all, nothing leads back from the moment that one of the new serves.
     */
    private static void retire(Turn turn) {
        Rollout rollout = turn.rollout().orElseThrow();
        boolean isAlone = !rollout.moved().isEmpty() && turn.app().oldWorkers(rollout).noneMatch(it -> mayServe(turn.app(), it));
        if (rollout.canGoBack() && isAlone) {
            cancelSettles(turn);
            passReturn(turn);
        }
        if (!turn.rollout().get().isPastReturn()) return;
        for (int slot : turn.rollout().get().moved()) if (isSettled(turn, slot)) retire(turn, slot);
    }

    /** A booting old worker does not hold up the rest, unless the queue of its dead predecessor waits for it. */
    static boolean mayServe(App app, Worker old) {
        return old.is(Phase.SERVING) || old.is(Phase.STANDBY) || old.is(Phase.DRAINING) || Succession.isInheriting(app, old);
    }

    private static void retire(Turn turn, int slot) {
        Rollout rollout = turn.rollout().orElseThrow();
        List<Worker> left = turn.app().oldWorkers(rollout).filter(it -> it.id().slot() == slot).toList();
        left.stream().filter(it -> it.is(Phase.BOOTING) && !Succession.isInheriting(turn.app(), it)).forEach(it -> Retirement.stop(turn, it));
        if (left.stream().anyMatch(it -> mayServe(turn.app(), it))) return;
        turn.app().old(rollout).filter(it -> it.owns(slot)).toList().forEach(old -> {
            Death.giveUp(turn, old.number(), slot);
            turn.app(turn.app().with(turn.rollout().get().withRetired(slot, old.number())));
        });
    }

    /** A worker is about to be told to stop because it is drained. */
    static void drained(Turn turn, Worker worker) {
        if (!turn.app().isReplaced(worker.id())) return;
        if (turn.rollout().get().canGoBack()) passReturn(turn);
        turn.app(turn.app().with(turn.rollout().get().drained(worker.drain().held(), turn.now)));
    }

    private static void passReturn(Turn turn) {
        turn.app(turn.app().with(turn.rollout().orElseThrow().retiring(turn.now)));
    }

    // failures

    /** A new worker fell where nothing leads straight back. True if that decides about its generation. */
    static boolean fellLate(Turn turn, WorkerId worker, String reason) {
        Rollout rollout = turn.rollout().filter(it -> it.isPastReturn() && it.to() == worker.generation()).orElse(null);
        if (rollout == null) return false;
        var verdict = new Verdict.WorkerFailed(reason, worker);
        return switch (rollout.plan().strategy().failure()) {
            case GO_FORWARD -> {
                turn.app(turn.app().with(rollout.troubled(verdict)));
                yield false;
            }
            case COME_BACK -> {
                Comeback.begin(turn, verdict);
                yield true;
            }
        };
    }

    static void rollBack(Turn turn, Verdict verdict) {
        Rollout rollout = turn.rollout().orElseThrow();
        turn.say("DeployFailed", rollout, verdict.word(), verdict.reason());
        turn.cancel(Timer.of(DEPLOY));
        cancelSettles(turn);
        turn.app(turn.app().with(rollout.rollingBack(verdict, turn.now)));
        recallOld(turn, rollout);
        turn.generation(rollout.to()).slots().forEach(slot -> Death.giveUp(turn, rollout.to(), slot.index()));
        turn.generation(rollout.to()).in(Phase.SERVING).toList().forEach(it -> turn.put(it.to(Phase.STANDBY, turn.now)));
        Steering.adjust(turn);
        turn.generation(rollout.to()).alive().toList().forEach(worker -> destroy(turn, worker));
    }

    static void recallOld(Turn turn, Rollout rollout) {
        turn.app().oldWorkers(rollout).filter(it -> it.is(Phase.STANDBY) || it.is(Phase.DRAINING)).toList().forEach(it -> Retirement.recall(turn, it));
    }

    /** A new worker that served has clients: they are let go in peace. */
    private static void destroy(Turn turn, Worker worker) {
        switch (worker.phase()) {
            case STANDBY -> Retirement.drain(turn, worker);
            case BOOTING, READY, SERVING -> Retirement.stop(turn, worker);
            case DRAINING, STOPPING, EXITED -> {}
        }
    }

    static void abort(Turn turn, RequestId aborter) {
        turn.app(turn.app().with(turn.rollout().orElseThrow().withAborter(aborter)));
        cutShort(turn, new Verdict.Aborted("deploy"));
    }

    /** --timeout of the deploy has passed. */
    static void timedOut(Turn turn) {
        turn.rollout().flatMap(Rollout::timeout).ifPresent(timeout -> cutShort(turn, new Verdict.TimedOut("deploy", timeout)));
    }

    private static void cutShort(Turn turn, Verdict verdict) {
        Rollout rollout = turn.rollout().orElseThrow();
        if (rollout.canGoBack()) rollBack(turn, verdict);
        else if (rollout.isPastReturn()) {
            switch (rollout.plan().strategy().failure()) {
                case GO_FORWARD -> killOld(turn, rollout, verdict);
                case COME_BACK -> Comeback.begin(turn, verdict);
            }
        }
    }

    private static void killOld(Turn turn, Rollout rollout, Verdict verdict) {
        turn.cancel(Timer.of(DEPLOY));
        List<Worker> old = turn.app().oldWorkers(rollout).toList();
        List<Worker> alive = old.stream().filter(it -> it.isAlive() && !it.killed()).toList();
        turn.app(turn.app().with(rollout.troubled(verdict).withKilled(alive.size())));
        for (Worker worker : alive) {
            turn.say("DestroyOld", worker.id(), verdict.word(), worker + " is killed: " + verdict.reason());
            Retirement.end(turn, worker);
        }
        old.stream().filter(it -> !it.isAlive() && !it.treeEnded()).forEach(it -> Retirement.killTree(turn, it));
    }

    // the end

    /** Answers when nothing is left of what lost. */
    static void conclude(Turn turn) {
        Rollout rollout = turn.rollout().orElseThrow();
        if (!isOver(turn, rollout)) return;
        turn.cancel(Timer.of(DEPLOY));
        if (rollout.isPastReturn()) turn.app(turn.app().with(turn.app().settingsOf(rollout.to()).withWorkerCount(rollout.count())));
        turn.app(turn.app().serving(rollout.isPastReturn() ? rollout.to() : rollout.from()).withoutRollout());
        forgetEmpty(turn);
        Outcome outcome = Verdicts.outcome(rollout, turn.app(), turn.now);
        turn.say(outcome instanceof Outcome.Done ? "Deployed" : "DeployDone", rollout, Verdicts.word(outcome, rollout.reason()), outcome.text());
        turn.reply(rollout.request(), outcome);
        Outcome toAborters = rollout.isPastReturn() ? new Outcome.Failed(outcome.text(), Optional.empty()) : new Outcome.Done(outcome.text());
        rollout.aborters().forEach(aborter -> turn.reply(aborter, toAborters));
    }

    private static boolean isOver(Turn turn, Rollout rollout) {
        if (rollout.canGoBack()) return false;
        if (rollout.isComingBack()) return Comeback.isOver(turn.app(), rollout);
        if (!rollout.isPastReturn()) return Succession.isLeftToOthers(turn.app(), turn.generation(rollout.to()));
        Generation young = turn.generation(rollout.to());
        boolean isComplete = young.slots().stream().noneMatch(it -> it.duty() == Slot.Duty.WAITING) && (rollout.trouble().isPresent() || young.allAre(Phase.SERVING));
        return isComplete && turn.app().old(rollout).allMatch(it -> !it.hasSlots() && Succession.isLeftToOthers(turn.app(), it));
    }

    /** What has no slot and no worker left is no generation of the app any more. */
    static void forgetEmpty(Turn turn) {
        if (turn.rollout().isPresent()) return;
        turn.app(turn.app().serving(serving(turn.app(), turn.app().current())));
        for (Generation generation : List.copyOf(turn.app().generations().values())) {
            boolean isEmpty = generation.workers().isEmpty() && !generation.hasSlots();
            if (isEmpty && generation.number() != turn.app().current()) turn.app(turn.app().without(generation.number()));
        }
    }

    /** The generation that deploys build on from now on: the preferred one, if it still is part of the app. */
    private static int serving(App app, int preferred) {
        if (app.generation(preferred).hasSlots()) return preferred;
        return app.generations().values().stream().filter(Generation::hasSlots).mapToInt(Generation::number).max().orElse(preferred);
    }
}
