package nary.posix.ffm;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import nary.posix.Address;
import nary.posix.Errno;
import nary.posix.Fd;
import nary.posix.OsException;
import nary.posix.Pid;
import nary.posix.Sockets;

/** socket(7), tcp(7), unix(7), pidfd_getfd(2). */
final class LinuxSockets implements Sockets {
    private static final int SOCK_STREAM = 1;
    private static final int CLOEXEC = 0x80000;
    private static final int NONBLOCK = 0x800;
    private static final int F_GETFL = 3;
    private static final int F_SETFL = 4;
    private static final int SHUT_WR = 1;
    private static final int SHUT_RDWR = 2;
    private static final int NAME_BACKLOG = 4096;
    private static final int BUFFER = 1 << 18;
    private static final int ENOPROTOOPT = 92;

    private static final int SOL_SOCKET = 1;
    private static final int SO_REUSEADDR = 2;
    private static final int SO_TYPE = 3;
    private static final int SO_REUSEPORT = 15;
    private static final int SO_PEERCRED = 17;
    private static final int SO_ATTACH_FILTER = 26;
    private static final int SO_BINDTOIFINDEX = 62;
    /** Interfaces are numbered from 1. */
    private static final int NO_INTERFACE = Integer.MAX_VALUE;
    private static final int LOAD_BYTE = 0x30;
    private static final int JUMP_IF_SET = 0x45;
    private static final int TCP_FLAGS = 13;
    private static final int TCP_SYN = 0x02;
    private static final int SO_ACCEPTCONN = 30;
    private static final int SO_PROTOCOL = 38;
    private static final int SO_DOMAIN = 39;
    private static final int SO_ATTACH_REUSEPORT_CBPF = 51;
    private static final int SO_COOKIE = 57;
    private static final int IPPROTO_TCP = 6;
    private static final int IPPROTO_IPV6 = 41;
    private static final int IPPROTO_MPTCP = 262;
    private static final int TCP_DEFER_ACCEPT = 9;
    private static final int TCP_INFO = 11;
    private static final int IPV6_V6ONLY = 26;

    /** One per thread that reads or writes, allocated at its first use. */
    private static final ThreadLocal<MemorySegment> SCRATCH = ThreadLocal.withInitial(() -> Arena.ofAuto().allocate(BUFFER));

    private final LinuxSeccomp seccomp;

    LinuxSockets(LinuxSeccomp seccomp) {
        this.seccomp = seccomp;
    }

    @Override
    public Fd copyFrom(Pid process, int theirs) throws OsException {
        long pidfd = Libc.callLong(Libc.Fn.SYSCALL, SyscallNumbers.PIDFD_OPEN, process.number(), 0);
        Libc.check((int) pidfd, "pidfd_open", "pid " + process);
        long copy = Libc.callLong(Libc.Fn.SYSCALL, SyscallNumbers.PIDFD_GETFD, pidfd, theirs, 0);
        Libc.call(Libc.Fn.CLOSE, pidfd);
        return new Fd(Libc.check((int) copy, "pidfd_getfd", "descriptor " + theirs + " of pid " + process));
    }

    @Override
    public Fd open(Address address) throws OsException {
        int type = SOCK_STREAM | CLOEXEC | NONBLOCK;
        Fd fd = new Fd(Libc.check(Libc.call(Libc.Fn.SOCKET, SockAddr.family(address), type, 0), "socket", address));
        if (!address.isV6()) return fd;
        return closedOnFailure(fd, () -> setOption(fd, IPPROTO_IPV6, IPV6_V6ONLY, address.v6only() ? 1 : 0));
    }

    @Override
    public Facts facts(Fd socket) throws OsException {
        int domain = option(socket, SOL_SOCKET, SO_DOMAIN);
        boolean inet = domain == SockAddr.INET || domain == SockAddr.INET6;
        return new Facts(
                inet,
                option(socket, SOL_SOCKET, SO_TYPE) == SOCK_STREAM,
                inet ? protocol(option(socket, SOL_SOCKET, SO_PROTOCOL)) : Protocol.OTHER,
                longOption(socket, SO_COOKIE),
                stat(socket).get(JAVA_LONG, 8),
                option(socket, SOL_SOCKET, SO_REUSEPORT) != 0,
                domain == SockAddr.INET6 && option(socket, IPPROTO_IPV6, IPV6_V6ONLY) != 0,
                option(socket, SOL_SOCKET, SO_ACCEPTCONN) != 0);
    }

    private static Protocol protocol(int number) {
        return switch (number) {
            case IPPROTO_TCP -> Protocol.TCP;
            case IPPROTO_MPTCP -> Protocol.MPTCP;
            default -> Protocol.OTHER;
        };
    }

    private static MemorySegment stat(Fd fd) throws OsException {
        MemorySegment stat = MemorySegment.ofArray(new long[32]);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment raw = arena.allocate(stat.byteSize(), 8);
            Libc.check(Libc.call(Libc.Fn.FSTAT, fd.number(), raw.address()), "fstat", fd);
            return stat.copyFrom(raw);
        }
    }

    @Override
    public void share(Fd socket) throws OsException {
        setOption(socket, SOL_SOCKET, SO_REUSEADDR, 1);
        setOption(socket, SOL_SOCKET, SO_REUSEPORT, 1);
        stopDeferring(socket);
        boolean ownedByRoot = stat(socket).get(JAVA_INT, SyscallNumbers.here().statUid) == 0;
        if (ownedByRoot || Libc.call(Libc.Fn.GETEUID) != 0) return;
        Libc.check(Libc.call(Libc.Fn.FCHOWN, socket.number(), 0, -1), "fchown", socket);
    }

    /** A socket that knows no such option (MPTCP on older kernels) does not defer. */
    private static void stopDeferring(Fd socket) throws OsException {
        try {
            setOption(socket, IPPROTO_TCP, TCP_DEFER_ACCEPT, 0);
        } catch (OsException e) {
            if (e.number() != ENOPROTOOPT && e.errno() != Errno.EOPNOTSUPP) throw e;
        }
    }

    @Override
    public void reuseAddress(Fd socket) throws OsException {
        setOption(socket, SOL_SOCKET, SO_REUSEADDR, 1);
    }

    @Override
    public boolean isBlocking(Fd socket) throws OsException {
        return (flags(socket) & NONBLOCK) == 0;
    }

    @Override
    public void block(Fd socket, boolean blocking) throws OsException {
        int flags = flags(socket) & ~NONBLOCK | (blocking ? 0 : NONBLOCK);
        Libc.check(Libc.call(Libc.Fn.FCNTL, socket.number(), F_SETFL, flags), "fcntl", socket);
    }

    private static int flags(Fd socket) throws OsException {
        return Libc.check(Libc.call(Libc.Fn.FCNTL, socket.number(), F_GETFL), "fcntl", socket);
    }

    @Override
    public void bind(Fd socket, Address address) throws OsException {
        try (Arena arena = Arena.ofConfined()) {
            bind(socket, SockAddr.of(arena, address), address);
        }
    }

    private static void bind(Fd socket, MemorySegment raw, Object object) throws OsException {
        int result;
        // authbind's bind waits for a helper of its own
        synchronized (Libc.HIDDEN_CHILD) {
            result = Libc.call(Libc.Fn.BIND, socket.number(), raw.address(), raw.byteSize());
        }
        Libc.check(result, "bind", object);
    }

    @Override
    public void listen(Fd socket, int backlog) throws OsException {
        Libc.check(Libc.call(Libc.Fn.LISTEN, socket.number(), backlog), "listen", socket);
    }

    /** struct tcp_info: tcpi_unacked 24, tcpi_sacked 28. */
    @Override
    public Queue queue(Fd listening) throws OsException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment info = arena.allocate(104, 8);
            getOption(listening, IPPROTO_TCP, TCP_INFO, info);
            return new Queue(info.get(JAVA_INT, 24), info.get(JAVA_INT, 28));
        }
    }

    @Override
    public void steer(Fd member, List<Instruction> program) throws OsException {
        try (Arena arena = Arena.ofConfined()) {
            setOption(member, SOL_SOCKET, SO_ATTACH_REUSEPORT_CBPF, Bpf.program(arena, program));
        }
    }

    /** The filter sees the TCP header, whose byte 13 holds the flags. What is accepted later inherits it, and carries no SYN. */
    @Override
    public void holdNew(Fd listening) throws OsException {
        var noSyn = List.of(
                new Instruction(LOAD_BYTE, 0, 0, TCP_FLAGS),
                new Instruction(JUMP_IF_SET, 0, 1, TCP_SYN),
                Bpf.ret(0),
                Bpf.ret(-1));
        try (Arena arena = Arena.ofConfined()) {
            setOption(listening, SOL_SOCKET, SO_ATTACH_FILTER, Bpf.program(arena, noSyn));
        }
    }

    @Override
    public void hide(Fd listening) throws OsException {
        setOption(listening, SOL_SOCKET, SO_BINDTOIFINDEX, NO_INTERFACE);
    }

    @Override
    public void shutdown(Fd socket) throws OsException {
        Libc.check(Libc.call(Libc.Fn.SHUTDOWN, socket.number(), SHUT_RDWR), "shutdown", socket);
    }

    @Override
    public void endWriting(Fd socket) throws OsException {
        Libc.check(Libc.call(Libc.Fn.SHUTDOWN, socket.number(), SHUT_WR), "shutdown", socket);
    }

    /** close(2) releases the number whatever it returns; EBADF alone shows a mistake of ours. */
    @Override
    public void close(Fd fd) {
        if (Libc.is(seccomp.close(fd.number()), Errno.EBADF))
            System.getLogger("nary.posix").log(System.Logger.Level.WARNING, "{0} was closed twice", fd);
    }

    /** Nobody accepts from it: each {@link #holderOfName} leaves one entry in its queue. */
    @Override
    public Fd holdName(String name) throws OsException {
        Fd fd = new Fd(Libc.check(unixSocket(), "socket", name));
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment raw = SockAddr.ofName(arena, name);
            return closedOnFailure(fd, () -> {
                bind(fd, raw, name);
                listen(fd, NAME_BACKLOG);
            });
        }
    }

    private static int unixSocket() {
        return Libc.call(Libc.Fn.SOCKET, SockAddr.UNIX, SOCK_STREAM | CLOEXEC | NONBLOCK, 0);
    }

    @Override
    public Optional<Holder> holderOfName(String name) {
        try (Arena arena = Arena.ofConfined()) {
            Fd fd = new Fd(Libc.check(unixSocket(), "socket", name));
            try {
                MemorySegment raw = SockAddr.ofName(arena, name);
                int result = Libc.retry(Libc.Fn.CONNECT, fd.number(), raw.address(), raw.byteSize());
                // it does not listen, or its queue is full
                if (Libc.is(result, Errno.ECONNREFUSED) || Libc.is(result, Errno.EAGAIN)) return Optional.empty();
                Libc.check(result, "connect", name);
                MemorySegment credentials = arena.allocate(12, 8);
                getOption(fd, SOL_SOCKET, SO_PEERCRED, credentials);
                // 0: a process of another pid namespace
                Optional<Pid> pid = Optional.of(new Pid(credentials.get(JAVA_INT, 0))).filter(it -> it.number() != 0);
                return Optional.of(new Holder(pid, credentials.get(JAVA_INT, 4)));
            } finally {
                close(fd);
            }
        } catch (OsException e) {
            throw new UncheckedIOException(e.getMessage(), e);
        }
    }

    @Override
    public void send(String address, byte[] datagram) throws OsException {
        Datagrams.send(address, datagram);
    }

    @Override
    public Fd mailbox(String path) throws OsException {
        return Datagrams.mailbox(path);
    }

    @Override
    public void own(Fd fd, int uid, int gid) throws OsException {
        Libc.check(Libc.call(Libc.Fn.FCHOWN, fd.number(), uid, gid), "fchown", fd);
    }

    @Override
    public Pair pair() throws OsException {
        return Pipes.pair();
    }

    @Override
    public Pair pipe() throws OsException {
        return Pipes.pipe();
    }

    @Override
    public Pair lastingPipe(int capacity) throws OsException {
        return Pipes.lasting(capacity);
    }

    @Override
    public Optional<Fd> accept(Fd listening) throws OsException {
        int fd = Libc.retry(Libc.Fn.ACCEPT4, listening.number(), 0, 0, CLOEXEC | NONBLOCK);
        boolean isNone = Libc.is(fd, Errno.EAGAIN) || Libc.is(fd, Errno.ECONNABORTED);
        return isNone ? Optional.empty() : Optional.of(new Fd(Libc.check(fd, "accept4", listening)));
    }

    @Override
    public int read(Fd fd, byte[] into, int offset, int length) throws OsException {
        MemorySegment buffer = SCRATCH.get();
        long result = Libc.retryLong(Libc.Fn.READ, fd.number(), buffer.address(), Math.min(length, BUFFER));
        int count = transferred(result, "read", fd);
        if (count > 0) MemorySegment.copy(buffer, JAVA_BYTE, 0, into, offset, count);
        return count;
    }

    @Override
    public int read(Fd fd, ByteBuffer into) throws OsException {
        MemorySegment target = MemorySegment.ofBuffer(into);
        int count = transferred(Libc.retryLong(Libc.Fn.READ, fd.number(), target.address(), target.byteSize()), "read", fd);
        if (count > 0) into.position(into.position() + count);
        return count;
    }

    @Override
    public int write(Fd fd, byte[] from, int offset, int length) throws OsException {
        MemorySegment buffer = SCRATCH.get();
        int count = Math.min(length, BUFFER);
        MemorySegment.copy(from, offset, buffer, JAVA_BYTE, 0, count);
        return transferred(Libc.retryLong(Libc.Fn.WRITE, fd.number(), buffer.address(), count), "write", fd);
    }

    private static int transferred(long result, String call, Fd fd) throws OsException {
        return Libc.is(result, Errno.EAGAIN) ? -1 : Libc.check((int) result, call, fd);
    }

    @Override
    public long networkNamespace() {
        return Proc.inodeOf("/proc/self/ns/net", "net").orElse(0L);
    }

    private static int option(Fd socket, int level, int option) throws OsException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment value = arena.allocate(4, 8);
            getOption(socket, level, option, value);
            return value.get(JAVA_INT, 0);
        }
    }

    private static long longOption(Fd socket, int option) throws OsException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment value = arena.allocate(8, 8);
            getOption(socket, SOL_SOCKET, option, value);
            return value.get(JAVA_LONG, 0);
        }
    }

    private static void getOption(Fd socket, int level, int option, MemorySegment value) throws OsException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment length = arena.allocateFrom(JAVA_INT, (int) value.byteSize());
            int result = Libc.call(Libc.Fn.GETSOCKOPT, socket.number(), level, option, value.address(), length.address());
            Libc.check(result, "getsockopt", "option " + option + " of " + socket);
        }
    }

    private static void setOption(Fd socket, int level, int option, int value) throws OsException {
        try (Arena arena = Arena.ofConfined()) {
            setOption(socket, level, option, arena.allocateFrom(JAVA_INT, value));
        }
    }

    private static void setOption(Fd socket, int level, int option, MemorySegment value) throws OsException {
        int result = Libc.call(Libc.Fn.SETSOCKOPT, socket.number(), level, option, value.address(), value.byteSize());
        Libc.check(result, "setsockopt", "option " + option + " of " + socket);
    }

    private interface Action {
        void run() throws OsException;
    }

    private Fd closedOnFailure(Fd fd, Action action) throws OsException {
        try {
            action.run();
            return fd;
        } catch (OsException e) {
            close(fd);
            throw e;
        }
    }
}
