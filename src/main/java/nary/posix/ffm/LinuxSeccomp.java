package nary.posix.ffm;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import nary.posix.Errno;
import nary.posix.Fd;
import nary.posix.OsException;
import nary.posix.Seccomp;
import nary.posix.Sockets.Instruction;
import org.jspecify.annotations.Nullable;

/** seccomp(2), seccomp_unotify(2). */
final class LinuxSeccomp implements Seccomp {
    private static final int SET_MODE_FILTER = 1;
    private static final int SPEC_ALLOW = 4;
    private static final int NEW_LISTENER = 8;
    /** Linux 5.19: once received, only a fatal signal interrupts the caller. */
    private static final int WAIT_KILLABLE_RECV = 32;

    private static final int SET_NO_NEW_PRIVS = 38;
    private static final int RET_USER_NOTIF = 0x7fc00000;
    private static final int RET_ALLOW = 0x7fff0000;
    private static final long RECV = 0xc0502100L;
    private static final long SEND = 0xc0182101L;
    private static final long ID_VALID = 0x40082102L;
    private static final long ADDFD = 0x40182103L;
    private static final int FLAG_CONTINUE = 1;
    private static final int ADDFD_SETFD = 1;
    private static final int CLOEXEC = 0x80000;
    private static final int MOST_READ = 1 << 16;
    private static final short POLLIN = 1;
    private static final short POLLERR_HUP_NVAL = 0x8 | 0x10 | 0x20;
    private static final SyscallNumbers ARCH = SyscallNumbers.here();

    private final Map<Integer, Receiver> receivers = new HashMap<>();

    @Override
    public Fd install() throws OsException {
        if (Thread.currentThread().isVirtual()) throw new IllegalStateException("a filter belongs to a platform thread");
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment program = Bpf.program(arena, filter());
            int flags = NEW_LISTENER | SPEC_ALLOW | WAIT_KILLABLE_RECV;
            int fd = load(flags, program);
            if (Libc.is(fd, Errno.EINVAL)) fd = load(flags & ~WAIT_KILLABLE_RECV, program);
            return new Fd(Libc.check(fd, "seccomp", "filter on bind and listen"));
        }
    }

    /** EACCES: no CAP_SYS_ADMIN, so no_new_privs must be set. */
    private static int load(int flags, MemorySegment program) throws OsException {
        int fd = (int) Libc.callLong(Libc.Fn.SYSCALL, ARCH.seccomp, SET_MODE_FILTER, flags, program.address());
        if (!Libc.is(fd, Errno.EACCES)) return fd;
        Libc.check(Libc.call(Libc.Fn.PRCTL, SET_NO_NEW_PRIVS, 1, 0, 0, 0), "prctl", "no_new_privs");
        return (int) Libc.callLong(Libc.Fn.SYSCALL, ARCH.seccomp, SET_MODE_FILTER, flags, program.address());
    }

    /** Addresses shorter than 24 bytes but for 16, the size of sockaddr_in, are netlink's and short unix paths: not our business. */
    private static List<Instruction> filter() {
        int archOffset = 4;
        int lengthOffset = 32;
        return List.of(
                Bpf.loadWord(archOffset),
                Bpf.ifEqual(ARCH.auditArch, 0, 6),
                Bpf.loadWord(0),
                Bpf.ifEqual(ARCH.listen, 5, 0),
                Bpf.ifEqual(ARCH.bind, 0, 3),
                Bpf.loadWord(lengthOffset),
                Bpf.ifEqual(16, 2, 0),
                Bpf.ifAtLeast(24, 1, 0),
                Bpf.ret(RET_ALLOW),
                Bpf.ret(RET_USER_NOTIF));
    }

    @Override
    public @Nullable Notification receive(Fd listener) throws OsException {
        Receiver receiver = receiver(listener.number());
        return receiver == null ? null : receiver.next();
    }

    /** Null if the number is closed, or has become something else since. Under the lock that {@link #close} takes too. */
    private synchronized @Nullable Receiver receiver(int listener) throws OsException {
        Receiver known = receivers.get(listener);
        if (known != null || !Proc.isSeccompListener(listener)) return known;
        int eventfd = Libc.check(Libc.call(Libc.Fn.EVENTFD, 0, CLOEXEC), "eventfd", "");
        Receiver fresh = new Receiver(listener, eventfd);
        receivers.put(listener, fresh);
        return fresh;
    }

    /** Closes a descriptor; if somebody waits in {@link #receive} on it, that ends with null. */
    synchronized int close(int fd) {
        Receiver receiver = receivers.remove(fd);
        return receiver == null ? Libc.call(Libc.Fn.CLOSE, fd) : receiver.close();
    }

    /** A listener and the eventfd that ends the wait on it when it is closed. */
    private static final class Receiver {
        private final int listener;
        private final int eventfd;
        private boolean closed;
        private boolean waiting;

        Receiver(int listener, int eventfd) {
            this.listener = listener;
            this.eventfd = eventfd;
        }

        @Nullable Notification next() throws OsException {
            if (!enter()) return null;
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment polled = arena.allocate(16, 8);
                MemorySegment notification = arena.allocate(80, 8);
                while (true) {
                    if (!awaitOne(polled)) return null;
                    int result = take(notification);
                    if (result == 0) return decode(notification);
                    if (Libc.is(result, Errno.EBADF)) return null;
                    if (!Libc.is(result, Errno.EINTR) && !Libc.is(result, Errno.ENOENT))
                        throw new OsException("ioctl(SECCOMP_IOCTL_NOTIF_RECV)", -result, "fd " + listener);
                }
            } finally {
                leave();
            }
        }

        /** False when there will be no more: closed, or the last filtered process has ended. */
        private boolean awaitOne(MemorySegment polled) throws OsException {
            polled.set(JAVA_INT, 0, listener);
            polled.set(JAVA_INT, 4, POLLIN);
            polled.set(JAVA_INT, 8, eventfd);
            polled.set(JAVA_INT, 12, POLLIN);
            Libc.check(Libc.retry(Libc.Fn.POLL, polled.address(), 2, -1), "poll", "fd " + listener);
            int events = polled.get(JAVA_INT, 4) >>> 16;
            return polled.get(JAVA_INT, 12) >>> 16 == 0 && ((events & POLLIN) != 0 || (events & POLLERR_HUP_NVAL) == 0);
        }

        /** Under the lock, so that the number is still the listener's. After POLLIN this does not wait. */
        private synchronized int take(MemorySegment notification) {
            if (closed) return -Errno.EBADF.number();
            notification.fill((byte) 0);
            return Libc.call(Libc.Fn.IOCTL, listener, RECV, notification.address());
        }

        private synchronized boolean enter() {
            waiting = !closed;
            return waiting;
        }

        private synchronized void leave() {
            waiting = false;
            if (closed) Libc.call(Libc.Fn.CLOSE, eventfd);
        }

        private synchronized int close() {
            closed = true;
            if (waiting) LinuxPoll.increment(eventfd);
            else Libc.call(Libc.Fn.CLOSE, eventfd);
            return Libc.call(Libc.Fn.CLOSE, listener);
        }
    }

    /** struct seccomp_notif: id 0, pid 8, flags 12, nr 16, arch 20, ip 24, args 32. */
    private static Notification decode(MemorySegment n) {
        Call call = n.get(JAVA_INT, 16) == ARCH.bind ? Call.BIND : Call.LISTEN;
        boolean bind = call == Call.BIND;
        return new Notification(
                n.get(JAVA_LONG, 0),
                n.get(JAVA_INT, 8),
                call,
                n.get(JAVA_INT, 32),
                bind ? n.get(JAVA_LONG, 40) : 0,
                bind ? n.get(JAVA_INT, 48) : 0,
                bind ? 0 : n.get(JAVA_INT, 40));
    }

    @Override
    public byte[] read(int threadId, long pointer, int length) throws OsException {
        String what = length + " bytes of thread " + threadId;
        if (length < 0 || length > MOST_READ) throw new OsException("process_vm_readv", Errno.EINVAL.number(), what);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment bytes = arena.allocate(Math.max(1, length));
            MemorySegment local = vector(arena, bytes.address(), length);
            MemorySegment remote = vector(arena, pointer, length);
            long count = Libc.callLong(Libc.Fn.PROCESS_VM_READV, threadId, local.address(), 1, remote.address(), 1, 0);
            if (count < 0) throw new OsException("process_vm_readv", (int) -count, what);
            if (count < length) throw new OsException("process_vm_readv", Errno.EFAULT.number(), what);
            return bytes.asSlice(0, length).toArray(JAVA_BYTE);
        }
    }

    private static MemorySegment vector(Arena arena, long address, long length) {
        MemorySegment vector = arena.allocate(16, 8);
        vector.set(JAVA_LONG, 0, address);
        vector.set(JAVA_LONG, 8, length);
        return vector;
    }

    @Override
    public boolean isValid(Fd listener, long id) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment value = arena.allocate(8, 8);
            value.set(JAVA_LONG, 0, id);
            return Libc.retry(Libc.Fn.IOCTL, listener.number(), ID_VALID, value.address()) == 0;
        }
    }

    @Override
    public void answer(Fd listener, long id, int errno) throws OsException {
        respond(listener, id, errno, 0);
    }

    @Override
    public void letThrough(Fd listener, long id) throws OsException {
        respond(listener, id, 0, FLAG_CONTINUE);
    }

    /** struct seccomp_notif_resp: id 0, val 8, error 16 (negative), flags 20. */
    private static void respond(Fd listener, long id, int errno, int flags) throws OsException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment response = arena.allocate(24, 8);
            response.set(JAVA_LONG, 0, id);
            response.set(JAVA_INT, 16, -errno);
            response.set(JAVA_INT, 20, flags);
            int result = Libc.retry(Libc.Fn.IOCTL, listener.number(), SEND, response.address());
            if (!Libc.is(result, Errno.ENOENT)) Libc.check(result, "ioctl(SECCOMP_IOCTL_NOTIF_SEND)", listener);
        }
    }

    /** struct seccomp_notif_addfd: id 0, flags 8, srcfd 12, newfd 16, newfd_flags 20. */
    @Override
    public void replace(Fd listener, long id, Fd ours, int theirs, boolean closeOnExec) throws OsException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment request = arena.allocate(24, 8);
            request.set(JAVA_LONG, 0, id);
            request.set(JAVA_INT, 8, ADDFD_SETFD);
            request.set(JAVA_INT, 12, ours.number());
            request.set(JAVA_INT, 16, theirs);
            request.set(JAVA_INT, 20, closeOnExec ? CLOEXEC : 0);
            int result = Libc.retry(Libc.Fn.IOCTL, listener.number(), ADDFD, request.address());
            Libc.check(result, "ioctl(SECCOMP_IOCTL_NOTIF_ADDFD)", "descriptor " + theirs);
        }
    }
}
