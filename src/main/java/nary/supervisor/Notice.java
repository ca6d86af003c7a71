package nary.supervisor;

import java.time.Instant;
import java.util.Optional;
import nary.id.WorkerId;
import nary.posix.Pid;
import nary.rollout.Reason;

/**
 * What has happened: one event of the event log, and of a command's progress.
 *
 * @param at wall clock; empty until it is told
 * @param name its kind; stable, for machines: {@code SpawnNew}, {@code NewOnline}, {@code Cutover}, {@code Settled}, … (docs/events.md)
 * @param generation that it is about
 * @param pid of the worker, if it had a process then
 * @param reason why, where the kind does not say so
 * @param text for people; one line, complete without the rest
 * @param tally where the app runs as naught: the event is naught's, and so is the text
 */
public record Notice(
        Optional<Instant> at,
        String name,
        Optional<WorkerId> worker,
        Optional<Integer> generation,
        Optional<Pid> pid,
        Optional<Reason> reason,
        String text,
        Optional<Tally> tally) {
    /** From here on the event log is opened again too. */
    public static final String LOGS_REOPENED = "LogsReopened";
    /** A client that did not read was not told of some events. */
    public static final String MISSED = "Missed";

    public Notice(String name, Optional<WorkerId> worker, String text, Optional<Tally> tally) {
        this(Optional.empty(), name, worker, worker.map(WorkerId::generation), Optional.empty(), Optional.empty(), text, tally);
    }

    public Notice(String name, Optional<WorkerId> worker, String text) {
        this(name, worker, text, Optional.empty());
    }

    static Notice of(String event, Tally tally) {
        return new Notice(event, Optional.empty(), tally.text(), Optional.of(tally));
    }

    Notice with(Reason its) {
        return new Notice(at, name, worker, generation, pid, Optional.of(its), text, tally);
    }

    Notice of(int itsGeneration) {
        return new Notice(at, name, worker, Optional.of(itsGeneration), pid, reason, text, tally);
    }

    Notice of(Optional<Pid> its) {
        return new Notice(at, name, worker, generation, its, reason, text, tally);
    }

    /** As it is told. A time that it has already stays. */
    public Notice at(Instant time) {
        return new Notice(at.or(() -> Optional.of(time)), name, worker, generation, pid, reason, text, tally);
    }
}
