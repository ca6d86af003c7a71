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
public record Slot(int index, int attempt, int restarts, Backoff backoff, Optional<Instant> nextTry) {
    public static Slot first(int index) {
        return new Slot(index, 1, 0, Backoff.NONE, Optional.empty());
    }

    public Slot respawned() {
        return new Slot(index, attempt + 1, restarts + 1, backoff.next(), Optional.empty());
    }

    public Slot waitingUntil(Instant due) {
        return new Slot(index, attempt, restarts, backoff, Optional.of(due));
    }

    public Slot notWaiting() {
        return new Slot(index, attempt, restarts, backoff, Optional.empty());
    }

    public Slot stable() {
        return new Slot(index, attempt, restarts, Backoff.NONE, nextTry);
    }
}
