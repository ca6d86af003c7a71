package nary.supervisor;

import static nary.supervisor.Timer.Kind.DEPLOY;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import nary.config.Durations;
import nary.id.RequestId;
import nary.id.WorkerId;
import nary.rollout.Reason;
import nary.rollout.Verdict;
import nary.worker.Phase;
import nary.worker.Slot;
import nary.worker.Worker;

/**
 * The change of the worker count: more slots are filled, or the highest are given up and drain.
 *
 * @param from workers before
 * @param to workers wanted
 * @param failure why it does not end as wished
 * @param aborters who waits to hear that it was aborted
 */
public record Resize(
        RequestId request,
        String by,
        Optional<Duration> timeout,
        int from,
        int to,
        Instant since,
        Optional<Verdict> failure,
        List<RequestId> aborters) {

    private Resize failed(Verdict verdict) {
        return new Resize(request, by, timeout, from, to, since, Optional.of(verdict), aborters);
    }

    private Resize withAborter(RequestId aborter) {
        List<RequestId> all = new ArrayList<>(aborters);
        all.add(aborter);
        return new Resize(request, by, timeout, from, to, since, failure, List.copyOf(all));
    }

    private boolean isUp() {
        return to > from;
    }

    /** Slots from this one on come or go. */
    private int first() {
        return Math.min(from, to);
    }

    String inProgress(Instant now) {
        return "a change from " + Texts.count(from, "worker") + " to " + to + " is in progress for " + Durations.text(Duration.between(since, now))
                + " (since " + since + ", by " + by + ")";
    }

    static void begin(Turn turn, Event.ScaleRequested wish) {
        int now = turn.app().settings().workerCount();
        if (wish.workerCount() == now) {
            turn.reply(wish.request(), new Outcome.Done("already " + Texts.count(now, "worker")));
            return;
        }
        var resize = new Resize(wish.request(), wish.by(), wish.timeout(), now, wish.workerCount(), turn.now, Optional.empty(), List.of());
        turn.app(turn.app().with(resize));
        turn.say("Scale", Reason.SCALE, "from " + Texts.count(now, "worker") + " to " + resize.to + " (asked by " + wish.by() + ")");
        wish.timeout().ifPresent(timeout -> turn.arm(Timer.of(DEPLOY), timeout));
        resize.resumeFinished(turn);
        if (resize.isUp()) resize.grow(turn);
        else resize.shrink(turn);
    }

    /** Who asks for a number of workers wants that many at work: those that had done theirs begin anew. */
    private void resumeFinished(Turn turn) {
        List<Slot> all = turn.generation(turn.app().current()).slots();
        all.stream().filter(it -> it.index() < first() && it.duty() == Slot.Duty.FINISHED).forEach(it -> fill(turn, it.index()));
    }

    private void grow(Turn turn) {
        for (int index = from; index < to; index++) fill(turn, index);
    }

    private static void fill(Turn turn, int index) {
        Generation generation = turn.generation(turn.app().current());
        boolean isNew = index >= generation.slots().size();
        Slot slot = isNew ? Slot.first(index, Slot.Duty.KEPT) : generation.slots().get(index).refilled(Slot.Duty.KEPT);
        turn.app(turn.app().with(generation.with(slot)));
        WorkerId id = generation.idOf(slot);
        turn.say("SpawnNew", id, Reason.SCALE, "worker " + id + " is started");
        Boot.spawn(turn, id);
    }

    /** Those who serve drain, as all whose slot is given up; the others just end. */
    private void shrink(Turn turn) {
        for (Generation generation : List.copyOf(turn.app().generations().values())) {
            for (Slot slot : generation.slots()) if (slot.index() >= first()) Death.giveUp(turn, generation.number(), slot.index());
        }
        slots(turn).filter(it -> it.is(Phase.BOOTING) || it.is(Phase.READY)).toList().forEach(it -> Retirement.stop(turn, it));
    }

    private Stream<Worker> slots(Turn turn) {
        return turn.app().workers().filter(it -> it.id().slot() >= first() && !it.isLeft());
    }

    /** A worker fell. True if it is one of the new, and the change is undone. */
    static boolean fell(Turn turn, WorkerId worker, String reason) {
        Optional<Resize> resize = turn.app().resize().filter(it -> it.isUp() && it.failure.isEmpty() && worker.slot() >= it.from);
        resize.ifPresent(it -> it.undo(turn, new Verdict.WorkerFailed(reason, worker)));
        return resize.isPresent();
    }

    private void undo(Turn turn, Verdict verdict) {
        turn.say("ScaleFailed", verdict.word(), verdict.reason());
        turn.cancel(Timer.of(DEPLOY));
        turn.app(turn.app().with(failed(verdict)));
        shrink(turn);
    }

    static void abort(Turn turn, RequestId aborter) {
        Resize resize = turn.app().resize().orElseThrow();
        if (!resize.isUp()) {
            turn.reply(aborter, new Outcome.Refused("the workers are on their way out; nary scale brings new ones"));
            return;
        }
        turn.app(turn.app().with(resize.withAborter(aborter)));
        if (resize.failure.isEmpty()) turn.app().resize().get().undo(turn, new Verdict.Aborted("scale"));
    }

    /** --timeout has passed. */
    static void timedOut(Turn turn) {
        Resize resize = turn.app().resize().orElseThrow();
        var verdict = new Verdict.TimedOut("scale", resize.timeout.orElseThrow());
        if (resize.isUp()) {
            resize.undo(turn, verdict);
            return;
        }
        turn.app(turn.app().with(resize.failed(verdict)));
        // those who serve on are the only ones that can: they go when another does
        resize.slots(turn).filter(it -> it.isAlive() && !it.is(Phase.SERVING)).toList().forEach(it -> Retirement.kill(turn, it));
        resize.slots(turn).filter(it -> !it.isAlive() && !it.treeEnded()).toList().forEach(it -> Retirement.killTree(turn, it));
    }

    /** The whole app stops. */
    static void cutOff(Turn turn, String why) {
        turn.app().resize().ifPresent(resize -> {
            var outcome = new Outcome.Aborted("scale aborted: the app is stopping (" + why + ")");
            turn.reply(resize.request, outcome);
            resize.aborters.forEach(aborter -> turn.reply(aborter, new Outcome.Done(outcome.text())));
        });
        turn.app(turn.app().withoutResize());
    }

    void conclude(Turn turn) {
        boolean isUndone = isUp() && failure.isPresent();
        boolean isOver = isUp() && !isUndone ? isGrown(turn) : slots(turn).allMatch(it -> failure.isPresent() && it.is(Phase.SERVING));
        if (!isOver) return;
        turn.cancel(Timer.of(DEPLOY));
        int count = isUndone ? from : to;
        turn.app(turn.app().withoutResize().withWorkerCount(count));
        Outcome outcome = outcome(online(turn, count));
        turn.say(outcome instanceof Outcome.Done ? "Scaled" : "ScaleDone", Verdicts.word(outcome, Reason.SCALE), outcome.text());
        turn.reply(request, outcome);
        aborters.forEach(aborter -> turn.reply(aborter, new Outcome.Done(outcome.text())));
    }

    private boolean isGrown(Turn turn) {
        return slots(turn).filter(it -> it.is(Phase.SERVING)).count() == to - from;
    }

    /** Not all are, where a slot waits for its next try. */
    private static String online(Turn turn, int count) {
        int serving = (int) turn.app().in(Phase.SERVING).map(it -> it.id().slot()).filter(slot -> slot < count).distinct().count();
        return (serving == count ? "" : serving + " of ") + Texts.count(count, "worker") + " online";
    }

    private Outcome outcome(String online) {
        if (failure.isEmpty()) return new Outcome.Done(online);
        String text = failure.get().reason() + "; " + online + (isUp() ? " as before" : "");
        return Verdicts.outcome(failure.get(), text);
    }
}
