package nary.supervisor;

import java.time.Duration;
import java.util.Optional;
import nary.config.Batch;
import nary.config.Release;
import nary.config.Settings;
import nary.config.Strategy;
import nary.id.RequestId;
import nary.id.WorkerId;
import nary.posix.Address;
import nary.posix.Pid;
import nary.posix.Processes.Exit;
import nary.rollout.Reason;
import nary.worker.DrainSample;
import nary.worker.Saying;

/** What happened: said by a client, by the kernel, by a worker, or by a timer. The only input of {@link Supervisor#step}. */
public sealed interface Event {

    /** The very first event: boot generation 1. */
    record StartRequested(RequestId request, Release release, Settings settings) implements Event {}

    /**
     * @param workerCount 0 keeps the count
     * @param strategy and batch: empty: the app's
     * @param reason why: a deploy, a restart, or what else calls for one
     * @param by who asked, for the refusal of the next one (e.g. {@code pid 4711}, {@code SIGHUP})
     */
    record DeployRequested(
            RequestId request,
            Release release,
            int workerCount,
            Optional<Strategy> strategy,
            Optional<Batch> batch,
            Optional<Duration> timeout,
            Reason reason,
            String by)
            implements Event {}

    /** @param workerCount at least 1 */
    record ScaleRequested(RequestId request, int workerCount, Optional<Duration> timeout, String by) implements Event {}

    record AbortRequested(RequestId request) implements Event {}

    /** @param timeout after which all workers are killed */
    record StopRequested(RequestId request, Optional<Duration> timeout, String by) implements Event {}

    record WorkerSpawned(WorkerId worker, Pid pid) implements Event {}

    record SpawnFailed(WorkerId worker, String reason) implements Event {}

    record WorkerListening(WorkerId worker, Address address) implements Event {}

    /** A bind was answered with an error because taking it over would hurt somebody: another owner, an overlap. */
    record BindRefused(WorkerId worker, String reason) implements Event {}

    /** Over its Node IPC channel or its notify socket. */
    record WorkerSaid(WorkerId worker, Saying saying) implements Event {}

    /** It accepts nothing while connections wait for it. @param queued how many */
    record WorkerStalled(WorkerId worker, int queued) implements Event {}

    /** A stalled worker accepts again. */
    record WorkerRecovered(WorkerId worker) implements Event {}

    /** @param bytes that the processes of its tree use together */
    record MemorySampled(WorkerId worker, long bytes) implements Event {}

    /** Something other than a client calls for a restart. */
    record RestartDue(Restart restart) implements Event {}

    /** The answer to {@link Effect.RequestRestart}. @param isRefused something else was under way */
    record RestartAnswered(boolean isRefused) implements Event {}

    record ProbePassed(WorkerId worker) implements Event {}

    record DrainSampled(WorkerId worker, DrainSample sample) implements Event {}

    /** The leader ended; other processes of its tree may live. Exactly once per spawned worker. */
    record WorkerExited(WorkerId worker, Exit exit) implements Event {}

    /** The answer to {@link Effect.EndTree}: no process of the worker is left. */
    record TreeEnded(WorkerId worker) implements Event {}

    record TimerFired(Timer timer) implements Event {}

    record EffectFailed(Effect effect, String reason) implements Event {}
}
