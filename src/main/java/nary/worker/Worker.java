package nary.worker;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import nary.id.WorkerId;
import nary.posix.Pid;
import nary.posix.Processes.Exit;

/**
 * One worker process group, from the wish to spawn it until nothing of it is left.
 *
 * @param since when it entered its phase
 * @param born when its spawn was asked for
 * @param pid empty until it is spawned
 * @param readyAt when it first counted as ready
 * @param killed SIGKILL was asked for
 * @param exit how its leader ended
 * @param treeEnded no process of its tree is left
 */
public record Worker(
        WorkerId id,
        Phase phase,
        Instant since,
        Instant born,
        Optional<Pid> pid,
        Signs signs,
        Optional<Instant> readyAt,
        Drain drain,
        boolean killed,
        Optional<Exit> exit,
        boolean treeEnded) {

    public static Worker born(WorkerId id, Instant now) {
        return new Worker(
                id, Phase.BOOTING, now, now, Optional.empty(), Signs.NONE, Optional.empty(), Drain.NONE, false, Optional.empty(), false);
    }

    public Worker spawned(Pid itsPid) {
        return new Worker(id, phase, since, born, Optional.of(itsPid), signs, readyAt, drain, killed, exit, treeEnded);
    }

    public Worker showing(Signs newSigns) {
        return new Worker(id, phase, since, born, pid, newSigns, readyAt, drain, killed, exit, treeEnded);
    }

    /** It met what was asked of it and is now READY, SERVING or STANDBY. */
    public Worker ready(Phase next, Instant now) {
        return new Worker(id, next, now, born, pid, signs, Optional.of(now), drain, killed, exit, treeEnded);
    }

    public Worker to(Phase next, Instant now) {
        return new Worker(id, next, now, born, pid, signs, readyAt, drain, killed, exit, treeEnded);
    }

    public Worker draining(Instant now) {
        return new Worker(id, Phase.DRAINING, now, born, pid, signs, readyAt, Drain.NONE, killed, exit, treeEnded);
    }

    public Worker sampled(DrainSample sample) {
        return new Worker(id, phase, since, born, pid, signs, readyAt, drain.with(sample), killed, exit, treeEnded);
    }

    public Worker killed(Instant now) {
        Instant at = phase == Phase.STOPPING ? since : now;
        return new Worker(id, Phase.STOPPING, at, born, pid, signs, readyAt, drain, true, exit, treeEnded);
    }

    public Worker exited(Exit how, Instant now) {
        return new Worker(id, Phase.EXITED, now, born, pid, signs, readyAt, drain, killed, Optional.of(how), treeEnded);
    }

    public Worker withTreeEnded() {
        return new Worker(id, phase, since, born, pid, signs, readyAt, drain, killed, exit, true);
    }

    public boolean is(Phase wanted) {
        return phase == wanted;
    }

    public boolean isAlive() {
        return phase.isAlive();
    }

    /** Ready or once ready: clients may have been given to it. */
    public boolean wasReady() {
        return readyAt.isPresent();
    }

    public boolean isStableAt(Instant now) {
        return readyAt.isPresent() && Duration.between(readyAt.get(), now).compareTo(Backoff.STABLE) >= 0;
    }

    @Override
    public String toString() {
        return "worker " + id;
    }
}
