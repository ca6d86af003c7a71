package nary.supervisor;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import nary.id.RequestId;
import nary.id.WorkerId;
import nary.rollout.Reason;
import nary.rollout.Rollout;
import nary.worker.Worker;

/** One step in the making: the app as changed so far, and the effects so far. Lives no longer than the step. */
final class Turn {
    final Instant now;
    private App app;
    private final List<Effect> effects = new ArrayList<>();

    Turn(App app, Instant now) {
        this.app = app;
        this.now = now;
    }

    Step end() {
        return new Step(new State(Optional.of(app)), List.copyOf(effects));
    }

    App app() {
        return app;
    }

    void app(App next) {
        app = next;
    }

    Optional<Rollout> rollout() {
        return app.rollout();
    }

    Generation generation(int number) {
        return app.generation(number);
    }

    /** The worker as it is now. It must be known. */
    Worker worker(WorkerId id) {
        return app.worker(id).orElseThrow();
    }

    void put(Worker worker) {
        app = app.with(app.generation(worker.id().generation()).with(worker));
    }

    void remove(WorkerId worker) {
        app = app.with(app.generation(worker.generation()).without(worker));
    }

    void add(Effect effect) {
        effects.add(effect);
    }

    void say(String name, String text) {
        say(new Notice(name, Optional.empty(), text));
    }

    void say(String name, Reason reason, String text) {
        say(new Notice(name, Optional.empty(), text).with(reason));
    }

    void say(String name, Rollout rollout, Reason reason, String text) {
        say(new Notice(name, Optional.empty(), text).of(rollout.to()).with(reason));
    }

    void say(String name, WorkerId worker, String text) {
        say(about(name, worker, text));
    }

    void say(String name, WorkerId worker, Reason reason, String text) {
        say(about(name, worker, text).with(reason));
    }

    void say(String name, WorkerId worker, Optional<Reason> reason, String text) {
        Notice notice = about(name, worker, text);
        say(reason.map(notice::with).orElse(notice));
    }

    private Notice about(String name, WorkerId worker, String text) {
        return new Notice(name, Optional.of(worker), text).of(app.worker(worker).flatMap(Worker::pid));
    }

    private void say(Notice notice) {
        add(new Effect.Emit(notice));
    }

    void reply(RequestId request, Outcome outcome) {
        add(new Effect.Reply(request, outcome));
    }

    void arm(Timer timer, Duration after) {
        app = app.with(timer, now.plus(after));
        add(new Effect.ArmTimer(timer, after));
    }

    /** Not before so much time has passed from now; nothing if it is not armed. */
    void extend(Timer timer, Duration atLeast) {
        Instant due = app.timers().get(timer);
        if (due != null && due.isBefore(now.plus(atLeast))) arm(timer, atLeast);
    }

    void cancel(Timer timer) {
        if (!isArmed(timer)) return;
        app = app.without(timer);
        add(new Effect.CancelTimer(timer));
    }

    boolean isArmed(Timer timer) {
        return app.timers().containsKey(timer);
    }

    /** True if the timer is really due; a stale one is dropped, an early one armed again for what is left. */
    boolean isDue(Timer timer) {
        Instant due = app.timers().get(timer);
        if (due == null) return false;
        if (now.isBefore(due)) {
            add(new Effect.ArmTimer(timer, Duration.between(now, due)));
            return false;
        }
        app = app.without(timer);
        return true;
    }
}
