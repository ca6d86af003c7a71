package nary.posix.sim;

import java.util.ArrayDeque;
import java.util.Deque;
import nary.posix.Address;
import nary.posix.Errno;
import nary.posix.OsException;
import org.jspecify.annotations.Nullable;

/** A TCP socket that may listen. */
final class SimSocket extends SimFile {
    private final SimKernel kernel;
    final long inode;
    final long cookie;
    boolean six;
    boolean blocking;
    boolean v6only;
    boolean reuseAddress;
    boolean reusePort;
    boolean shutDown;
    boolean holdsNew;
    boolean isHidden;
    int uid;
    @Nullable Address address;
    int limit = -1;
    final Deque<SimConnection> queue = new ArrayDeque<>();

    SimSocket(SimKernel kernel) {
        this.kernel = kernel;
        this.inode = kernel.inode();
        this.cookie = kernel.inode();
        this.uid = kernel.uid;
    }

    boolean listening() {
        return limit >= 0;
    }

    void bind(Address wanted) throws OsException {
        if (address != null) throw new OsException("bind", Errno.EINVAL.number(), wanted.toString());
        Address chosen = wanted.port() != 0 ? wanted : new Address(wanted.ip(), kernel.port(), wanted.v6only());
        for (SimSocket other : kernel.bound) {
            if (conflicts(chosen, other)) throw new OsException("bind", Errno.EADDRINUSE.number(), wanted.toString());
        }
        address = chosen;
        kernel.bound.add(this);
    }

    private boolean conflicts(Address wanted, SimSocket other) {
        if (other.address == null || !wanted.equals(other.address) && !wanted.overlaps(other.address)) return false;
        if (reusePort && other.reusePort && uid == other.uid) return false;
        return !reuseAddress || !other.reuseAddress || other.listening();
    }

    /** Joins the group now, not at bind; a second listen changes the limit only. */
    void listen(int backlog) {
        if (address == null) throw new UnsupportedOperationException("listen without bind");
        boolean joins = !listening();
        limit = Math.min(backlog, SimKernel.SOMAXCONN);
        shutDown = false;
        if (joins) kernel.groups.computeIfAbsent(address, a -> new Group()).members.add(this);
    }

    /** Leaves the group; what waits in the queue is reset. */
    void unlisten() {
        if (!listening()) return;
        limit = -1;
        Group group = kernel.groups.get(address);
        group.remove(this);
        if (group.members.isEmpty()) kernel.groups.remove(address);
        queue.forEach(SimConnection::reset);
        queue.clear();
    }

    @Override
    boolean readable() {
        return !queue.isEmpty() || shutDown;
    }

    @Override
    boolean hangup() {
        return shutDown || !listening();
    }

    @Override
    void release() {
        unlisten();
        kernel.bound.remove(this);
    }
}
