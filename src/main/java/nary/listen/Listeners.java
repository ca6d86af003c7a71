package nary.listen;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import nary.id.WorkerId;
import nary.posix.Address;
import nary.posix.Errno;
import nary.posix.Fd;
import nary.posix.OsException;
import nary.posix.Pid;
import nary.posix.Poll;
import nary.posix.Posix;
import nary.posix.Sockets;

/**
 * Every listening socket of every worker, grouped by address. Two threads touch it, the takeover responder (bind, listen) and the supervisor
 * (steer, free), so each method holds the one lock; none of them waits for anything but the kernel.
 */
public final class Listeners {
    private final Posix posix;
    private final ListenSink sink;
    private final OpenSockets open;
    private final SocketMaker maker;
    private final int backlog;
    private final Groups groups;
    /** The last one of each worker. */
    private final Map<WorkerId, String> refusals = new HashMap<>();
    private final Departed gone = new Departed();

    private final Heirs heirs;
    private final Doors doors;
    /** Where a worker watched its socket before it bound it: no other can be put in its place. */
    private final Set<Address> unheritable = new TreeSet<>();

    /** Whom the supervisor named last. */
    private Set<WorkerId> named = Set.of();
    /** Who answers in place of all of them. */
    private Optional<WorkerId> standIn = Optional.empty();
    /** Where new connections go: the one in place of the others, else those. */
    private Set<WorkerId> serving = Set.of();

    /** @param backlog the shortest accept queue a listener gets */
    public Listeners(Posix posix, int backlog, ListenSink sink, Function<WorkerId, Set<Pid>> treeOf) {
        this.posix = posix;
        this.backlog = backlog;
        this.sink = sink;
        this.open = new OpenSockets(posix, treeOf);
        this.heirs = new Heirs(open, sink::leavesQueue);
        this.maker = new SocketMaker(posix, backlog);
        this.groups = new Groups(posix, sink);
        this.doors = new Doors(posix);
    }

    /** A socket that is managed already: its bind was notified twice, or it listens again. */
    synchronized boolean isManaged(long cookie) {
        return groups.all().stream().anyMatch(group -> group.member(cookie).isPresent() || group.bound(cookie).isPresent());
    }

    /**
     * A worker binds.
     *
     * @param copy (borrowed) of its socket
     * @param replaceable nobody watches the worker's descriptor yet, so another socket may be put in its place
     */
    synchronized Answer bind(WorkerId worker, Fd copy, Sockets.Facts facts, Address address, boolean replaceable) {
        if (gone.contains(worker)) return new Answer.Failure(Errno.ESRCH.number());
        try {
            open.forgetClosed(groups.all(), worker, facts.inode());
            groups.dropEmpty();
            groups.refuseOverlap(worker, address);
            ListenerGroup group = groups.of(address);
            Optional<Member> left = open.closedByItself(worker, group, facts);
            return admit(worker, copy, facts, group, left, replaceable);
        } catch (Refusal refusal) {
            return refuse(worker, refusal.errno(), refusal.reason());
        } catch (OsException e) {
            return refuse(worker, e.number(), e.getMessage());
        } finally {
            groups.dropEmpty();
        }
    }

    private Answer refuse(WorkerId worker, int errno, String reason) {
        refused(worker, reason);
        return new Answer.Failure(errno);
    }

    /** An app that tries again and again is not to fill the event log. */
    synchronized void refused(WorkerId worker, String reason) {
        if (!reason.equals(refusals.put(worker, reason))) sink.refused(worker, reason);
    }

    private void abandon(ListenerGroup group, Member member) {
        member.freed = true;
        groups.sweep(group, serving);
    }

    private Answer admit(
            WorkerId worker, Fd copy, Sockets.Facts facts, ListenerGroup group, Optional<Member> left, boolean replaceable)
            throws OsException {
        if (left.isPresent() && !replaceable) abandon(group, left.get());
        Optional<Member> inherited = left.or(() -> heirs.inherited(group, worker));
        if (!replaceable) unheritable.add(group.address);
        if (inherited.isPresent() && replaceable) {
            inherited.get().owner = worker;
            posix.sockets().block(inherited.get().fd, posix.sockets().isBlocking(copy));
            return new Answer.Replace(inherited.get().fd, true);
        }
        if (facts.protocol() == Sockets.Protocol.MPTCP) return plain(worker, copy, group);
        maker.bind(copy, group.address);
        group.add(new Member.Bound(worker, facts.cookie(), facts.inode()));
        return new Answer.Success();
    }

    /** A classic program cannot be attached to an MPTCP listener (EOPNOTSUPP): the worker gets a TCP one. */
    private Answer plain(WorkerId worker, Fd copy, ListenerGroup group) throws OsException {
        SocketMaker.Made made = maker.bound(group.address, posix.sockets().isBlocking(copy));
        group.add(new Member.Bound(worker, made.facts().cookie(), made.facts().inode()));
        return new Answer.Replace(made.fd(), false);
    }

    /**
     * A worker listens on a managed socket.
     *
     * @param copy of its socket, owned from here on
     * @param asked the backlog it asks for
     */
    synchronized Answer listen(Fd copy, Sockets.Facts facts, int asked) {
        boolean isKept = false;
        try {
            if (isListening(facts)) return new Answer.Success();
            Optional<ListenerGroup> bound = groups.all().stream().filter(g -> g.bound(facts.cookie()).isPresent()).findFirst();
            // freed since it was looked up
            if (bound.isEmpty()) return new Answer.Failure(Errno.ESRCH.number());
            ListenerGroup group = bound.get();
            WorkerId owner = group.bound(facts.cookie()).orElseThrow().owner();
            try {
                posix.sockets().listen(copy, Math.max(asked, backlog));
                isKept = true;
                join(group, new Member(owner, copy, facts.cookie(), facts.inode()));
                return new Answer.Success();
            } catch (OsException e) {
                return refuse(owner, e.number(), e.getMessage());
            }
        } finally {
            if (!isKept) posix.sockets().close(copy);
        }
    }

    /** It may be its predecessor's, or have been shut down by the app since: then it is as if it had only been bound. */
    private boolean isListening(Sockets.Facts facts) {
        for (ListenerGroup group : groups.all()) {
            Optional<Member> member = group.member(facts.cookie());
            if (member.isEmpty()) continue;
            if (facts.listening()) announce(group, member.get());
            else hungUp(group, member.get());
            return facts.listening();
        }
        return false;
    }

    private void join(ListenerGroup group, Member member) throws OsException {
        group.join(member);
        sink.watch(member.fd, member.cookie);
        group.steer(serving);
        standInFor(group);
        announce(group, member);
        groups.sweep(group, serving);
    }

    private void announce(ListenerGroup group, Member member) {
        if (member.owner.equals(member.announced)) return;
        member.announced = member.owner;
        sink.listening(member.owner, group.address);
    }

    /**
     * Opens a listening socket for a worker that will get it as LISTEN_FDS, or finds the one its predecessor in the slot left. The result
     * stays ours. {@link #handedOver} when the worker has it, {@link #free} if it was never spawned.
     *
     * @throws OsException the reason in words, the address included
     */
    public synchronized Fd preopen(WorkerId worker, Address address) throws OsException {
        try {
            ListenerGroup group = groups.of(address);
            Optional<Member> inherited = heirs.inherited(group, worker);
            inherited.ifPresent(member -> member.heir = worker);
            return inherited.isPresent() ? inherited.get().fd : open(worker, group).fd;
        } catch (Refusal refusal) {
            throw new OsException("listen", refusal.errno(), refusal.reason());
        }
    }

    /** The worker was spawned with what {@link #preopen} gave: its predecessor's sockets are its own now. */
    public synchronized void handedOver(WorkerId worker) {
        for (ListenerGroup group : groups.all()) {
            for (Member member : group.members()) {
                if (!worker.equals(member.heir)) continue;
                member.owner = worker;
                member.heir = null;
            }
        }
    }

    /** The worker is about to start: when it binds it takes over what these hold. */
    public synchronized void expect(WorkerId heir, Set<WorkerId> ancestors) {
        heirs.put(heir, ancestors);
    }

    /**
     * Opens a queue for a process that is yet to come: connections to the address wait in it. Where no server of this app could take a queue
     * over, they wait in their clients' SYN retries instead.
     *
     * @throws OsException the reason in words, the address included
     */
    public synchronized void openQueue(WorkerId placeholder, Address address) throws OsException {
        try {
            ListenerGroup group = groups.of(address);
            Member member = open(placeholder, group);
            if (unheritable.contains(address) && !doors.close(member)) doors.plug(group, member, serving);
        } catch (Refusal refusal) {
            throw new OsException("listen", refusal.errno(), refusal.reason());
        } finally {
            groups.dropEmpty();
        }
    }

    private Member open(WorkerId worker, ListenerGroup group) throws OsException {
        Member member = maker.listening(worker, group.address);
        group.join(member);
        sink.watch(member.fd, member.cookie);
        group.steer(serving);
        return member;
    }

    /** New connections go to these workers, evenly, from now on. Groups where none of them listens stay as they are. */
    public synchronized void steer(Set<WorkerId> workers) throws OsException {
        named = Set.copyOf(workers);
        steer();
    }

    /** From now on all new connections go to listening sockets of ours, whomever the supervisor names. */
    synchronized void standIn(WorkerId id) throws OsException {
        standIn = Optional.of(id);
        for (ListenerGroup group : groups.all()) standInFor(group);
        steer();
    }

    private void standInFor(ListenerGroup group) throws OsException {
        if (standIn.isPresent() && !group.members().isEmpty() && !group.holds(standIn.get())) open(standIn.get(), group);
    }

    /** New connections go to those again whom the supervisor has named. */
    synchronized void standDown() throws OsException {
        standIn = Optional.empty();
        steer();
    }

    synchronized List<Fd> socketsOf(WorkerId owner) {
        return groups.socketsOf(owner);
    }

    /** Its sockets go. */
    synchronized void leave(WorkerId owner) {
        for (ListenerGroup group : groups.all()) {
            group.members().stream().filter(it -> it.owner.equals(owner)).forEach(it -> it.freed = true);
            groups.sweep(group, serving);
        }
        groups.dropEmpty();
    }

    private void steer() throws OsException {
        serving = standIn.map(Set::of).orElse(named);
        List<OsException> failures = new ArrayList<>();
        for (ListenerGroup group : groups.all()) {
            try {
                if (!group.members().isEmpty()) group.steer(serving);
                groups.sweep(group, serving);
            } catch (OsException e) {
                failures.add(e);
            }
        }
        groups.dropEmpty();
        if (!failures.isEmpty()) throw failures.getFirst();
    }

    /** The worker's sockets leave their groups: at once, or, where a connection could stray, at the next change. */
    public synchronized void free(WorkerId worker) {
        refusals.remove(worker);
        gone.add(worker);
        heirs.forget(worker);
        doors.free(worker);
        for (ListenerGroup group : groups.all()) {
            group.bound().removeIf(socket -> socket.owner().equals(worker));
            for (Member member : group.members()) free(member, worker);
            groups.sweep(group, serving);
        }
        groups.dropEmpty();
    }

    /** Its descriptor is in use while an heir is being spawned with it. */
    private void free(Member member, WorkerId worker) {
        if (worker.equals(member.heir)) member.heir = null;
        if (member.heir == null && gone.contains(member.owner)) member.freed = true;
    }

    /** New connections to the worker wait in their clients' SYN retries from now on; what it has is not touched. */
    public synchronized void hold(WorkerId worker) throws OsException {
        boolean isClosed = true;
        for (ListenerGroup group : groups.all()) {
            for (Member member : List.copyOf(group.members())) {
                if (!member.owner.equals(worker) || doors.close(member)) continue;
                isClosed = false;
                if (group.members().stream().noneMatch(it -> it.owner.equals(Doors.NOBODY))) doors.plug(group, open(Doors.NOBODY, group), serving);
            }
        }
        if (!isClosed) steer(Set.of(Doors.NOBODY));
    }

    /** Refuses new connections where the worker, whose processes these are, has closed its listener. True once nothing of it listens. */
    public synchronized boolean closeAbandoned(WorkerId worker, Set<Pid> tree) {
        Set<Long> stillOpen = open.of(tree);
        boolean left = false;
        for (ListenerGroup group : groups.all()) {
            left |= group.abandon(worker, stillOpen);
            groups.sweep(group, serving);
        }
        groups.dropEmpty();
        return !left;
    }

    /** A watched listener was shut down by the app behind our back. */
    public synchronized void hungUp(long cookie) {
        for (ListenerGroup group : groups.all()) {
            group.member(cookie).filter(member -> !listensAgain(member)).ifPresent(member -> hungUp(group, member));
        }
        groups.dropEmpty();
    }

    private boolean listensAgain(Member member) {
        try {
            return posix.sockets().facts(member.fd).listening();
        } catch (OsException e) {
            return false;
        }
    }

    private void hungUp(ListenerGroup group, Member member) {
        sink.unwatch(member.fd);
        try {
            group.hungUp(member, serving);
        } catch (OsException e) {
            sink.trouble("a worker shut its listener on " + group.address + " down: " + e.getMessage());
        }
    }

    /** Connections from this source port go to this worker, whatever its weight: how a probe reaches it. */
    public synchronized void probe(Address address, int sourcePort, WorkerId worker) throws OsException {
        ListenerGroup group = groups.find(address);
        if (group != null) group.probe(sourcePort, worker, serving);
    }

    public synchronized void endProbe(Address address, int sourcePort) throws OsException {
        ListenerGroup group = groups.find(address);
        if (group != null) group.endProbe(sourcePort, serving);
    }

    /** What each worker listens on, with its queues. Owners of freed sockets are left out. */
    public synchronized Map<WorkerId, List<Listening>> listening() throws OsException {
        return groups.listening();
    }

    /** Has it woken when a connection waits for one of them. What they open later is not watched. */
    public synchronized void watchQueues(Set<WorkerId> owners, Poll poll) throws OsException {
        for (WorkerId owner : owners) for (Fd fd : groups.socketsOf(owner)) poll.watch(fd, 0);
    }

    /** Ports with at least one listener. */
    public synchronized Set<Integer> ports() {
        return groups.ports();
    }

    /** Shuts everything down, at the end of the supervisor. */
    public synchronized void closeAll() {
        doors.freeAll();
        for (ListenerGroup group : groups.all()) {
            group.bound().clear();
            group.members().forEach(member -> member.freed = true);
            groups.sweep(group, serving);
        }
        groups.dropEmpty();
    }
}
