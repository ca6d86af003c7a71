package nary.posix.ffm;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import nary.posix.Fd;
import nary.posix.OsException;

/** Unix datagram sockets: unix(7). */
final class Datagrams {
    private static final int SOCK_DGRAM = 2;
    private static final int CLOEXEC = 0x80000;
    private static final int NONBLOCK = 0x800;
    private static final int MSG_DONTWAIT = 0x40;
    private static final int MSG_NOSIGNAL = 0x4000;

    private Datagrams() {}

    /** From a socket of its own; never waits. */
    static void send(String address, byte[] datagram) throws OsException {
        Fd fd = open(address, 0);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment to = SockAddr.ofUnix(arena, address);
            long bytes = arena.allocateFrom(JAVA_BYTE, datagram).address();
            int flags = MSG_DONTWAIT | MSG_NOSIGNAL;
            long result = Libc.retryLong(Libc.Fn.SENDTO, fd.number(), bytes, datagram.length, flags, to.address(), to.byteSize());
            Libc.check((int) result, "sendto", address);
        } finally {
            close(fd);
        }
    }

    static Fd mailbox(String path) throws OsException {
        Fd fd = open(path, NONBLOCK);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment name = SockAddr.ofUnix(arena, path);
            Libc.check(Libc.call(Libc.Fn.BIND, fd.number(), name.address(), name.byteSize()), "bind", path);
            return fd;
        } catch (OsException e) {
            close(fd);
            throw e;
        }
    }

    private static Fd open(String address, int flags) throws OsException {
        return new Fd(Libc.check(Libc.call(Libc.Fn.SOCKET, SockAddr.UNIX, SOCK_DGRAM | CLOEXEC | flags, 0), "socket", address));
    }

    private static void close(Fd fd) {
        Libc.call(Libc.Fn.CLOSE, fd.number());
    }
}
