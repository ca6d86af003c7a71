package nary.supervisor;

import java.time.Duration;
import java.util.Set;
import java.util.SortedSet;
import nary.config.Release;
import nary.id.RequestId;
import nary.id.WorkerId;
import nary.posix.Address;

/** What the shell is to do; performed in order. A failure comes back as {@link Event.EffectFailed} or {@link Event.SpawnFailed}. */
public sealed interface Effect {

    /** Answered by WorkerSpawned or SpawnFailed. @param heirTo whose listening sockets it takes over, queue and all, when it binds */
    record Spawn(WorkerId worker, Release release, Set<WorkerId> heirTo) implements Effect {}

    /** Opens these addresses for a worker that is yet to come: connections wait in its name until its heir takes the queue over. */
    record OpenQueue(WorkerId placeholder, SortedSet<Address> addresses) implements Effect {}

    /** What the processes of a hung worker are doing goes into the event log; nothing is done to them. */
    record Examine(WorkerId worker) implements Effect {}

    /** A hung worker is asked for its last words, before it is killed. */
    record TakeEvidence(WorkerId worker) implements Effect {}

    /**
     * New connections go to these workers only, evenly. Groups in which none of them listens stay as they are. Where the set names a dead
     * worker (nobody else serves), its queue holds the connections for its successor.
     */
    record Steer(Set<WorkerId> serving) implements Effect {}

    /** Sample what the worker still holds, until StopDrain or its end; each sample comes as DrainSampled, 10–50 ms apart. */
    record StartDrain(WorkerId worker) implements Effect {}

    record StopDrain(WorkerId worker) implements Effect {}

    /** GET the path on the worker's own listener until it passes (ProbePassed) or the worker ends or is told to stop. */
    record Probe(WorkerId worker, String path) implements Effect {}

    /** Signals the leader only, or every process of its tree. A process that is gone is no failure. */
    record Signal(WorkerId worker, int signal, boolean wholeTree) implements Effect {}

    /** The leader is gone: end what is left of its tree (stop signal, at the stop timeout SIGKILL); TreeEnded when nothing is left. */
    record EndTree(WorkerId worker) implements Effect {}

    /**
     * The whole app stops: new connections wait outside while the worker finishes with those it has, and are refused as soon as it no longer
     * holds its listener.
     */
    record CloseDoor(WorkerId worker) implements Effect {}

    /** Its listening sockets, those no successor took over, leave their groups and are closed. */
    record FreeListeners(WorkerId worker) implements Effect {}

    record ArmTimer(Timer timer, Duration after) implements Effect {}

    record CancelTimer(Timer timer) implements Effect {}

    /** Ask for a deploy, as a client would: it becomes a DeployRequested. Its reply comes as RestartAnswered. */
    record RequestRestart(Restart restart) implements Effect {}

    record Emit(Notice notice) implements Effect {}

    /** Exactly one per request. */
    record Reply(RequestId request, Outcome outcome) implements Effect {}

    /** Every worker is gone: the supervisor ends with this exit code. Always the last effect of a life. */
    record Halt(int exitCode) implements Effect {}
}
