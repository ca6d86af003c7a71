package nary.posix.sim;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import nary.posix.Errno;
import nary.posix.Fd;
import nary.posix.OsException;
import nary.posix.Pid;
import nary.posix.Processes;
import org.jspecify.annotations.Nullable;

final class SimProcesses implements Processes {
    private final SimKernel kernel;

    SimProcesses(SimKernel kernel) {
        this.kernel = kernel;
    }

    @Override
    public Child spawn(Program program) throws OsException {
        synchronized (kernel) {
            if (!kernel.directories.contains(program.directory())) throw missing("directory " + program.directory());
            SimProgram executable = kernel.programs.get(program.path());
            if (executable == null) throw missing(program.path());
            int pid = kernel.pid();
            int session = program.isolation() == Isolation.SESSION ? pid : SimKernel.SELF;
            SimProcess process = new SimProcess(kernel, pid, session, program);
            for (int standard = 0; standard <= 2; standard++) process.descriptors.put(standard, new SimFile.Null());
            for (var entry : program.descriptors().entrySet())
                process.descriptors.put(entry.getKey(), kernel.file(entry.getValue(), "fcntl"));
            process.descriptors.values().forEach(file -> file.references++);
            kernel.processes.put(pid, process);
            Fd pidfd = kernel.install(new SimFile.Pidfd(process));
            executable.start(process);
            return new Child(new Pid(pid), pidfd);
        }
    }

    private static OsException missing(String what) {
        return new OsException("posix_spawn", Errno.ENOENT.number(), what);
    }

    @Override
    public Optional<Exit> reap(Fd pidfd) throws OsException {
        synchronized (kernel) {
            SimFile file = kernel.file(pidfd, "waitid");
            if (!(file instanceof SimFile.Pidfd of)) throw new OsException("waitid", Errno.EBADF.number(), pidfd.toString());
            SimProcess process = of.process;
            if (process.exit == null) return Optional.empty();
            if (process.reaped || process.parent != SimKernel.SELF) return Optional.of(new Exit.Unknown());
            forget(process);
            return Optional.of(process.exit);
        }
    }

    private void forget(SimProcess process) {
        process.reaped = true;
        kernel.processes.remove(process.pid);
    }

    @Override
    public boolean hasZombie() {
        synchronized (kernel) {
            return kernel.processes.values().stream().anyMatch(it -> it.exit != null && it.parent == SimKernel.SELF);
        }
    }

    @Override
    public boolean reapZombie(Pid pid) {
        synchronized (kernel) {
            SimProcess process = kernel.processes.get(pid.number());
            if (process == null || process.exit == null || process.parent != SimKernel.SELF) return false;
            forget(process);
            return true;
        }
    }

    @Override
    public boolean signal(Pid pid, int signal) {
        if (pid.number() <= 0) throw new IllegalArgumentException("would reach more than one process: " + pid);
        synchronized (kernel) {
            SimProcess process = kernel.processes.get(pid.number());
            if (process != null) process.signal(signal);
            return process != null || pid.number() == SimKernel.SELF;
        }
    }

    @Override
    public Fd openPidfd(Pid pid) throws OsException {
        synchronized (kernel) {
            SimProcess process = kernel.processes.get(pid.number());
            if (process == null) throw new OsException("pidfd_open", Errno.ESRCH.number(), "pid " + pid);
            return kernel.install(new SimFile.Pidfd(process));
        }
    }

    @Override
    public List<Info> table() {
        synchronized (kernel) {
            List<Info> table = new ArrayList<>();
            table.add(new Info(self(), new Pid(1), SimKernel.SELF, SimKernel.SELF, 'R', "nary", 1));
            for (SimProcess p : kernel.processes.values())
                table.add(new Info(new Pid(p.pid), new Pid(p.parent), p.group, p.session, p.state, p.program.path(), p.pid));
            return table;
        }
    }

    @Override
    public List<Doing> threads(Pid pid) {
        synchronized (kernel) {
            SimProcess process = alive(pid);
            return process == null ? List.of() : List.of(new Doing(process.program.path(), process.state, ""));
        }
    }

    @Override
    public Map<Integer, Long> awake(Pid pid) {
        synchronized (kernel) {
            SimProcess process = alive(pid);
            boolean isAwake = process != null && (process.state == 'R' || process.state == 'D');
            return isAwake ? Map.of(pid.number(), 0L) : Map.of();
        }
    }

    private @Nullable SimProcess alive(Pid pid) {
        SimProcess process = kernel.processes.get(pid.number());
        return process == null || process.exit != null ? null : process;
    }

    @Override
    public Optional<Pid> processOfThread(int threadId) {
        synchronized (kernel) {
            boolean there = threadId == SimKernel.SELF || kernel.processes.containsKey(threadId);
            return there ? Optional.of(new Pid(threadId)) : Optional.empty();
        }
    }

    @Override
    public boolean maps(Pid pid, String fileName) {
        return false;
    }

    @Override
    public Set<Long> socketInodes(Pid pid) {
        synchronized (kernel) {
            SimProcess process = alive(pid);
            Map<Integer, SimFile> files = process == null ? Map.of() : process.descriptors;
            if (pid.number() == SimKernel.SELF) files = kernel.descriptors;
            Set<Long> inodes = new HashSet<>();
            for (SimFile file : files.values()) {
                if (file instanceof SimSocket socket) inodes.add(socket.inode);
                if (file instanceof SimConnection connection) inodes.add(connection.inode());
            }
            return inodes;
        }
    }

    @Override
    public long residentBytes(Pid pid) {
        synchronized (kernel) {
            return alive(pid) == null ? 0 : 10_000_000;
        }
    }

    @Override
    public long proportionalBytes(Pid pid) {
        return residentBytes(pid);
    }

    @Override
    public Map<String, String> environmentOf(Pid pid) {
        synchronized (kernel) {
            SimProcess process = alive(pid);
            return process == null ? Map.of() : process.program.environment();
        }
    }

    @Override
    public boolean isPolled(Pid pid, int descriptor) {
        return false;
    }

    @Override
    public boolean isCloseOnExec(Pid pid, int descriptor) {
        return pid.number() == SimKernel.SELF;
    }

    @Override
    public void becomeSubreaper() {
        kernel.subreaper = true;
    }

    @Override
    public int niceness(Pid pid) throws OsException {
        synchronized (kernel) {
            if (pid.number() == SimKernel.SELF) return 0;
            SimProcess process = alive(pid);
            if (process == null) throw new OsException("getpriority", Errno.ESRCH.number(), "thread " + pid);
            return process.niceness;
        }
    }

    @Override
    public boolean mayTakeBack(int niceness) {
        return true;
    }

    @Override
    public void renice(Pid pid, int from, int to, Slice slice) {
        synchronized (kernel) {
            SimProcess process = alive(pid);
            if (process != null && process.niceness == from) process.niceness = to;
        }
    }

    @Override
    public void trimMemory() {
        // a simulated process keeps nothing
    }

    @Override
    public Pid self() {
        return new Pid(SimKernel.SELF);
    }

    @Override
    public int uid() {
        return kernel.uid;
    }
}
