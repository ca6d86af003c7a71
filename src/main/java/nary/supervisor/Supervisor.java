package nary.supervisor;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.BiConsumer;
import nary.id.WorkerId;
import nary.worker.Phase;
import nary.worker.Saying;
import nary.worker.Signs;
import nary.worker.Worker;

/**
 * The pure heart: what follows from an event. An event first changes what is known ({@link #learn}); what is to be done is then
 * derived from what is known ({@link #pursue}), not from how it came about.
 */
public final class Supervisor {
    private Supervisor() {}

    /** @param now never earlier than in the step before */
    public static Step step(State state, Event event, Instant now) {
        if (state.app().isEmpty()) return Requests.first(state, event, now);
        Turn turn = new Turn(state.app().get(), now);
        learn(turn, event);
        pursue(turn);
        return turn.end();
    }

    private static void learn(Turn turn, Event event) {
        switch (event) {
            case Event.StartRequested start -> Requests.start(turn, start);
            case Event.DeployRequested deploy -> Requests.deploy(turn, deploy);
            case Event.ScaleRequested scale -> Requests.scale(turn, scale);
            case Event.AbortRequested abort -> Requests.abort(turn, abort);
            case Event.StopRequested stop -> Shutdown.requested(turn, stop);
            case Event.WorkerSpawned(var id, var pid) -> known(turn, id, (t, it) -> Boot.spawned(t, it, pid));
            case Event.SpawnFailed(var id, var reason) -> known(turn, id, (t, it) -> Death.spawnFailed(t, it, reason));
            case Event.WorkerListening(var id, var address) -> known(turn, id, (t, it) -> Boot.listening(t, it, address));
            case Event.BindRefused(var id, var reason) -> known(turn, id, (t, it) -> Boot.refused(t, it, reason));
            case Event.WorkerSaid(var id, var saying) -> known(turn, id, (t, it) -> said(t, it, saying));
            case Event.WorkerStalled(var id, int queued) -> known(turn, id, (t, it) -> Sideline.stalled(t, it, queued));
            case Event.WorkerRecovered(var id) -> known(turn, id, Sideline::recovered);
            case Event.MemorySampled(var id, long bytes) -> known(turn, id, (t, it) -> Renewal.sampled(t, it, bytes));
            case Event.RestartDue(var restart) -> Renewal.due(turn, restart);
            case Event.RestartAnswered(boolean isRefused) -> Renewal.answered(turn, isRefused);
            case Event.ProbePassed(var id) -> known(turn, id, (t, it) -> Boot.show(t, it, Signs::withProbed));
            case Event.DrainSampled(var id, var sample) -> known(turn, id, (t, it) -> Retirement.sampled(t, it, sample));
            case Event.WorkerExited(var id, var exit) -> known(turn, id, (t, it) -> Death.exited(t, it, exit));
            case Event.TreeEnded(var id) -> known(turn, id, Supervisor::treeEnded);
            case Event.TimerFired(var timer) -> fired(turn, timer);
            case Event.EffectFailed(var effect, var reason) -> failed(turn, effect, reason);
        }
    }

    private static void known(Turn turn, WorkerId id, BiConsumer<Turn, Worker> reaction) {
        turn.app().worker(id).ifPresent(worker -> reaction.accept(turn, worker));
    }

    private static void said(Turn turn, Worker worker, Saying saying) {
        switch (saying) {
            case Saying.Ready() -> Boot.show(turn, worker, Signs::withOnline);
            case Saying.Stopping() -> Sideline.offline(turn, worker);
            case Saying.Status(String text) -> turn.put(worker.saying(text));
            case Saying.Alive() -> Watchdog.fed(turn, worker);
            case Saying.Hung() -> Watchdog.triggered(turn, worker);
            case Saying.MoreTime(var atLeast) -> giveTime(turn, worker, atLeast);
        }
    }

    private static void giveTime(Turn turn, Worker worker, Duration atLeast) {
        turn.extend(Timer.of(Timer.Kind.BOOT, worker.id()), atLeast);
        if (!worker.killed()) turn.extend(Timer.of(Timer.Kind.STOP, worker.id()), atLeast);
    }

    private static void treeEnded(Turn turn, Worker worker) {
        if (worker.is(Phase.EXITED)) turn.put(worker.withTreeEnded());
    }

    private static void fired(Turn turn, Timer timer) {
        if (!turn.isDue(timer)) return;
        Optional<Worker> worker = timer.worker().flatMap(turn.app()::worker);
        switch (timer.kind()) {
            case BOOT -> worker.ifPresent(it -> Boot.timedOut(turn, it));
            case READY -> worker.ifPresent(it -> Boot.show(turn, it, Signs::withWaited));
            case DRAIN -> worker.ifPresent(it -> Retirement.drainTimedOut(turn, it));
            case STOP -> worker.ifPresent(it -> Retirement.stopTimedOut(turn, it));
            case RESPAWN -> Death.respawnDue(turn, timer.worker().orElseThrow());
            case WATCHDOG -> worker.ifPresent(it -> Watchdog.timedOut(turn, it));
            case STALL -> worker.ifPresent(it -> Sideline.stallTimedOut(turn, it));
            case EVIDENCE -> worker.ifPresent(it -> Sideline.evidenceTimedOut(turn, it));
            case AGE -> worker.ifPresent(it -> Renewal.tooOld(turn, it));
            case RENEW -> renew(turn, timer, worker);
            case SETTLE -> Deploy.settled(turn, timer);
            case DEPLOY -> {
                if (turn.app().resize().isPresent()) Resize.timedOut(turn);
                else Deploy.timedOut(turn);
            }
            case HALT -> Shutdown.killAll(turn);
        }
    }

    private static void renew(Turn turn, Timer timer, Optional<Worker> worker) {
        worker.ifPresent(it -> Renewal.pauseIsOver(turn, it));
        if (timer.worker().isEmpty()) Renewal.askAgain(turn);
    }

    private static void failed(Turn turn, Effect effect, String reason) {
        if (effect instanceof Effect.Steer steer) {
            Steering.failed(turn, steer, reason);
            return;
        }
        turn.say("EffectFailed", effect + " failed: " + reason);
        // nobody else would ever report the end of that tree, and everything waits for it
        if (effect instanceof Effect.EndTree(WorkerId id)) known(turn, id, Supervisor::treeEnded);
    }

    /** Level-triggered: until nothing is missing any more, for the next event may never come. */
    private static void pursue(Turn turn) {
        App before;
        do {
            before = turn.app();
            pass(turn);
        } while (!turn.app().equals(before));
    }

    /** Each part looks at what is, and does what is missing. */
    private static void pass(Turn turn) {
        survey(turn);
        if (turn.app().life() instanceof Life.Booting booting) Boot.online(turn, booting);
        if (turn.rollout().isPresent()) Deploy.advance(turn);
        Sideline.retire(turn);
        Steering.adjust(turn);
        Renewal.advance(turn);
        Death.replenish(turn);
        Death.bury(turn);
        if (turn.rollout().isPresent()) Deploy.conclude(turn);
        Deploy.forgetEmpty(turn);
        turn.app().resize().ifPresent(resize -> resize.conclude(turn));
        survey(turn);
        Death.conclude(turn);
        if (turn.app().life() instanceof Life.Ending ending) Shutdown.conclude(turn, ending);
    }

    private static void survey(Turn turn) {
        for (Generation generation : turn.app().generations().values()) {
            turn.app(turn.app().with(generation.surveyed(turn.app().settings().ports())));
        }
    }
}
