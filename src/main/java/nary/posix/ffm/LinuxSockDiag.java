package nary.posix.ffm;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import nary.posix.Address;
import nary.posix.Errno;
import nary.posix.OsException;
import nary.posix.SockDiag;

/**
 * sock_diag(7): the kernel filters by local port and state. Where tcp_diag cannot be loaded, {@code /proc/net/tcp} and {@code tcp6} are
 * read instead; then {@code cookie}, {@code sentAgo} and {@code receivedAgo} are 0.
 */
final class LinuxSockDiag implements SockDiag {
    private static final int AF_NETLINK = 16;
    private static final int SOCK_RAW = 3;
    private static final int CLOEXEC = 0x80000;
    private static final int NETLINK_SOCK_DIAG = 4;
    /** The older request: one walk through the table for both families. */
    private static final short TCPDIAG_GETSOCK = 18;
    private static final short REQUEST_DUMP = 0x301;
    private static final int HEADER = 16;
    private static final int REQUEST = 60;
    private static final int MESSAGE = 72;
    private static final int NLMSG_ERROR = 2;
    private static final int NLMSG_DONE = 3;
    private static final int INET_DIAG_INFO = 2;
    private static final int INET_DIAG_SKV6ONLY = 11;
    private static final int BUFFER = 1 << 16;
    private static final short SOCK_DIAG_BY_FAMILY = 20;
    private static final short REQUEST_ONE = 1;
    private static final byte IPPROTO_TCP = 6;
    private static final int QUESTION = HEADER + 56;
    /** So many answers fit into a socket's receive buffer. */
    private static final int BATCH = 64;

    private static final int ESTALE = 116;
    private static final int EPROTONOSUPPORT = 93;

    private volatile boolean unavailable;

    @Override
    public List<Connection> connections(Set<Integer> localPorts, Set<TcpState> states) throws OsException {
        if (localPorts.isEmpty()) return List.of();
        if (unavailable) return ProcNetTcp.connections(localPorts, states);
        try {
            return dump(localPorts, states);
        } catch (OsException e) {
            if (e.errno() != Errno.ENOENT && e.number() != EPROTONOSUPPORT) throw e;
            unavailable = true;
            return ProcNetTcp.connections(localPorts, states);
        }
    }

    @Override
    public Optional<List<Connection>> again(List<Connection> known) throws OsException {
        if (unavailable || !known.stream().allMatch(it -> it.id() instanceof SocketId)) return Optional.empty();
        List<Connection> found = new ArrayList<>();
        if (known.isEmpty()) return Optional.of(found);
        int fd = Libc.check(Libc.call(Libc.Fn.SOCKET, AF_NETLINK, SOCK_RAW | CLOEXEC, NETLINK_SOCK_DIAG), "socket", "NETLINK_SOCK_DIAG");
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment buffer = arena.allocate(BUFFER, 8);
            for (int from = 0; from < known.size(); from += BATCH) {
                List<Connection> batch = known.subList(from, Math.min(known.size(), from + BATCH));
                ask(fd, buffer, batch);
                for (int answers = 0; answers < batch.size(); ) answers += receiveSome(fd, buffer, found);
            }
            return Optional.of(found);
        } finally {
            Libc.call(Libc.Fn.CLOSE, fd);
        }
    }

    /** For each a struct nlmsghdr and an inet_diag_req_v2 (family 0, protocol 1, ext 2, states 4, id 8). */
    private static void ask(int fd, MemorySegment buffer, List<Connection> batch) throws OsException {
        int at = 0;
        for (Connection one : batch) {
            if (!(one.id() instanceof SocketId(byte family, byte[] bytes))) continue;
            MemorySegment message = buffer.asSlice(at, QUESTION).fill((byte) 0);
            message.set(JAVA_INT_UNALIGNED, 0, QUESTION);
            message.set(JAVA_SHORT_UNALIGNED, 4, SOCK_DIAG_BY_FAMILY);
            message.set(JAVA_SHORT_UNALIGNED, 6, REQUEST_ONE);
            message.set(JAVA_BYTE, HEADER, family);
            message.set(JAVA_BYTE, HEADER + 1, IPPROTO_TCP);
            message.set(JAVA_BYTE, HEADER + 2, (byte) (1 << (INET_DIAG_INFO - 1)));
            message.set(JAVA_INT_UNALIGNED, HEADER + 4, -1);
            message.asSlice(HEADER + 8, SocketId.LENGTH).copyFrom(MemorySegment.ofArray(bytes));
            at += QUESTION;
        }
        long sent = Libc.retryLong(Libc.Fn.SEND, fd, buffer.address(), at, 0);
        Libc.check((int) sent, "send", "sock_diag for " + batch.size() + " connections");
    }

    /** One datagram; how many answers it held. A connection that has ended is answered with ENOENT, or ESTALE where another has its place. */
    private static int receiveSome(int fd, MemorySegment buffer, List<Connection> found) throws OsException {
        int length = (int) Libc.retryLong(Libc.Fn.RECV, fd, buffer.address(), BUFFER, 0);
        Libc.check(length, "recv", "sock_diag");
        int answers = 0;
        for (int at = 0; at + HEADER <= length; answers++) {
            int size = buffer.get(JAVA_INT_UNALIGNED, at);
            if (size < HEADER || at + size > length) throw new OsException("recv", Errno.EIO.number(), "sock_diag (truncated)");
            short type = buffer.get(JAVA_SHORT_UNALIGNED, at + 4L);
            if (type == SOCK_DIAG_BY_FAMILY) found.add(connection(buffer.asSlice(at + HEADER, size - HEADER)));
            int error = type == NLMSG_ERROR ? -buffer.get(JAVA_INT_UNALIGNED, at + HEADER) : 0;
            if (error != 0 && error != Errno.ENOENT.number() && error != ESTALE) throw new OsException("sock_diag", error, "one connection");
            at += (size + 3) & ~3;
        }
        return answers;
    }

    private static List<Connection> dump(Set<Integer> localPorts, Set<TcpState> states) throws OsException {
        int opened = Libc.call(Libc.Fn.SOCKET, AF_NETLINK, SOCK_RAW | CLOEXEC, NETLINK_SOCK_DIAG);
        int fd = Libc.check(opened, "socket", "NETLINK_SOCK_DIAG");
        try (Arena arena = Arena.ofConfined()) {
            List<Connection> found = new ArrayList<>();
            MemorySegment buffer = arena.allocate(Math.max(BUFFER, HEADER + REQUEST + DiagFilter.length(localPorts)), 8);
            request(fd, buffer, localPorts, states);
            while (receive(fd, buffer, found)) {}
            return found;
        } finally {
            Libc.call(Libc.Fn.CLOSE, fd);
        }
    }

    /** struct nlmsghdr, then inet_diag_req (ext 3, states 52), then the filter. */
    private static void request(int fd, MemorySegment buffer, Set<Integer> localPorts, Set<TcpState> states) throws OsException {
        int length = HEADER + REQUEST + DiagFilter.length(localPorts);
        MemorySegment message = buffer.asSlice(0, length).fill((byte) 0);
        message.set(JAVA_INT_UNALIGNED, 0, length);
        message.set(JAVA_SHORT_UNALIGNED, 4, TCPDIAG_GETSOCK);
        message.set(JAVA_SHORT_UNALIGNED, 6, REQUEST_DUMP);
        message.set(JAVA_BYTE, HEADER + 3, (byte) (1 << (INET_DIAG_INFO - 1)));
        message.set(JAVA_INT_UNALIGNED, HEADER + 52, mask(states));
        DiagFilter.write(message.asSlice(HEADER + REQUEST), localPorts);
        long sent = Libc.retryLong(Libc.Fn.SEND, fd, message.address(), message.byteSize(), 0);
        Libc.check((int) sent, "send", "sock_diag ports " + localPorts);
    }

    private static int mask(Set<TcpState> states) {
        int mask = 0;
        for (TcpState state : states) mask |= 1 << state.number();
        return mask;
    }

    /** One datagram of several messages; false when the dump is complete. */
    private static boolean receive(int fd, MemorySegment buffer, List<Connection> found) throws OsException {
        int length = (int) Libc.retryLong(Libc.Fn.RECV, fd, buffer.address(), BUFFER, 0);
        Libc.check(length, "recv", "sock_diag");
        int at = 0;
        while (at + HEADER <= length) {
            int size = buffer.get(JAVA_INT_UNALIGNED, at);
            if (size < HEADER || at + size > length) throw new OsException("recv", Errno.EIO.number(), "sock_diag (truncated)");
            switch (buffer.get(JAVA_SHORT_UNALIGNED, at + 4L)) {
                case NLMSG_DONE -> {
                    fail(buffer, at, size);
                    return false;
                }
                case NLMSG_ERROR -> {
                    if (fail(buffer, at, size)) return false;
                }
                case TCPDIAG_GETSOCK -> found.add(connection(buffer.asSlice(at + HEADER, size - HEADER)));
                default -> {} // NLMSG_NOOP and kinds of later kernels
            }
            at += (size + 3) & ~3;
        }
        return true;
    }

    /** NLMSG_ERROR and NLMSG_DONE begin with a negative error number, or 0. */
    private static boolean fail(MemorySegment buffer, int at, int size) throws OsException {
        int error = size >= HEADER + 4 ? buffer.get(JAVA_INT_UNALIGNED, at + HEADER) : 0;
        Libc.check(error, "sock_diag", "dump");
        return true;
    }

    /** struct inet_diag_msg: family 0, state 1, sport 4, src 8, cookie 44, rqueue 56, wqueue 60, uid 64, inode 68. */
    private static Connection connection(MemorySegment m) {
        Attributes attributes = attributes(m);
        byte[] ip = m.asSlice(8, m.get(JAVA_BYTE, 0) == SockAddr.INET6 ? 16 : 4).toArray(JAVA_BYTE);
        int port = Short.toUnsignedInt(Short.reverseBytes(m.get(JAVA_SHORT_UNALIGNED, 4)));
        return new Connection(
                Address.of(ip, port, attributes.v6only),
                state(m.get(JAVA_BYTE, 1)),
                Integer.toUnsignedLong(m.get(JAVA_INT_UNALIGNED, 68)),
                m.get(JAVA_LONG_UNALIGNED, 44),
                m.get(JAVA_INT_UNALIGNED, 64),
                attributes.sentAgo,
                attributes.receivedAgo,
                Integer.toUnsignedLong(m.get(JAVA_INT_UNALIGNED, 60)),
                Integer.toUnsignedLong(m.get(JAVA_INT_UNALIGNED, 56)),
                attributes.segmentsIn,
                attributes.segmentsOut,
                new SocketId(m.get(JAVA_BYTE, 0), m.asSlice(4, SocketId.LENGTH).toArray(JAVA_BYTE)));
    }

    /** The address family and struct inet_diag_sockid. */
    private record SocketId(byte family, byte[] bytes) implements Id {
        static final int LENGTH = 48;
    }

    static TcpState state(int number) {
        for (TcpState state : TcpState.values()) if (state.number() == number) return state;
        throw new IllegalArgumentException("no such TCP state: " + number);
    }

    private record Attributes(boolean v6only, long sentAgo, long receivedAgo, long segmentsIn, long segmentsOut) {}

    /** struct tcp_info: tcpi_last_data_sent 44, tcpi_last_data_recv 52, tcpi_data_segs_in 152, tcpi_data_segs_out 156. */
    private static Attributes attributes(MemorySegment m) {
        boolean v6only = false;
        long sent = 0;
        long received = 0;
        long in = 0;
        long out = 0;
        boolean listening = m.get(JAVA_BYTE, 1) == TcpState.LISTEN.number();
        long at = MESSAGE;
        while (at + 4 <= m.byteSize()) {
            int size = Short.toUnsignedInt(m.get(JAVA_SHORT_UNALIGNED, at));
            if (size < 4) break;
            int type = m.get(JAVA_SHORT_UNALIGNED, at + 2);
            if (type == INET_DIAG_SKV6ONLY) v6only = m.get(JAVA_BYTE, at + 4) != 0;
            if (type == INET_DIAG_INFO && size >= 4 + 56 && !listening) {
                sent = Integer.toUnsignedLong(m.get(JAVA_INT_UNALIGNED, at + 4 + 44));
                received = Integer.toUnsignedLong(m.get(JAVA_INT_UNALIGNED, at + 4 + 52));
            }
            if (type == INET_DIAG_INFO && size >= 4 + 160 && !listening) {
                in = Integer.toUnsignedLong(m.get(JAVA_INT_UNALIGNED, at + 4 + 152));
                out = Integer.toUnsignedLong(m.get(JAVA_INT_UNALIGNED, at + 4 + 156));
            }
            at += (size + 3) & ~3;
        }
        return new Attributes(v6only, sent, received, in, out);
    }
}
