package nary.supervisor;

import java.util.Optional;
import nary.id.WorkerId;

/**
 * One line of the event log, and of a command's progress.
 *
 * @param name stable, for machines: {@code SpawnNew}, {@code NewOnline}, {@code Cutover}, {@code Settled}, {@code Drained}, {@code ShutdownOld}, …
 * @param text for people; one line, complete without the name
 * @param tally where the app runs as naught: the event is naught's, and so is the text
 */
public record Notice(String name, Optional<WorkerId> worker, String text, Optional<Tally> tally) {
    /** From here on the event log is opened again too. */
    public static final String LOGS_REOPENED = "LogsReopened";

    public Notice(String name, Optional<WorkerId> worker, String text) {
        this(name, worker, text, Optional.empty());
    }

    static Notice of(String event, Tally tally) {
        return new Notice(event, Optional.empty(), tally.text(), Optional.of(tally));
    }
}
