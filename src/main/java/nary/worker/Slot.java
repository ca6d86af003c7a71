package nary.worker;

import java.time.Instant;
import java.util.Optional;

/**
 * A place for one worker at a time in a generation.
 *
 * @param attempt of its newest process, from 1
 * @param restarts processes after the first
 * @param nextTry when the next process is due, if the slot waits for it
 */
public record Slot(int index, int attempt, int restarts, Backoff backoff, Optional<Instant> nextTry, Duty duty) {

    /** Whose turn it is in this slot. */
    public enum Duty {
        /** Its generation will fill it, and has not yet. */
        WAITING,
        /** Its generation keeps it filled. */
        KEPT,
        /** Its worker has done its work: exit code 0 under {@code --respawn on-failure}. */
        FINISHED,
        /** Its generation does not fill it (any more). */
        GIVEN_UP
    }

    public static Slot first(int index, Duty duty) {
        return new Slot(index, 1, 0, Backoff.NONE, Optional.empty(), duty);
    }

    /** The next process is spawned, because the last one failed. */
    public Slot respawned() {
        return new Slot(index, attempt + 1, restarts + 1, backoff.next(), Optional.empty(), Duty.KEPT);
    }

    /** Another process gets the place; nobody failed. */
    public Slot refilled(Duty its) {
        return new Slot(index, attempt + 1, restarts, backoff, Optional.empty(), its);
    }

    public Slot waitingUntil(Instant due) {
        return new Slot(index, attempt, restarts, backoff, Optional.of(due), duty);
    }

    public Slot notWaiting() {
        return new Slot(index, attempt, restarts, backoff, Optional.empty(), duty);
    }

    public Slot stable() {
        return new Slot(index, attempt, restarts, Backoff.NONE, nextTry, duty);
    }

    public Slot with(Duty its) {
        return new Slot(index, attempt, restarts, backoff, nextTry, its);
    }

    public boolean isKept() {
        return duty == Duty.KEPT;
    }

    /** Filled, or has been until its work was done. */
    public boolean isOwned() {
        return duty == Duty.KEPT || duty == Duty.FINISHED;
    }
}
