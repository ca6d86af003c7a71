package nary.posix.ffm;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import nary.posix.Errno;
import nary.posix.Fd;
import nary.posix.OsException;
import nary.posix.Pid;
import nary.posix.Processes;
import nary.posix.Signals;

/** Processes by posix_spawn(3), pidfd_open(2), waitid(2) and proc(5). */
final class LinuxProcesses implements Processes {
    private static final int P_ALL = 0;
    private static final int P_PID = 1;
    private static final int P_PIDFD = 3;
    private static final int WNOHANG = 1;
    private static final int WEXITED = 4;
    private static final int WNOWAIT = 0x01000000;
    private static final int CLD_EXITED = 1;
    private static final int SET_CHILD_SUBREAPER = 36;
    private static final short POLLIN = 1;

    @Override
    public Child spawn(Program program) throws OsException {
        Pid pid = new Pid(Spawn.run(program));
        try {
            return new Child(pid, openPidfd(pid));
        } catch (OsException e) {
            // nobody could follow it: better none at all
            Libc.call(Libc.Fn.KILL, pid.number(), Signals.KILL);
            wait(P_PID, pid.number(), WEXITED);
            throw e;
        }
    }

    @Override
    public Optional<Exit> reap(Fd pidfd) throws OsException {
        Waited waited = wait(P_PIDFD, pidfd.number(), WEXITED | WNOHANG);
        if (waited.error == Errno.ECHILD.number()) return hasEnded(pidfd) ? Optional.of(new Exit.Unknown()) : Optional.empty();
        if (waited.error != 0) throw new OsException("waitid", waited.error, "pidfd " + pidfd.number());
        if (waited.pid == 0) return Optional.empty();
        return Optional.of(waited.code == CLD_EXITED ? new Exit.Exited(waited.status) : new Exit.Killed(waited.status));
    }

    /** A pidfd is readable once its process has ended, whoever its parent is. */
    private static boolean hasEnded(Fd pidfd) throws OsException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment polled = arena.allocate(8, 8);
            polled.set(JAVA_INT, 0, pidfd.number());
            polled.set(JAVA_INT, 4, POLLIN);
            return Libc.check(Libc.retry(Libc.Fn.POLL, polled.address(), 1, 0), "poll", pidfd) > 0;
        }
    }

    @Override
    public boolean hasZombie() throws OsException {
        Waited waited = wait(P_ALL, 0, WEXITED | WNOHANG | WNOWAIT);
        if (waited.error == Errno.ECHILD.number()) return false;
        if (waited.error != 0) throw new OsException("waitid", waited.error, "any child");
        return waited.pid != 0;
    }

    @Override
    public boolean reapZombie(Pid pid) throws OsException {
        Waited waited;
        synchronized (Libc.HIDDEN_CHILD) {
            waited = wait(P_PID, pid.number(), WEXITED | WNOHANG);
        }
        if (waited.error == Errno.ECHILD.number()) return false;
        if (waited.error != 0) throw new OsException("waitid", waited.error, "pid " + pid);
        return waited.pid != 0;
    }

    private record Waited(int error, int pid, int code, int status) {}

    /** siginfo_t: si_code 8, si_pid 16, si_status 24. */
    private static Waited wait(int type, int id, int options) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment info = arena.allocate(128, 8);
            int result = Libc.retry(Libc.Fn.WAITID, type, id, info.address(), options);
            return new Waited(-result, info.get(JAVA_INT, 16), info.get(JAVA_INT, 8), info.get(JAVA_INT, 24));
        }
    }

    @Override
    public boolean signal(Pid pid, int signal) throws OsException {
        if (pid.number() <= 0) throw new IllegalArgumentException("would reach more than one process: " + pid);
        int result = Libc.call(Libc.Fn.KILL, pid.number(), signal);
        if (Libc.is(result, Errno.ESRCH)) return false;
        Libc.check(result, "kill", "pid " + pid);
        return true;
    }

    @Override
    public Fd openPidfd(Pid pid) throws OsException {
        long result = Libc.callLong(Libc.Fn.SYSCALL, SyscallNumbers.PIDFD_OPEN, pid.number(), 0);
        return new Fd(Libc.check((int) result, "pidfd_open", "pid " + pid));
    }

    @Override
    public List<Info> table() {
        return Proc.table();
    }

    @Override
    public List<Doing> threads(Pid pid) {
        return Proc.threads(pid);
    }

    @Override
    public Optional<Pid> processOfThread(int threadId) {
        return Proc.processOfThread(threadId);
    }

    @Override
    public boolean maps(Pid pid, String fileName) {
        return Proc.maps(pid, fileName);
    }

    @Override
    public Map<Integer, Long> awake(Pid pid) {
        return Proc.awake(pid);
    }

    @Override
    public Set<Long> socketInodes(Pid pid) {
        return Proc.socketInodes(pid);
    }

    @Override
    public long residentBytes(Pid pid) {
        return Proc.residentPages(pid) * Libc.call(Libc.Fn.GETPAGESIZE);
    }

    @Override
    public long proportionalBytes(Pid pid) {
        return Proc.proportionalBytes(pid).orElseGet(() -> residentBytes(pid));
    }

    @Override
    public Map<String, String> environmentOf(Pid pid) {
        return Proc.environmentOf(pid);
    }

    @Override
    public boolean isPolled(Pid pid, int descriptor) {
        return Proc.isPolled(pid, descriptor);
    }

    @Override
    public boolean isCloseOnExec(Pid pid, int descriptor) {
        return Proc.isCloseOnExec(pid, descriptor);
    }

    @Override
    public void becomeSubreaper() throws OsException {
        Libc.check(Libc.call(Libc.Fn.PRCTL, SET_CHILD_SUBREAPER, 1, 0, 0, 0), "prctl", "subreaper");
    }

    @Override
    public int niceness(Pid pid) throws OsException {
        return Niceness.of(pid.number());
    }

    @Override
    public boolean mayTakeBack(int niceness) throws InterruptedException {
        return Niceness.mayTakeBack(niceness);
    }

    @Override
    public void renice(Pid pid, int from, int to, Slice slice) throws OsException {
        for (int thread : Proc.threadIds(pid)) Niceness.change(thread, from, to, slice);
    }

    @Override
    public void trimMemory() {
        Libc.call(Libc.Fn.MALLOC_TRIM, 0);
    }

    @Override
    public Pid self() {
        return new Pid(Libc.call(Libc.Fn.GETPID));
    }

    @Override
    public int uid() {
        return Libc.call(Libc.Fn.GETEUID);
    }
}
