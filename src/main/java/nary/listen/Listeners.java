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
import nary.posix.Posix;
import nary.posix.Sockets;

/**
 * Every listening socket of every worker, grouped by address. Two threads touch it, the takeover responder (bind, listen) and the supervisor
 * (steer, free), so each method holds the one lock; none of them waits for anything but the kernel.
 */
public final class Listeners {
    private final Posix posix;
    private final ListenSink sink;
    private final Function<WorkerId, Set<Pid>> treeOf;
    private final AddressClaim claims;
    private final int backlog;
    private final Map<Address, ListenerGroup> groups = new TreeMap<>();
    private Set<WorkerId> serving = Set.of();

    /** @param backlog the shortest accept queue a listener gets */
    public Listeners(Posix posix, int backlog, ListenSink sink, Function<WorkerId, Set<Pid>> treeOf) {
        this.posix = posix;
        this.backlog = backlog;
        this.sink = sink;
        this.treeOf = treeOf;
        this.claims = new AddressClaim(posix);
    }

    /** What the responder is to answer. */
    sealed interface Answer {
        /** The call is done: 0. */
        record Success() implements Answer {}

        record Failure(int errno) implements Answer {}

        /** Put this (borrowed) socket over the worker's own, then answer 0. */
        record Replace(Fd ours) implements Answer {}
    }

    /** A socket that is managed already: its bind was notified twice, or it listens again. */
    synchronized boolean isManaged(long cookie) {
        return find(cookie).isPresent();
    }

    /**
     * A worker binds. Owns {@code copy} from here on.
     *
     * @param replaceable nobody watches the worker's descriptor yet, so another socket may be put in its place
     */
    synchronized Answer bind(WorkerId worker, Fd copy, Sockets.Facts facts, Address address, boolean replaceable) {
        try {
            refuseOverlap(worker, address);
            ListenerGroup group = group(address);
            Optional<Member> left = closedByItself(worker, group, facts);
            return admit(worker, copy, facts, group, left, replaceable);
        } catch (Refusal refusal) {
            posix.sockets().close(copy);
            sink.refused(worker, refusal.reason());
            dropEmptyGroups();
            return new Answer.Failure(refusal.errno());
        } catch (OsException e) {
            posix.sockets().close(copy);
            sink.refused(worker, e.getMessage());
            dropEmptyGroups();
            return new Answer.Failure(e.number());
        }
    }

    private void refuseOverlap(WorkerId worker, Address address) throws Refusal {
        for (ListenerGroup group : groups.values()) {
            boolean others = group.members().stream().anyMatch(m -> m.owner.generation() != worker.generation());
            if (others && group.address.overlaps(address)) {
                throw new Refusal(
                        Errno.EADDRINUSE.number(),
                        "it binds " + address + ", which overlaps " + group.address
                                + " that is being served: bind the same address, or stop and start the app");
            }
        }
    }

    private ListenerGroup group(Address address) throws Refusal {
        ListenerGroup group = groups.get(address);
        if (group == null) {
            group = new ListenerGroup(address, posix.sockets(), claims.claim(address));
            groups.put(address, group);
        }
        return group;
    }

    /**
     * Bound twice without SO_REUSEPORT, a live socket excludes the next, as it would without nary; one that the worker has closed (it looked
     * whether the port is free) does not.
     *
     * @return a listener that the worker has closed, whose queue the next one may take over
     */
    private Optional<Member> closedByItself(WorkerId worker, ListenerGroup group, Sockets.Facts facts) throws Refusal {
        List<Member> own = new ArrayList<>(group.bound());
        own.addAll(group.members());
        own.removeIf(m -> m.freed || !m.owner.equals(worker));
        if (own.isEmpty()) return Optional.empty();
        Set<Long> open = openSockets(worker);
        if (!facts.reusePort() && own.stream().anyMatch(m -> open.contains(m.inode))) {
            throw new Refusal(Errno.EADDRINUSE.number(), "it binds " + group.address + " twice");
        }
        List<Member> closed = own.stream().filter(m -> !open.contains(m.inode)).toList();
        closed.stream().filter(m -> !m.listening).forEach(m -> abandon(group, m));
        return closed.stream().filter(m -> m.listening).findFirst();
    }

    private Set<Long> openSockets(WorkerId worker) {
        Set<Long> open = new TreeSet<>();
        for (Pid pid : treeOf.apply(worker)) open.addAll(posix.processes().socketInodes(pid));
        return open;
    }

    private void abandon(ListenerGroup group, Member member) {
        member.freed = true;
        sweep(group);
    }

    private Answer admit(
            WorkerId worker, Fd copy, Sockets.Facts facts, ListenerGroup group, Optional<Member> left, boolean replaceable)
            throws OsException {
        if (left.isPresent() && !replaceable) abandon(group, left.get());
        Optional<Member> inherited = left.or(() -> inherited(group, worker));
        if (inherited.isPresent() && replaceable) {
            posix.sockets().close(copy);
            inherited.get().owner = worker;
            return new Answer.Replace(inherited.get().fd);
        }
        if (facts.protocol() != Sockets.Protocol.MPTCP) {
            take(worker, copy, facts, group);
            return new Answer.Success();
        }
        // a classic program cannot be attached to an MPTCP listener (EOPNOTSUPP): the worker gets a TCP one
        Fd plain = posix.sockets().open(group.address);
        try {
            take(worker, plain, posix.sockets().facts(plain), group);
        } catch (OsException e) {
            posix.sockets().close(plain);
            throw e;
        }
        posix.sockets().close(copy);
        return new Answer.Replace(plain);
    }

    private void take(WorkerId worker, Fd socket, Sockets.Facts facts, ListenerGroup group) throws OsException {
        posix.sockets().share(socket);
        posix.sockets().bind(socket, group.address);
        group.add(new Member(worker, socket, facts.cookie(), facts.inode()));
    }

    /** A worker listens on a managed socket. @param asked the backlog it asks for */
    synchronized Answer listen(long cookie, int asked) {
        for (ListenerGroup group : groups.values()) {
            Optional<Member> member = group.member(cookie);
            if (member.isPresent()) return listen(group, member.get(), asked);
        }
        throw new IllegalArgumentException("socket " + cookie + " is not managed");
    }

    private Answer listen(ListenerGroup group, Member member, int asked) {
        try {
            if (!member.listening) {
                posix.sockets().listen(member.fd, Math.max(asked, backlog));
                group.join(member);
                sink.watch(member.fd, member.cookie);
                group.steer(serving);
            }
            sink.listening(member.owner, group.address);
            sweep(group);
            return new Answer.Success();
        } catch (OsException e) {
            sink.refused(member.owner, e.getMessage());
            return new Answer.Failure(e.number());
        }
    }

    /**
     * Opens a listening socket for a worker that will get it as LISTEN_FDS, or finds the one its predecessor in the slot left. The result
     * stays ours. {@link #handedOver} when the worker has it, {@link #free} if it was never spawned.
     *
     * @throws OsException the reason in words, the address included
     */
    public synchronized Fd preopen(WorkerId worker, Address address) throws OsException {
        try {
            ListenerGroup group = group(address);
            Optional<Member> inherited = inherited(group, worker);
            return inherited.isPresent() ? inherited.get().fd : open(worker, group);
        } catch (Refusal refusal) {
            throw new OsException("listen", refusal.errno(), refusal.reason());
        }
    }

    /** The worker was spawned with what {@link #preopen} gave: its predecessor's sockets are its own now. */
    public synchronized void handedOver(WorkerId worker) {
        for (ListenerGroup group : groups.values()) inherited(group, worker).ifPresent(member -> member.owner = worker);
    }

    /** The socket that the slot's dead worker left, queue and all. */
    private static Optional<Member> inherited(ListenerGroup group, WorkerId heir) {
        return group.members().stream()
                .filter(m -> !m.freed && m.owner.generation() == heir.generation() && m.owner.slot() == heir.slot())
                .filter(m -> m.owner.attempt() < heir.attempt())
                .findFirst();
    }

    private Fd open(WorkerId worker, ListenerGroup group) throws OsException {
        Fd socket = posix.sockets().open(group.address);
        take(worker, socket, posix.sockets().facts(socket), group);
        Member member = group.bound().getLast();
        posix.sockets().listen(socket, backlog);
        group.join(member);
        sink.watch(member.fd, member.cookie);
        group.steer(serving);
        return socket;
    }

    /** New connections go to these workers, evenly, from now on. Groups where none of them listens stay as they are. */
    public synchronized void steer(Set<WorkerId> workers) throws OsException {
        serving = Set.copyOf(workers);
        for (ListenerGroup group : groups.values()) {
            if (!group.members().isEmpty()) group.steer(serving);
            sweep(group);
        }
        dropEmptyGroups();
    }

    /** The worker's sockets leave their groups: at once, or, where a connection could stray, at the next change. */
    public synchronized void free(WorkerId worker) {
        for (ListenerGroup group : groups.values()) {
            for (Member member : concat(group)) if (member.owner.equals(worker)) member.freed = true;
            sweep(group);
        }
        dropEmptyGroups();
    }

    /** New connections to the worker wait in their clients' SYN retries from now on; what it has is not touched. */
    public synchronized void hold(WorkerId worker) throws OsException {
        for (ListenerGroup group : groups.values()) {
            for (Member member : group.members()) if (member.owner.equals(worker)) posix.sockets().holdNew(member.fd);
        }
    }

    /** Refuses new connections where the worker itself has closed its listener. True once nothing of it listens any more. */
    public synchronized boolean closeAbandoned(WorkerId worker) {
        Set<Long> open = openSockets(worker);
        boolean left = false;
        for (ListenerGroup group : groups.values()) {
            for (Member member : concat(group)) {
                if (!member.owner.equals(worker)) continue;
                if (open.contains(member.inode)) left = true;
                else member.freed = true;
            }
            sweep(group);
        }
        dropEmptyGroups();
        return !left;
    }

    /** A watched listener was shut down by the app behind our back. */
    public synchronized void hungUp(long cookie) throws OsException {
        for (ListenerGroup group : groups.values()) {
            Optional<Member> member = group.member(cookie);
            if (member.isEmpty()) continue;
            sink.unwatch(member.get().fd);
            group.hungUp(member.get(), serving);
        }
        dropEmptyGroups();
    }

    /** Connections from this source port go to this worker, whatever its weight: how a probe reaches it. */
    public synchronized void probe(Address address, int sourcePort, WorkerId worker) throws OsException {
        ListenerGroup group = groups.get(address);
        if (group != null) group.probe(sourcePort, worker, serving);
    }

    public synchronized void endProbe(Address address, int sourcePort) throws OsException {
        ListenerGroup group = groups.get(address);
        if (group != null) group.endProbe(sourcePort, serving);
    }

    /** One listening socket of a worker. @param queue empty if the kernel no longer answers for it */
    public record Listening(Address address, Sockets.Queue queue) {}

    /** What each worker listens on, with its queues. Owners of freed sockets are left out. */
    public synchronized Map<WorkerId, List<Listening>> listening() throws OsException {
        Map<WorkerId, List<Listening>> byWorker = new HashMap<>();
        for (ListenerGroup group : groups.values()) {
            for (Member member : group.members()) {
                if (member.freed) continue;
                byWorker.computeIfAbsent(member.owner, w -> new ArrayList<>())
                        .add(new Listening(group.address, posix.sockets().queue(member.fd)));
            }
        }
        return byWorker;
    }

    /** Ports with at least one listener. */
    public synchronized Set<Integer> ports() {
        Set<Integer> ports = new TreeSet<>();
        groups.keySet().forEach(address -> ports.add(address.port()));
        return ports;
    }

    /** Shuts everything down, at the end of the supervisor. */
    public synchronized void closeAll() {
        for (ListenerGroup group : groups.values()) {
            concat(group).forEach(member -> member.freed = true);
            sweep(group);
        }
        dropEmptyGroups();
    }

    private void sweep(ListenerGroup group) {
        group.members().stream().filter(m -> m.freed).forEach(m -> sink.unwatch(m.fd));
        try {
            group.sweep(serving);
        } catch (OsException e) {
            // the socket was already shut down by the app, or the program was refused: the next change sweeps again
            sink.trouble("removing a listener of " + group.address + ": " + e.getMessage());
        }
    }

    private void dropEmptyGroups() {
        groups.values().removeIf(group -> {
            if (group.isEmpty()) group.releaseClaim();
            return group.isEmpty();
        });
    }

    private Optional<Member> find(long cookie) {
        return groups.values().stream().flatMap(group -> group.member(cookie).stream()).findFirst();
    }

    private static List<Member> concat(ListenerGroup group) {
        List<Member> all = new ArrayList<>(group.members());
        all.addAll(group.bound());
        return all;
    }
}
