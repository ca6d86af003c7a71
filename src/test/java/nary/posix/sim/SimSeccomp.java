package nary.posix.sim;

import java.util.Arrays;
import nary.posix.Errno;
import nary.posix.Fd;
import nary.posix.OsException;
import nary.posix.Seccomp;
import org.jspecify.annotations.Nullable;

/** Unlike the real filter this one does not stay with a thread: after {@link #install} all that is spawned is filtered. */
final class SimSeccomp implements Seccomp {
    private final SimKernel kernel;

    SimSeccomp(SimKernel kernel) {
        this.kernel = kernel;
    }

    @Override
    public Fd install() {
        synchronized (kernel) {
            SimFile.Listener listener = new SimFile.Listener();
            kernel.filter[0] = listener;
            return kernel.install(listener);
        }
    }

    @Override
    public @Nullable Notification receive(Fd fd) {
        synchronized (kernel) {
            if (!(kernel.descriptors.get(fd.number()) instanceof SimFile.Listener listener)) return null;
            while (!listener.closed) {
                Notification next = listener.waiting.poll();
                if (next == null) await();
                else if (isValid(fd, next.id())) return next;
            }
            return null;
        }
    }

    private void await() {
        try {
            kernel.wait();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public byte[] read(int threadId, long pointer, int length) throws OsException {
        synchronized (kernel) {
            SimProcess process = kernel.processes.get(threadId);
            if (process == null || process.hasEnded()) throw unreadable(Errno.ESRCH, threadId);
            byte[] bytes = process.memory.get(pointer);
            if (bytes == null || bytes.length < length) throw unreadable(Errno.EFAULT, threadId);
            return Arrays.copyOf(bytes, length);
        }
    }

    private static OsException unreadable(Errno errno, int threadId) {
        return new OsException("process_vm_readv", errno.number(), "thread " + threadId);
    }

    private @Nullable SimProcess caller(long id) {
        for (SimProcess process : kernel.processes.values()) if (process.pending.containsKey(id)) return process;
        return null;
    }

    @Override
    public boolean isValid(Fd listener, long id) {
        synchronized (kernel) {
            return caller(id) != null;
        }
    }

    @Override
    public void answer(Fd listener, long id, int errno) {
        conclude(id, errno);
    }

    @Override
    public void letThrough(Fd listener, long id) {
        conclude(id, SimProcess.LET_THROUGH);
    }

    private void conclude(long id, int answer) {
        synchronized (kernel) {
            SimProcess process = caller(id);
            if (process == null) return;
            process.pending.remove(id).accept(answer);
            kernel.notifyAll();
        }
    }

    @Override
    public void replace(Fd listener, long id, Fd ours, int theirs, boolean closeOnExec) throws OsException {
        synchronized (kernel) {
            SimProcess process = caller(id);
            String call = "ioctl(SECCOMP_IOCTL_NOTIF_ADDFD)";
            if (process == null) throw new OsException(call, Errno.ENOENT.number(), "descriptor " + theirs);
            SimFile file = kernel.file(ours, call);
            file.references++;
            kernel.close(process.descriptors.put(theirs, file));
        }
    }
}
