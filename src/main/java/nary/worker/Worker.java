package nary.worker;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import nary.id.WorkerId;
import nary.posix.Pid;
import nary.posix.Processes.Exit;

/**
 * One worker process group, from the wish to spawn it until nothing of it is left.
 *
 * @param heirTo workers of its slot whose listening sockets, queues and all, it takes over when it binds
 * @param since when it entered its phase
 * @param born when its spawn was asked for
 * @param pid empty until it is spawned
 * @param readyAt when it first counted as ready
 * @param trouble why it is to get no new connections while others can serve
 * @param killed SIGKILL was asked for
 * @param exit how its leader ended
 * @param treeEnded no process of its tree is left
 * @param says its own words on how it is; empty if it has none
 */
public record Worker(
        WorkerId id,
        Set<WorkerId> heirTo,
        Phase phase,
        Instant since,
        Instant born,
        Optional<Pid> pid,
        Signs signs,
        Optional<Instant> readyAt,
        Trouble trouble,
        Drain drain,
        boolean killed,
        Optional<Exit> exit,
        boolean treeEnded,
        String says) {

    /** Why a serving worker is spared, or replaced. */
    public enum Trouble {
        NONE,
        /** It accepts nothing while connections wait for it. */
        STALLED,
        /** It was stalled for too long, or says so itself: another process takes its place. */
        HUNG,
        /** It has not said that it lives: another process takes its place. */
        SILENT,
        /** It said that it wants no new connections: another process takes its place. */
        OFFLINE,
        /** It said so, and is left to itself until it ends: nobody tells it to stop, and only the end of the app waits for it. */
        LEFT,
        /** It uses too much memory: another process takes its place, and it serves until then. */
        TOO_BIG,
        /** It has served for too long: another process takes its place, and it serves until then. */
        TOO_OLD,
        /** It was told to stop when nothing was left to do for it: its queue is empty. */
        RETIRED;

        /** For people; empty where there is nothing to say. */
        public String text() {
            return switch (this) {
                case STALLED -> "stalled";
                case HUNG, SILENT -> "hung";
                case OFFLINE, LEFT -> "offline";
                case TOO_BIG -> "too big";
                case TOO_OLD -> "too old";
                case NONE, RETIRED -> "";
            };
        }
    }

    public static Worker born(WorkerId id, Set<WorkerId> heirTo, Instant now) {
        return new Worker(
                id,
                Set.copyOf(heirTo),
                Phase.BOOTING,
                now,
                now,
                Optional.empty(),
                Signs.NONE,
                Optional.empty(),
                Trouble.NONE,
                Drain.NONE,
                false,
                Optional.empty(),
                false,
                "");
    }

    /** A queue without a process: connections wait in it for the worker that will take it over. */
    public static Worker placeholder(WorkerId id, Instant now) {
        return born(id, Set.of(), now).ready(Phase.EXITED, now).withTreeEnded();
    }

    public Worker spawned(Pid itsPid) {
        return new Worker(id, heirTo, phase, since, born, Optional.of(itsPid), signs, readyAt, trouble, drain, killed, exit, treeEnded, says);
    }

    public Worker showing(Signs newSigns) {
        return new Worker(id, heirTo, phase, since, born, pid, newSigns, readyAt, trouble, drain, killed, exit, treeEnded, says);
    }

    /** It met what was asked of it and is now READY, SERVING or STANDBY. */
    public Worker ready(Phase next, Instant now) {
        return new Worker(id, heirTo, next, now, born, pid, signs, Optional.of(now), trouble, drain, killed, exit, treeEnded, says);
    }

    public Worker to(Phase next, Instant now) {
        return new Worker(id, heirTo, next, now, born, pid, signs, readyAt, trouble, drain, killed, exit, treeEnded, says);
    }

    public Worker with(Trouble its) {
        return new Worker(id, heirTo, phase, since, born, pid, signs, readyAt, its, drain, killed, exit, treeEnded, says);
    }

    public Worker draining(Instant now) {
        return new Worker(id, heirTo, Phase.DRAINING, now, born, pid, signs, readyAt, trouble, Drain.NONE, killed, exit, treeEnded, says);
    }

    public Worker sampled(DrainSample sample) {
        return new Worker(id, heirTo, phase, since, born, pid, signs, readyAt, trouble, drain.with(sample), killed, exit, treeEnded, says);
    }

    public Worker killed(Instant now) {
        Instant at = phase == Phase.STOPPING ? since : now;
        return new Worker(id, heirTo, Phase.STOPPING, at, born, pid, signs, readyAt, trouble, drain, true, exit, treeEnded, says);
    }

    public Worker exited(Exit how, Instant now) {
        return new Worker(id, heirTo, Phase.EXITED, now, born, pid, signs, readyAt, trouble, drain, killed, Optional.of(how), treeEnded, says);
    }

    public Worker saying(String words) {
        return new Worker(id, heirTo, phase, since, born, pid, signs, readyAt, trouble, drain, killed, exit, treeEnded, words);
    }

    public Worker withTreeEnded() {
        return new Worker(id, heirTo, phase, since, born, pid, signs, readyAt, trouble, drain, killed, exit, true, says);
    }

    public boolean is(Phase wanted) {
        return phase == wanted;
    }

    public boolean isAlive() {
        return phase.isAlive();
    }

    /** See {@link #placeholder}. */
    public boolean isPlaceholder() {
        return phase == Phase.EXITED && exit.isEmpty();
    }

    /** Ready or once ready: clients may have been given to it. */
    public boolean wasReady() {
        return readyAt.isPresent();
    }

    /** It may be given new connections. */
    public boolean isWell() {
        return trouble == Trouble.NONE || hasExpired();
    }

    /** It is to be replaced, and nothing is wrong with it otherwise. */
    public boolean hasExpired() {
        return trouble == Trouble.TOO_BIG || trouble == Trouble.TOO_OLD;
    }

    /** Another process is to take its place, whatever becomes of it. */
    public boolean isDoomed() {
        return isHung() || trouble == Trouble.OFFLINE || hasExpired();
    }

    /** Nothing is to be expected of it any more. */
    public boolean isHung() {
        return trouble == Trouble.HUNG || trouble == Trouble.SILENT;
    }

    /** Nobody waits for it. */
    public boolean isLeft() {
        return trouble == Trouble.LEFT;
    }

    public boolean isStableAt(Instant now) {
        return readyAt.isPresent() && Duration.between(readyAt.get(), now).compareTo(Backoff.STABLE) >= 0;
    }

    @Override
    public String toString() {
        return "worker " + id;
    }
}
