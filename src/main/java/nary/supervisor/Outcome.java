package nary.supervisor;

import java.util.Optional;
import nary.id.WorkerId;

/** The one answer to a request. {@code text} is one line for the terminal. */
public sealed interface Outcome {
    String text();

    record Done(String text) implements Outcome {}

    /** @param witness the worker whose stderr tells why, if one does */
    record Failed(String text, Optional<WorkerId> witness) implements Outcome {}

    /** The state does not allow it; nothing was changed. */
    record Refused(String text) implements Outcome {}

    /** The command's own --timeout passed. */
    record TimedOut(String text) implements Outcome {}

    record Aborted(String text) implements Outcome {}
}
