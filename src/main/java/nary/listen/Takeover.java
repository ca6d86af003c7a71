package nary.listen;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import nary.id.WorkerId;
import nary.posix.Address;
import nary.posix.Errno;
import nary.posix.Fd;
import nary.posix.OsException;
import nary.posix.Pid;
import nary.posix.Posix;
import nary.posix.Seccomp.Notification;
import nary.posix.Sockets;

/**
 * Answers the workers' bind and listen, each exactly once and at once, on a platform thread of its own. The order within a call matters:
 * read the caller's memory, check that the caller is still the one we were told about, only then act.
 */
public final class Takeover {
    private static final int AF_INET = 2;
    private static final int AF_INET6 = 10;
    private static final int IPV4_LENGTH = 16;
    private static final int IPV6_LENGTH = 28;
    private static final int MOST_UNMANAGED = 100;

    private final Posix posix;
    private final Listeners listeners;
    private final Owners owners;
    private final List<Integer> ports;
    private final ListenSink sink;
    private final Fd notifications;
    private final Set<String> unmanaged = new ConcurrentSkipListSet<>();

    private Takeover(Posix posix, Listeners listeners, Owners owners, List<Integer> ports, ListenSink sink, Fd notifications) {
        this.posix = posix;
        this.listeners = listeners;
        this.owners = owners;
        this.ports = ports;
        this.sink = sink;
        this.notifications = notifications;
    }

    /**
     * Starts answering.
     *
     * @param ports to manage; empty: all TCP
     * @param notifications from {@link Spawner#notifications}; stays open for the life of the process
     */
    public static Takeover start(Posix posix, Listeners listeners, Owners owners, List<Integer> ports, ListenSink sink, Fd notifications) {
        Takeover takeover = new Takeover(posix, listeners, owners, List.copyOf(ports), sink, notifications);
        Thread.ofPlatform().name("takeover").daemon().start(takeover::run);
        return takeover;
    }

    /** Addresses that workers bound and nary left to the kernel: other protocols, other ports. */
    public Set<String> unmanaged() {
        return Set.copyOf(unmanaged);
    }

    private void run() {
        try {
            for (Notification call; (call = posix.seccomp().receive(notifications)) != null; ) handle(call);
        } catch (OsException | RuntimeException e) {
            sink.trouble("takeover ended: " + e.getMessage() + "; workers can no longer bind: restart nary");
        }
    }

    private void handle(Notification call) throws OsException {
        try {
            switch (call.call()) {
                case BIND -> bind(call);
                case LISTEN -> listen(call);
            }
        } catch (OsException e) {
            fail(call, e.number() > 0 ? e.number() : Errno.EIO.number(), explained(e));
        } catch (RuntimeException e) {
            fail(call, Errno.EIO.number(), e.toString());
        }
    }

    private static String explained(OsException e) {
        boolean gated = e.call().equals("pidfd_getfd") && e.errno() == Errno.EPERM;
        return e.getMessage() + (gated ? "; not allowed here (Docker: --cap-add SYS_PTRACE), or open the port with --listen ADDR" : "");
    }

    private void fail(Notification call, int errno, String reason) throws OsException {
        // a caller that is gone needs no answer, and what failed while it went is no trouble
        if (!posix.seccomp().isValid(notifications, call.id())) return;
        try {
            report(call, "takeover of its " + call.call().name().toLowerCase(Locale.ROOT) + " failed: " + reason);
        } finally {
            posix.seccomp().answer(notifications, call.id(), errno);
        }
    }

    private void report(Notification call, String what) {
        Optional<WorkerId> worker = posix.processes().processOfThread(call.threadId()).flatMap(owners::ownerOf);
        worker.ifPresentOrElse(w -> listeners.refused(w, what), () -> sink.trouble("thread " + call.threadId() + ": " + what));
    }

    /** The caller's process; empty if it has gone. What cannot be read for another reason must not be let through: it would go unseen. */
    private Optional<Pid> caller(Notification call) throws OsException {
        Optional<Pid> process = posix.processes().processOfThread(call.threadId());
        if (process.isEmpty() && posix.seccomp().isValid(notifications, call.id()))
            throw new OsException("read", Errno.EIO.number(), "/proc/" + call.threadId() + "/status");
        return process;
    }

    private void bind(Notification call) throws OsException {
        Optional<Pid> process = caller(call);
        if (process.isEmpty()) return;
        if (call.length() < IPV4_LENGTH) {
            letThrough(call);
            return;
        }
        byte[] raw = posix.seccomp().read(call.threadId(), call.pointer(), Math.min(call.length(), IPV6_LENGTH));
        if (!posix.seccomp().isValid(notifications, call.id())) return;
        Fd copy = posix.sockets().copyFrom(process.get(), call.descriptor());
        try {
            bind(call, process.get(), raw, copy);
        } finally {
            posix.sockets().close(copy);
        }
    }

    private void bind(Notification call, Pid process, byte[] raw, Fd copy) throws OsException {
        Sockets.Facts facts = posix.sockets().facts(copy);
        Optional<Address> address = managed(raw, facts);
        Optional<WorkerId> worker = address.flatMap(_ -> owners.ownerOf(process));
        if (worker.isEmpty()) letThrough(call);
        else if (listeners.isManaged(facts.cookie())) posix.seccomp().answer(notifications, call.id(), 0);
        else take(call, process, worker.get(), copy, facts, address.get());
    }

    private void take(Notification call, Pid process, WorkerId worker, Fd copy, Sockets.Facts facts, Address address) throws OsException {
        boolean replaceable = !posix.processes().isPolled(process, call.descriptor());
        switch (listeners.bind(worker, copy, facts, address, replaceable)) {
            case Answer.Success() -> posix.seccomp().answer(notifications, call.id(), 0);
            case Answer.Failure(int errno) -> posix.seccomp().answer(notifications, call.id(), errno);
            case Answer.Replace(Fd ours, boolean isBorrowed) -> replace(call, process, ours, isBorrowed);
        }
    }

    private void replace(Notification call, Pid process, Fd ours, boolean isBorrowed) throws OsException {
        try {
            boolean closeOnExec = posix.processes().isCloseOnExec(process, call.descriptor());
            posix.seccomp().replace(notifications, call.id(), ours, call.descriptor(), closeOnExec);
        } finally {
            if (!isBorrowed) posix.sockets().close(ours);
        }
        posix.seccomp().answer(notifications, call.id(), 0);
    }

    private Optional<Address> managed(byte[] raw, Sockets.Facts facts) {
        Optional<Address> address = decode(raw, facts.v6only());
        if (address.isEmpty() || address.get().port() == 0) return Optional.empty();
        boolean tcp = facts.inet() && facts.stream() && facts.protocol() != Sockets.Protocol.OTHER;
        if (tcp && (ports.isEmpty() || ports.contains(address.get().port()))) return address;
        if (facts.inet() && unmanaged.size() < MOST_UNMANAGED) unmanaged.add((tcp ? "tcp " : facts.stream() ? "other " : "udp ") + address.get());
        return Optional.empty();
    }

    /** sockaddr_in, sockaddr_in6; link-local addresses (with a scope) are left alone. */
    private static Optional<Address> decode(byte[] raw, boolean v6only) {
        ByteBuffer buffer = ByteBuffer.wrap(raw);
        int family = buffer.order(ByteOrder.nativeOrder()).getShort(0);
        int port = buffer.order(ByteOrder.BIG_ENDIAN).getShort(2) & 0xffff;
        if (family == AF_INET) return Optional.of(Address.of(Arrays.copyOfRange(raw, 4, 8), port, false));
        if (family != AF_INET6 || raw.length < 24) return Optional.empty();
        byte[] ip = Arrays.copyOfRange(raw, 8, 24);
        boolean linkLocal = ip[0] == (byte) 0xfe && (ip[1] & 0xc0) == 0x80;
        return linkLocal ? Optional.empty() : Optional.of(Address.of(ip, port, v6only));
    }

    private void listen(Notification call) throws OsException {
        Optional<Pid> process = caller(call);
        if (process.isEmpty()) return;
        Fd copy = posix.sockets().copyFrom(process.get(), call.descriptor());
        boolean isOurs = true;
        try {
            if (!posix.seccomp().isValid(notifications, call.id())) return;
            Sockets.Facts facts = posix.sockets().facts(copy);
            if (!listeners.isManaged(facts.cookie())) {
                letThrough(call);
                return;
            }
            isOurs = false;
            int errno = listeners.listen(copy, facts, call.backlog()) instanceof Answer.Failure(int number) ? number : 0;
            posix.seccomp().answer(notifications, call.id(), errno);
        } finally {
            if (isOurs) posix.sockets().close(copy);
        }
    }

    private void letThrough(Notification call) throws OsException {
        posix.seccomp().letThrough(notifications, call.id());
    }
}
