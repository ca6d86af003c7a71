package nary.supervisor;

import java.util.Optional;
import nary.id.WorkerId;

/**
 * One line of the event log, and of a command's progress.
 *
 * @param name stable, for machines: {@code SpawnNew}, {@code NewOnline}, {@code Cutover}, {@code Settled}, {@code Drained}, {@code ShutdownOld}, …
 * @param text for people; one line, complete without the name
 */
public record Notice(String name, Optional<WorkerId> worker, String text) {
    /** From here on the event log is opened again too. */
    public static final String LOGS_REOPENED = "LogsReopened";
}
