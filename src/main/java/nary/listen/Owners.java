package nary.listen;

import java.util.Optional;
import nary.id.WorkerId;
import nary.posix.Pid;

/** Whose process is this? */
public interface Owners {
    /** The worker whose tree the process belongs to; waits, within a bound, for one that is just being spawned. */
    Optional<WorkerId> ownerOf(Pid pid);
}
