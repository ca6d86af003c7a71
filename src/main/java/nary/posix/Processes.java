package nary.posix;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Starting, signalling, reaping and looking at processes. */
public interface Processes {

    /**
     * Starts a program; the child has default signal dispositions, an empty signal mask and no descriptor but those named.
     * Children started from a thread that carries a seccomp filter inherit it.
     *
     * @throws OsException naming {@code posix_spawn}, the errno and the program (also for a directory that is not there)
     */
    Child spawn(Program program) throws OsException;

    /** Not yet waited for: follow {@code pidfd} (readable at exit) and {@link #reap} it. The caller owns the pidfd. */
    record Child(Pid pid, Fd pidfd) {}

    /**
     * @param path the executable's path, absolute or relative to {@code directory}; never searched in PATH
     * @param environment {@code KEY} to value
     * @param descriptors number in the child to (borrowed) descriptor here; all others are closed in the child
     */
    record Program(
            String path,
            List<String> arguments,
            Map<String, String> environment,
            String directory,
            Map<Integer, Fd> descriptors,
            Isolation isolation) {}

    /** GROUP: its own process group. SESSION: its own session, for daemons. */
    enum Isolation {
        GROUP,
        SESSION
    }

    /** How a process ended, wait(2). */
    sealed interface Exit {
        /** As a shell has it: the exit code, or 128 and the signal's number; 1 where nobody knows. */
        int status();

        record Exited(int code) implements Exit {
            @Override
            public int status() {
                return code;
            }

            @Override
            public String toString() {
                return "exit code " + code;
            }
        }

        record Killed(int signal) implements Exit {
            @Override
            public int status() {
                return 128 + signal;
            }

            @Override
            public String toString() {
                return "signal " + Signals.name(signal);
            }
        }

        /** Somebody else reaped it. */
        record Unknown() implements Exit {
            @Override
            public int status() {
                return 1;
            }

            @Override
            public String toString() {
                return "unknown status";
            }
        }
    }

    /** Empty while it runs; never blocks. waitid(P_PIDFD, WEXITED|WNOHANG). */
    Optional<Exit> reap(Fd pidfd) throws OsException;

    /** A child has ended and nobody has reaped it. waitid(P_ALL, WEXITED|WNOHANG|WNOWAIT). */
    boolean hasZombie() throws OsException;

    /** Reaps this child if it is a zombie; false if it runs or is no child. waitid(P_PID, WEXITED|WNOHANG). */
    boolean reapZombie(Pid pid) throws OsException;

    /** kill(2) on one process. False if there is no such process (ESRCH). */
    boolean signal(Pid pid, int signal) throws OsException;

    Fd openPidfd(Pid pid) throws OsException;

    /** All processes, one read of /proc; those that vanish meanwhile are left out. */
    List<Info> table();

    /** @param state the letter of proc(5): R, S, D, Z, T …; @param startTicks clock ticks since boot */
    record Info(Pid pid, Pid parent, int group, int session, char state, String name, long startTicks) {}

    /** What its threads are doing, of the first 256: /proc/PID/task. Empty if it is gone. */
    List<Doing> threads(Pid pid);

    /**
     * A thread at one moment.
     *
     * @param state the letter of proc(5)
     * @param place the kernel's function in which it waits; empty if it runs, or if that is not for us to see
     */
    record Doing(String name, char state, String place) {}

    /**
     * Its threads that do not sleep of their own will: running, waiting for a processor (R) or for a disk (D), proc(5). By thread id the processor
     * time that each has had, in clock ticks. Empty if it is gone.
     */
    Map<Integer, Long> awake(Pid pid);

    /** The process that a thread belongs to: Tgid of /proc/TID/status. Empty if it is gone. */
    Optional<Pid> processOfThread(int threadId);

    /** Inodes of the sockets this process has open; empty if it is gone. */
    Set<Long> socketInodes(Pid pid);

    /** True if a file of this name is mapped into the process (/proc/PID/maps, proc(5)); false if it is gone or may not be looked at. */
    boolean maps(Pid pid, String fileName);

    /** Bytes of resident memory, 0 if it is gone. */
    long residentBytes(Pid pid);

    /**
     * Bytes of memory that are its own, and its share of what it shares with others: Pss in /proc/PID/smaps_rollup, proc(5), Linux 4.14. Its
     * resident memory where that may not be read, 0 if it is gone.
     */
    long proportionalBytes(Pid pid);

    /** The environment the process was started with; empty if it is gone or not ours to read. */
    Map<String, String> environmentOf(Pid pid);

    /** True if an epoll instance of the process watches this descriptor of its: a {@code tfd:} line in /proc/PID/fdinfo. */
    boolean isPolled(Pid pid, int descriptor);

    /** True if the process's descriptor is close-on-exec (O_CLOEXEC in the flags of /proc/PID/fdinfo). */
    boolean isCloseOnExec(Pid pid, int descriptor);

    /** Orphaned descendants become children of this process: prctl(PR_SET_CHILD_SUBREAPER). */
    void becomeSubreaper() throws OsException;

    /** Of its first thread, -20 … 19: getpriority(2). @throws OsException ESRCH if it is gone */
    int niceness(Pid pid) throws OsException;

    /**
     * Whether this process may make something nicer by so much and then take it back: CAP_SYS_NICE, or room in RLIMIT_NICE, sched_setattr(2).
     */
    boolean mayTakeBack(int niceness) throws InterruptedException;

    /**
     * All threads of the process that have the niceness {@code from} get {@code to}, -20 … 19, and a time slice; their policy stays. Left out
     * is what is gone, or has a policy without niceness: sched_setattr(2).
     *
     * @throws OsException EPERM if that is not allowed
     */
    void renice(Pid pid, int from, int to, Slice slice) throws OsException;

    /** How long a thread runs before another may take its place: the scheduler's usual, or 0.1 ms, which needs Linux 6.12 and is the usual before. */
    enum Slice {
        USUAL,
        SHORT
    }

    /** Gives memory of this process that its allocator keeps for later back to the kernel: malloc_trim(3). */
    void trimMemory();

    Pid self();

    /** Effective user id. */
    int uid();
}
