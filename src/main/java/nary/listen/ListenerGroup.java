package nary.listen;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import nary.id.WorkerId;
import nary.posix.Address;
import nary.posix.Errno;
import nary.posix.Fd;
import nary.posix.OsException;
import nary.posix.Sockets;

/**
 * All listening sockets of one address, in the kernel's index order: the order of their listen calls, where the last moves into the place of
 * one that leaves. Guarded by the lock of {@link Listeners}.
 */
final class ListenerGroup {
    final Address address;
    private final Sockets sockets;
    private final Optional<Fd> claim;
    /** Bound, not listening yet: no members of the kernel's group. */
    private final List<Member.Bound> bound = new ArrayList<>();

    private final List<Member> members = new ArrayList<>();
    private final SortedMap<Integer, WorkerId> probes = new TreeMap<>();

    ListenerGroup(Address address, Sockets sockets, Optional<Fd> claim) {
        this.address = address;
        this.sockets = sockets;
        this.claim = claim;
    }

    List<Member> members() {
        return members;
    }

    List<Member.Bound> bound() {
        return bound;
    }

    boolean isEmpty() {
        return members.isEmpty() && bound.isEmpty();
    }

    void add(Member.Bound socket) {
        bound.add(socket);
    }

    /** It has listened: the kernel has put it last. */
    void join(Member member) {
        bound.removeIf(socket -> socket.cookie() == member.cookie);
        members.add(member);
    }

    Optional<Member> member(long cookie) {
        return members.stream().filter(m -> m.cookie == cookie).findFirst();
    }

    Optional<Member.Bound> bound(long cookie) {
        return bound.stream().filter(socket -> socket.cookie() == cookie).findFirst();
    }

    void probe(int sourcePort, WorkerId worker, Set<WorkerId> serving) throws OsException {
        probes.put(sourcePort, worker);
        steer(serving);
    }

    void endProbe(int sourcePort, Set<WorkerId> serving) throws OsException {
        if (probes.remove(sourcePort) != null) steer(serving);
    }

    boolean holds(WorkerId owner) {
        return members.stream().anyMatch(it -> it.owner.equals(owner) && !it.freed);
    }

    /** Frees what the worker has closed itself. @param stillOpen inodes; @return whether it still listens, or has bound */
    boolean abandon(WorkerId worker, Set<Long> stillOpen) {
        boolean left = bound.stream().anyMatch(socket -> socket.owner().equals(worker) && stillOpen.contains(socket.inode()));
        for (Member member : members) {
            if (!member.owner.equals(worker)) continue;
            if (stillOpen.contains(member.inode)) left = true;
            else member.freed = true;
        }
        return left;
    }

    /** Where none of them is a member, everything stays as it is: the kernel has no way to say "nobody". */
    void steer(Set<WorkerId> serving) throws OsException {
        SortedSet<Integer> indexes = indexesOf(serving);
        if (!indexes.isEmpty()) attach(indexes);
        else if (!probes.isEmpty() && !members.isEmpty()) attach(all());
    }

    private SortedSet<Integer> indexesOf(Set<WorkerId> serving) {
        SortedSet<Integer> indexes = new TreeSet<>();
        for (int i = 0; i < members.size(); i++) {
            if (serving.contains(members.get(i).owner) && !members.get(i).freed) indexes.add(i);
        }
        return indexes;
    }

    private SortedSet<Integer> all() {
        SortedSet<Integer> indexes = new TreeSet<>();
        for (int i = 0; i < members.size(); i++) indexes.add(i);
        return indexes;
    }

    private void attach(SortedSet<Integer> indexes) throws OsException {
        SortedMap<Integer, Integer> probed = new TreeMap<>();
        probes.forEach((port, worker) -> {
            for (int i = 0; i < members.size(); i++) if (members.get(i).owner.equals(worker)) probed.put(port, i);
        });
        sockets.steer(members.getFirst().fd, SteeringProgram.of(indexes, probed, address.isV6()));
    }

    /** Removes what was freed and can leave without a connection straying; the rest stays, at weight 0, until the next change. */
    void sweep(Set<WorkerId> serving) throws OsException {
        for (int i = members.size() - 1; i >= 0; i--) {
            if (i < members.size() && members.get(i).freed) remove(i, serving);
        }
    }

    /**
     * The last member moves into the place of the one that leaves, so while it does the program may name neither. With two members the last
     * may be named all the same: its index is then out of range, and the kernel's hash has but one to choose.
     */
    private void remove(int index, Set<WorkerId> serving) throws OsException {
        int last = members.size() - 1;
        SortedSet<Integer> wanted = indexesOf(serving);
        SortedSet<Integer> safe = new TreeSet<>(wanted);
        safe.remove(index);
        if (index != last) safe.remove(last);
        if (safe.isEmpty() && !wanted.isEmpty()) {
            if (members.size() > 2) return;
            safe.add(last);
        }
        if (!safe.isEmpty()) attach(safe);
        leave(index);
        if (!members.isEmpty()) steer(serving);
    }

    private void leave(int index) throws OsException {
        Member member = members.get(index);
        try {
            hide(member);
            sockets.shutdown(member.fd);
        } catch (OsException e) {
            // the app was faster: the kernel has taken it out already
            if (e.errno() != Errno.ENOTCONN) throw e;
        } finally {
            sockets.close(member.fd);
            forget(index);
        }
    }

    /**
     * The kernel takes a closing listener out of its group first, and then out of the table of all listeners (inet_unhash). In between a SYN may
     * find it as one without a group, to which no program applies, and its connection is reset. One that no SYN finds cannot be chosen.
     */
    private void hide(Member member) throws OsException {
        try {
            sockets.hide(member.fd);
        } catch (OsException e) {
            if (e.errno() != Errno.EPERM) throw e;
        }
    }

    private void forget(int index) {
        Member moved = members.removeLast();
        if (index < members.size()) members.set(index, moved);
    }

    /** The app shut its own socket down: the kernel has already taken it out. It is still bound and may listen again. */
    void hungUp(Member member, Set<WorkerId> serving) throws OsException {
        int index = members.indexOf(member);
        if (index < 0) return;
        sockets.close(member.fd);
        forget(index);
        if (!member.freed) bound.add(new Member.Bound(member.owner, member.cookie, member.inode));
        if (!members.isEmpty()) steer(serving);
    }

    /** An address that overlaps without being equal would take connections away from the others, whatever the weights. */
    void refuseOverlap(WorkerId worker, Address other) throws Refusal {
        boolean isServedByOthers = members.stream().anyMatch(m -> m.owner.generation() != worker.generation());
        if (!isServedByOthers || !address.overlaps(other)) return;
        throw new Refusal(
                Errno.EADDRINUSE.number(),
                "it binds " + other + ", which overlaps " + address
                        + " that is being served: bind the same address, or stop and start the app");
    }

    void releaseClaim() {
        claim.ifPresent(sockets::close);
    }
}
