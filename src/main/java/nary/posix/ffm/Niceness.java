package nary.posix.ffm;

import java.util.concurrent.atomic.AtomicBoolean;
import nary.posix.Errno;
import nary.posix.OsException;

/** setpriority(2), which on Linux counts for a thread alone. */
final class Niceness {
    private static final int PRIO_PROCESS = 0;
    /** What the system call returns is 20 less the niceness, so that it is never negative. */
    private static final int OFFSET = 20;

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
            set(0, before + niceness);
            set(0, before);
            return of(0) == before;
        } catch (OsException notAllowed) {
            return false;
        }
    }

    /** Nothing where it has another niceness, or is gone. */
    static void change(int thread, int from, int to) throws OsException {
        try {
            if (of(thread) == from) set(thread, to);
        } catch (OsException e) {
            if (e.errno() != Errno.ESRCH) throw e;
        }
    }

    private static void set(int thread, int niceness) throws OsException {
        Libc.check(Libc.call(Libc.Fn.SETPRIORITY, PRIO_PROCESS, thread, niceness), "setpriority", "thread " + thread);
    }
}
