package nary.control;

import java.time.Duration;
import java.util.Optional;

/** What a client asks; each is answered once. */
public sealed interface Request {

    record GetStatus() implements Request {}

    /** From now on every notice, as {@link Message.Event}, until the connection closes. */
    record Follow() implements Request {}

    record Deploy(DeployChange change) implements Request {}

    record Abort() implements Request {}

    record Stop(Optional<Duration> timeout, String by) implements Request {}
}
