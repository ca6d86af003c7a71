package nary.posix.ffm;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import nary.posix.Errno;
import nary.posix.Fd;
import nary.posix.OsException;
import nary.posix.Poll;
import org.jspecify.annotations.Nullable;

/** epoll(7), woken through an eventfd(2). */
final class LinuxPoll implements Poll {
    private static final int CLOEXEC = 0x80000;
    private static final int NONBLOCK = 0x800;
    private static final int ADD = 1;
    private static final int DELETE = 2;
    private static final int MODIFY = 3;
    private static final int IN = 0x1;
    private static final int OUT = 0x4;
    private static final int ERR = 0x8;
    private static final int HUP = 0x10;
    private static final int RDHUP = 0x2000;
    private static final int MOST = 256;
    private static final long WAKE_TOKEN = Long.MIN_VALUE;
    private static final SyscallNumbers ARCH = SyscallNumbers.here();

    private final int epoll;
    private final int eventfd;
    private final MemorySegment events = Arena.ofAuto().allocate((long) MOST * ARCH.epollEventSize, 8);
    private final Object wakeLock = new Object();
    private boolean closed;

    private LinuxPoll(int epoll, int eventfd) {
        this.epoll = epoll;
        this.eventfd = eventfd;
    }

    static LinuxPoll open() throws OsException {
        int epoll = Libc.check(Libc.call(Libc.Fn.EPOLL_CREATE1, CLOEXEC), "epoll_create1", "");
        int eventfd = Libc.call(Libc.Fn.EVENTFD, 0, CLOEXEC | NONBLOCK);
        if (eventfd < 0) {
            Libc.call(Libc.Fn.CLOSE, epoll);
            throw new OsException("eventfd", -eventfd, "");
        }
        LinuxPoll poll = new LinuxPoll(epoll, eventfd);
        try {
            poll.control(ADD, eventfd, IN, WAKE_TOKEN);
        } catch (OsException e) {
            poll.close();
            throw e;
        }
        return poll;
    }

    @Override
    public void watch(Fd fd, long token) throws OsException {
        put(fd, IN | RDHUP, token);
    }

    @Override
    public void watchHangup(Fd fd, long token) throws OsException {
        put(fd, 0, token);
    }

    @Override
    public void watchWriting(Fd fd, long token) throws OsException {
        put(fd, OUT | RDHUP, token);
    }

    @Override
    public void forget(Fd fd) throws OsException {
        control(DELETE, fd.number(), 0, 0);
    }

    private void put(Fd fd, int mask, long token) throws OsException {
        if (token == WAKE_TOKEN) throw new IllegalArgumentException("this token is reserved");
        try {
            control(ADD, fd.number(), mask, token);
        } catch (OsException e) {
            if (e.errno() != Errno.EEXIST) throw e;
            control(MODIFY, fd.number(), mask, token);
        }
    }

    private void control(int operation, int fd, int mask, long token) throws OsException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment event = arena.allocate(ARCH.epollEventSize, 8);
            event.set(JAVA_INT, 0, mask);
            event.set(JAVA_LONG_UNALIGNED, ARCH.epollData, token);
            Libc.check(Libc.call(Libc.Fn.EPOLL_CTL, epoll, operation, fd, event.address()), "epoll_ctl", "fd " + fd);
        }
    }

    @Override
    public List<Ready> await(@Nullable Duration limit) throws OsException {
        long start = System.nanoTime();
        while (true) {
            int left = limit == null ? -1 : millisLeft(limit, start);
            int count = Libc.call(Libc.Fn.EPOLL_WAIT, epoll, events.address(), MOST, left);
            if (!Libc.is(count, Errno.EINTR)) return ready(Libc.check(count, "epoll_wait", ""));
        }
    }

    /** Rounded up: waking too early would make the caller spin. */
    private static int millisLeft(Duration limit, long start) {
        if (limit.compareTo(Duration.ofDays(1)) > 0) return (int) Duration.ofDays(1).toMillis();
        long nanos = limit.toNanos() - (System.nanoTime() - start);
        return nanos <= 0 ? 0 : (int) ((nanos + 999_999) / 1_000_000);
    }

    private List<Ready> ready(int count) {
        List<Ready> ready = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            long at = (long) i * ARCH.epollEventSize;
            int mask = events.get(java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED, at);
            long token = events.get(JAVA_LONG_UNALIGNED, at + ARCH.epollData);
            if (token == WAKE_TOKEN) drainWake();
            else ready.add(new Ready(token, (mask & IN) != 0, (mask & (HUP | ERR | RDHUP)) != 0));
        }
        return ready;
    }

    private void drainWake() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment counter = arena.allocate(8, 8);
            // EAGAIN is impossible here: only this thread reads, and epoll said that there is something
            Libc.retryLong(Libc.Fn.READ, eventfd, counter.address(), 8);
        }
    }

    @Override
    public void wake() {
        synchronized (wakeLock) {
            if (!closed) increment(eventfd);
        }
    }

    /** Adds 1 to an eventfd; a counter that is full (EAGAIN) is as good as one more. */
    static void increment(int eventfd) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment one = arena.allocate(8, 8);
            one.set(JAVA_LONG_UNALIGNED, 0, 1);
            Libc.retryLong(Libc.Fn.WRITE, eventfd, one.address(), 8);
        }
    }

    @Override
    public void close() {
        synchronized (wakeLock) {
            if (closed) return;
            closed = true;
            Libc.call(Libc.Fn.CLOSE, eventfd);
            Libc.call(Libc.Fn.CLOSE, epoll);
        }
    }
}
