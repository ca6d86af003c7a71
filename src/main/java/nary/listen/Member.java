package nary.listen;

import nary.id.WorkerId;
import nary.posix.Fd;
import org.jspecify.annotations.Nullable;

/** One worker's listening socket on one address: our copy of it. Guarded by the lock of {@link Listeners}. */
final class Member {
    final Fd fd;
    final long cookie;
    final long inode;
    WorkerId owner;
    /** Who the supervisor has been told listens on it. */
    @Nullable WorkerId announced;

    /** Who is being spawned with it in place of its dead owner. */
    @Nullable WorkerId heir;

    boolean freed;

    Member(WorkerId owner, Fd fd, long cookie, long inode) {
        this.owner = owner;
        this.fd = fd;
        this.cookie = cookie;
        this.inode = inode;
    }

    /**
     * A socket that a worker has bound and that does not listen. Nothing of it is held here: it may be closed again (a probe), or become the
     * near end of an outgoing connection, which has to end when the worker closes it.
     */
    record Bound(WorkerId owner, long cookie, long inode) {}
}
