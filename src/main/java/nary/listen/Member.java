package nary.listen;

import nary.id.WorkerId;
import nary.posix.Fd;

/**
 * One worker's socket on one address: our copy of it. Guarded by the lock of {@link Listeners}.
 */
final class Member {
    final Fd fd;
    final long cookie;
    final long inode;
    WorkerId owner;
    boolean listening;
    boolean freed;

    Member(WorkerId owner, Fd fd, long cookie, long inode) {
        this.owner = owner;
        this.fd = fd;
        this.cookie = cookie;
        this.inode = inode;
    }
}
