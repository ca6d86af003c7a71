package nary.posix.ffm;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import nary.posix.Fd;
import nary.posix.OsException;
import nary.posix.Sockets.Pair;

/** pipe(2), fifo(7), socketpair(2): two ends, of which ours does not block. */
final class Pipes {
    private static final int SOCK_STREAM = 1;
    private static final int CLOEXEC = 0x80000;
    private static final int NONBLOCK = 0x800;
    private static final int RDWR = 2;
    private static final int F_GETFL = 3;
    private static final int F_SETFL = 4;
    private static final int F_SETPIPE_SZ = 1031;

    private Pipes() {}

    static Pair pair() throws OsException {
        return firstNonBlocking(two(Libc.Fn.SOCKETPAIR, "socketpair", SockAddr.UNIX, SOCK_STREAM | CLOEXEC, 0));
    }

    static Pair pipe() throws OsException {
        return firstNonBlocking(two(Libc.Fn.PIPE2, "pipe2"));
    }

    /** Without a /proc the usual pipe has to do; a size that is refused, too: an ordinary user may have 64 MiB of pipes. */
    static Pair lasting(int capacity) throws OsException {
        Pair pipe = pipe();
        Libc.call(Libc.Fn.FCNTL, pipe.ours().number(), F_SETPIPE_SZ, capacity);
        int both = openBoth(pipe.theirs());
        if (both < 0) return pipe;
        close(pipe.theirs());
        return new Pair(pipe.ours(), new Fd(both));
    }

    private static int openBoth(Fd end) {
        try (Arena arena = Arena.ofConfined()) {
            long path = arena.allocateFrom("/proc/self/fd/" + end.number()).address();
            return Libc.retry(Libc.Fn.OPEN, path, RDWR | CLOEXEC);
        }
    }

    /** pipe2 takes the array first, socketpair last. */
    private static Pair two(Libc.Fn function, String call, long... before) throws OsException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment ends = arena.allocate(8, 8);
            int result = before.length == 0
                    ? Libc.call(function, ends.address(), CLOEXEC)
                    : Libc.call(function, before[0], before[1], before[2], ends.address());
            Libc.check(result, call, "");
            return new Pair(new Fd(ends.get(JAVA_INT, 0)), new Fd(ends.get(JAVA_INT, 4)));
        }
    }

    private static Pair firstNonBlocking(Pair pair) throws OsException {
        try {
            int flags = Libc.check(Libc.call(Libc.Fn.FCNTL, pair.ours().number(), F_GETFL), "fcntl", pair.ours());
            Libc.check(Libc.call(Libc.Fn.FCNTL, pair.ours().number(), F_SETFL, flags | NONBLOCK), "fcntl", pair.ours());
            return pair;
        } catch (OsException e) {
            close(pair.ours());
            close(pair.theirs());
            throw e;
        }
    }

    private static void close(Fd fd) {
        Libc.call(Libc.Fn.CLOSE, fd.number());
    }
}
