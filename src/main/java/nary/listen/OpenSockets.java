package nary.listen;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import nary.id.WorkerId;
import nary.posix.Errno;
import nary.posix.Pid;
import nary.posix.Posix;
import nary.posix.Sockets;

/** What the workers themselves have open: which of the sockets we know did they close? Guarded by the lock of {@link Listeners}. */
final class OpenSockets {
    private final Posix posix;
    private final Function<WorkerId, Set<Pid>> treeOf;

    OpenSockets(Posix posix, Function<WorkerId, Set<Pid>> treeOf) {
        this.posix = posix;
        this.treeOf = treeOf;
    }

    /** Inodes. */
    Set<Long> of(WorkerId worker) {
        return of(treeOf.apply(worker));
    }

    Set<Long> of(Set<Pid> tree) {
        Set<Long> open = new TreeSet<>();
        for (Pid pid : tree) open.addAll(posix.processes().socketInodes(pid));
        return open;
    }

    /**
     * Forgets what it bound and has closed since: a probe, a connection to elsewhere.
     *
     * @param sure a socket of the worker that is open: where it is not seen, none of its sockets is
     */
    void forgetClosed(Collection<ListenerGroup> groups, WorkerId worker, long sure) {
        boolean hasBound = groups.stream().anyMatch(group -> hasBound(worker, group));
        if (!hasBound) return;
        Set<Long> open = of(worker);
        if (!open.contains(sure)) return;
        for (ListenerGroup group : groups) {
            group.bound().removeIf(socket -> socket.owner().equals(worker) && !open.contains(socket.inode()));
        }
    }

    /**
     * Bound twice without SO_REUSEPORT, a live socket excludes the next, as it would without nary; one that was closed does not.
     *
     * @param facts of the socket that is being bound
     * @return a listener that the worker has closed (it looked whether the port is free), whose queue the next one may take over
     */
    Optional<Member> closedByItself(WorkerId worker, ListenerGroup group, Sockets.Facts facts) throws Refusal {
        List<Member> own = group.members().stream().filter(m -> !m.freed && m.owner.equals(worker)).toList();
        Set<Long> open = own.isEmpty() ? Set.of() : of(worker);
        boolean isBlind = !open.contains(facts.inode());
        List<Member> closed = own.stream().filter(m -> !isBlind && !open.contains(m.inode)).toList();
        boolean isOpen = hasBound(worker, group) || closed.size() < own.size();
        if (isOpen && !facts.reusePort()) throw new Refusal(Errno.EADDRINUSE.number(), "it binds " + group.address + " twice");
        return closed.stream().findFirst();
    }

    private static boolean hasBound(WorkerId worker, ListenerGroup group) {
        return group.bound().stream().anyMatch(socket -> socket.owner().equals(worker));
    }
}
