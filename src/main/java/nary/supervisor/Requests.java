package nary.supervisor;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import nary.config.Personality;
import nary.config.Policy;
import nary.config.Strategy;
import nary.id.RequestId;
import nary.supervisor.Life.Ended;
import nary.supervisor.Life.Ending;
import nary.supervisor.Life.Online;
import nary.worker.Slot;

/** What clients ask for, held against what the state allows. */
final class Requests {
    private Requests() {}

    /** Before the start there is no app. */
    static Step first(State state, Event event, Instant now) {
        return switch (event) {
            case Event.StartRequested start -> begin(start, now);
            case Event.DeployRequested deploy -> notRunning(state, deploy.request());
            case Event.ScaleRequested scale -> notRunning(state, scale.request());
            case Event.AbortRequested abort -> notRunning(state, abort.request());
            case Event.StopRequested stop -> notRunning(state, stop.request());
            case Event.WorkerSpawned e -> new Step(state, List.of());
            case Event.SpawnFailed e -> new Step(state, List.of());
            case Event.WorkerListening e -> new Step(state, List.of());
            case Event.BindRefused e -> new Step(state, List.of());
            case Event.WorkerSaid e -> new Step(state, List.of());
            case Event.WorkerStalled e -> new Step(state, List.of());
            case Event.WorkerRecovered e -> new Step(state, List.of());
            case Event.MemorySampled e -> new Step(state, List.of());
            case Event.RestartDue e -> new Step(state, List.of());
            case Event.RestartAnswered e -> new Step(state, List.of());
            case Event.ProbePassed e -> new Step(state, List.of());
            case Event.DrainSampled e -> new Step(state, List.of());
            case Event.WorkerExited e -> new Step(state, List.of());
            case Event.TreeEnded e -> new Step(state, List.of());
            case Event.TimerFired e -> new Step(state, List.of());
            case Event.EffectFailed e -> new Step(state, List.of());
        };
    }

    private static Step begin(Event.StartRequested start, Instant now) {
        Turn turn = new Turn(App.starting(start, now), now);
        var generation = Generation.of(1, start.release(), start.settings().workerCount(), Slot.Duty.KEPT, now);
        turn.app(turn.app().withNew(generation).serving(1));
        Boot.spawnAll(turn, generation);
        return turn.end();
    }

    private static Step notRunning(State state, RequestId request) {
        return new Step(state, List.of(new Effect.Reply(request, new Outcome.Refused("the app is not running"))));
    }

    static void start(Turn turn, Event.StartRequested start) {
        refuse(turn, start.request(), "the app is already running");
    }

    static void deploy(Turn turn, Event.DeployRequested wish) {
        ifFree(turn, wish.request(), () -> {
            Policy policy = wish.release().settings().orElse(turn.app().settings()).policy();
            boolean isOldFirst = wish.strategy().orElse(policy.strategy()).order() == Strategy.Order.OLD_FIRST;
            if (isOldFirst && policy.personality() == Personality.NAUGHT) refuse(turn, wish.request(), "workers of naught's that said offline live on beside the new ones: use another --strategy");
            else Deploy.begin(turn, wish);
        });
    }

    static void scale(Turn turn, Event.ScaleRequested wish) {
        ifFree(turn, wish.request(), () -> Resize.begin(turn, wish));
    }

    /** One change at a time. */
    private static void ifFree(Turn turn, RequestId request, Runnable change) {
        switch (turn.app().life()) {
            case Life.Booting booting -> refuse(turn, request, "the app is still booting");
            case Ending ending -> refuse(turn, request, "the app is stopping: " + ending.why());
            case Ended ended -> refuse(turn, request, "the app has stopped");
            case Online online -> {
                if (turn.rollout().isPresent()) refuse(turn, request, Texts.inProgress(turn.rollout().get(), turn.now));
                else if (turn.app().resize().isPresent()) refuse(turn, request, turn.app().resize().get().inProgress(turn.now));
                else change.run();
            }
        }
    }

    static void abort(Turn turn, Event.AbortRequested abort) {
        if (turn.app().life() instanceof Life.Booting) Shutdown.bootAborted(turn, abort.request());
        else if (turn.rollout().isPresent()) Deploy.abort(turn, abort.request());
        else if (turn.app().resize().isPresent()) Resize.abort(turn, abort.request());
        else refuse(turn, abort.request(), "no deploy in progress");
    }

    private static void refuse(Turn turn, RequestId request, String why) {
        turn.reply(request, new Outcome.Refused(why));
    }

    /** Who waits for an answer to it. */
    static Optional<RequestId> requestOf(Event event) {
        return switch (event) {
            case Event.StartRequested start -> Optional.of(start.request());
            case Event.DeployRequested deploy -> Optional.of(deploy.request());
            case Event.ScaleRequested scale -> Optional.of(scale.request());
            case Event.AbortRequested abort -> Optional.of(abort.request());
            case Event.StopRequested stop -> Optional.of(stop.request());
            default -> Optional.empty();
        };
    }
}
