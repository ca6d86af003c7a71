package nary.posix.ffm;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Locale;
import nary.posix.Errno;
import nary.posix.OsException;
import org.jspecify.annotations.Nullable;

/**
 * Calls into libc. Every function used here takes at most six integers or pointers, and on x86-64 and aarch64 such arguments travel in
 * registers, whatever their width and whether or not the function is variadic. So one downcall handle of six longs serves them all, which
 * keeps the start-up short: it is linked once, at the first call.
 */
final class Libc {
    /** Held while a call may have a child of its own that only it must reap, and while orphans are reaped. */
    static final Object HIDDEN_CHILD = new Object();

    private static final int ARGUMENTS = 6;
    private static final long RTLD_DEFAULT = 0;
    private static final Linker LINKER = Linker.nativeLinker();
    private static final MemoryLayout STATE = Linker.Option.captureStateLayout();
    private static final long ERRNO_OFFSET = STATE.byteOffset(MemoryLayout.PathElement.groupElement("errno"));
    private static final MethodHandle CALL = LINKER.downcallHandle(
            FunctionDescriptor.of(
                    ValueLayout.JAVA_LONG,
                    ValueLayout.JAVA_LONG,
                    ValueLayout.JAVA_LONG,
                    ValueLayout.JAVA_LONG,
                    ValueLayout.JAVA_LONG,
                    ValueLayout.JAVA_LONG,
                    ValueLayout.JAVA_LONG),
            Linker.Option.captureCallState("errno"));

    /** One per thread, so that no thread sees another's errno. */
    private static final ThreadLocal<MemorySegment> CAPTURED =
            ThreadLocal.withInitial(() -> Arena.ofAuto().allocate(STATE));

    private Libc() {}

    /** The functions in use; the C name is the constant's in lower case. Looked up at first use. */
    enum Fn {
        ACCEPT4,
        BIND,
        CLOSE,
        CONNECT,
        EPOLL_CREATE1,
        EPOLL_CTL,
        EPOLL_WAIT,
        EVENTFD,
        FCHOWN,
        FCNTL,
        FSTAT,
        GETEGID,
        GETEUID,
        GETGRNAM_R,
        GETGROUPLIST,
        GETPAGESIZE,
        GETPID,
        GETPWNAM_R,
        GETPWUID_R,
        GETSOCKOPT,
        IOCTL,
        KILL,
        LISTEN,
        MALLOC_TRIM,
        OPEN,
        PIPE2,
        POLL,
        POSIX_SPAWN,
        POSIX_SPAWN_FILE_ACTIONS_ADDCHDIR_NP,
        POSIX_SPAWN_FILE_ACTIONS_ADDCLOSE,
        POSIX_SPAWN_FILE_ACTIONS_ADDCLOSEFROM_NP,
        POSIX_SPAWN_FILE_ACTIONS_ADDDUP2,
        POSIX_SPAWN_FILE_ACTIONS_ADDOPEN,
        POSIX_SPAWN_FILE_ACTIONS_DESTROY,
        POSIX_SPAWN_FILE_ACTIONS_INIT,
        POSIX_SPAWNATTR_DESTROY,
        POSIX_SPAWNATTR_INIT,
        POSIX_SPAWNATTR_SETFLAGS,
        POSIX_SPAWNATTR_SETPGROUP,
        POSIX_SPAWNATTR_SETSIGDEFAULT,
        POSIX_SPAWNATTR_SETSIGMASK,
        PRCTL,
        PROCESS_VM_READV,
        READ,
        RECV,
        SEND,
        SENDTO,
        SETSOCKOPT,
        SHUTDOWN,
        SIGEMPTYSET,
        SIGFILLSET,
        SOCKET,
        SOCKETPAIR,
        SYSCALL,
        WAITID,
        WRITE;

        private volatile @Nullable MemorySegment address;

        String symbol() {
            return name().toLowerCase(Locale.ROOT);
        }

        private MemorySegment address() {
            MemorySegment known = address;
            if (known != null) return known;
            // bind(2) may be somebody's who opens low ports to ordinary users: authbind(1)
            MemorySegment found = this == BIND ? preloaded(symbol()) : libcs(symbol());
            address = found;
            return found;
        }
    }

    private static MemorySegment libcs(String symbol) {
        return LINKER.defaultLookup()
                .find(symbol)
                .orElseThrow(() -> new UnsupportedOperationException(symbol + " is missing: nary needs glibc 2.34 or later"));
    }

    /** The linker's own lookup asks libc alone; dlsym(3) with RTLD_DEFAULT finds what LD_PRELOAD puts before it. */
    private static MemorySegment preloaded(String symbol) {
        try (Arena arena = Arena.ofConfined()) {
            long name = arena.allocateFrom(symbol).address();
            return MemorySegment.ofAddress(invoke(libcs("dlsym"), new long[] {RTLD_DEFAULT, name}));
        }
    }

    /** The result of a function that returns an int: as it is, or {@code -errno} where it was -1. */
    static int call(Fn function, long... arguments) {
        int result = (int) invoke(function.address(), arguments);
        return result == -1 ? -errno() : result;
    }

    /** As {@link #call}, for functions that return a long, such as read(2) and syscall(2). */
    static long callLong(Fn function, long... arguments) {
        long result = invoke(function.address(), arguments);
        return result == -1 ? -errno() : result;
    }

    /** As {@link #call}, again while it ends with EINTR. */
    static int retry(Fn function, long... arguments) {
        int result;
        do result = call(function, arguments);
        while (result == -Errno.EINTR.number());
        return result;
    }

    /** As {@link #callLong}, again while it ends with EINTR. */
    static long retryLong(Fn function, long... arguments) {
        long result;
        do result = callLong(function, arguments);
        while (result == -Errno.EINTR.number());
        return result;
    }

    /** The result, or the exception that tells what failed. */
    static int check(int result, String call, Object object) throws OsException {
        if (result < 0) throw new OsException(call, -result, object.toString());
        return result;
    }

    static boolean is(long result, Errno errno) {
        return result == -errno.number();
    }

    private static long invoke(MemorySegment function, long[] given) {
        long[] a = given.length == ARGUMENTS ? given : java.util.Arrays.copyOf(given, ARGUMENTS);
        try {
            return (long) CALL.invokeExact(function, CAPTURED.get(), a[0], a[1], a[2], a[3], a[4], a[5]);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static int errno() {
        return CAPTURED.get().get(ValueLayout.JAVA_INT, ERRNO_OFFSET);
    }
}
