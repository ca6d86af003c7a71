package nary.posix.ffm;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicBoolean;
import nary.posix.Errno;
import nary.posix.OsException;
import nary.posix.Processes.Slice;

/** sched_setattr(2) and getpriority(2), which on Linux count for a thread alone. */
final class Niceness {
    private static final int PRIO_PROCESS = 0;
    /** What the system call returns is 20 less the niceness, so that it is never negative. */
    private static final int OFFSET = 20;

    private static final int SCHED_ATTR_SIZE = 48;
    private static final long SCHED_FLAG_KEEP_POLICY = 0x08;
    /** The shortest there is. */
    private static final long SHORT_NANOS = 100_000;

    private Niceness() {}

    /** @param thread its id, 0 is the caller's */
    static int of(int thread) throws OsException {
        long result = Libc.callLong(Libc.Fn.SYSCALL, SyscallNumbers.here().getpriority, PRIO_PROCESS, thread);
        return OFFSET - Libc.check((int) result, "getpriority", "thread " + thread);
    }

    /** Only the kernel knows: tried on a thread that is of no more use. */
    static boolean mayTakeBack(int niceness) throws InterruptedException {
        AtomicBoolean may = new AtomicBoolean();
        Thread trial = Thread.ofPlatform().name("niceness").start(() -> may.set(isTakenBack(niceness)));
        trial.join();
        return may.get();
    }

    private static boolean isTakenBack(int niceness) {
        try {
            int before = of(0);
            set(0, before + niceness, Slice.SHORT);
            set(0, before, Slice.USUAL);
            return of(0) == before;
        } catch (OsException notAllowed) {
            return false;
        }
    }

    /** Nothing where it has another niceness, or is gone. */
    static void change(int thread, int from, int to, Slice slice) throws OsException {
        try {
            if (of(thread) == from) set(thread, to, slice);
        } catch (OsException e) {
            // EINVAL: niceness means nothing to a real-time thread
            if (e.errno() != Errno.ESRCH && e.errno() != Errno.EINVAL) throw e;
        }
    }

    /** struct sched_attr: size 0, sched_policy 4, sched_flags 8, sched_nice 16, sched_priority 20, sched_runtime 24. */
    private static void set(int thread, int niceness, Slice slice) throws OsException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment attributes = arena.allocate(SCHED_ATTR_SIZE, 8);
            attributes.set(JAVA_INT, 0, SCHED_ATTR_SIZE);
            attributes.set(JAVA_LONG, 8, SCHED_FLAG_KEEP_POLICY);
            attributes.set(JAVA_INT, 16, niceness);
            attributes.set(JAVA_LONG, 24, slice == Slice.SHORT ? SHORT_NANOS : 0);
            long result = Libc.callLong(Libc.Fn.SYSCALL, SyscallNumbers.here().schedSetattr, thread, attributes.address(), 0);
            Libc.check((int) result, "sched_setattr", "thread " + thread);
        }
    }
}
