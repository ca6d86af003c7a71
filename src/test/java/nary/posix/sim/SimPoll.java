package nary.posix.sim;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import nary.posix.Errno;
import nary.posix.Fd;
import nary.posix.OsException;
import nary.posix.Poll;
import org.jspecify.annotations.Nullable;

final class SimPoll implements Poll {
    private final SimKernel kernel;
    private final Map<Integer, Watch> watches = new LinkedHashMap<>();
    private boolean woken;

    private record Watch(SimFile file, long token, boolean reading) {}

    SimPoll(SimKernel kernel) {
        this.kernel = kernel;
    }

    @Override
    public void watch(Fd fd, long token) throws OsException {
        put(fd, token, true);
    }

    @Override
    public void watchHangup(Fd fd, long token) throws OsException {
        put(fd, token, false);
    }

    private void put(Fd fd, long token, boolean reading) throws OsException {
        synchronized (kernel) {
            watches.put(fd.number(), new Watch(kernel.file(fd, "epoll_ctl"), token, reading));
        }
    }

    @Override
    public void watchWriting(Fd fd, long token) throws OsException {
        throw new UnsupportedOperationException("nothing simulated waits for room");
    }

    @Override
    public void forget(Fd fd) throws OsException {
        synchronized (kernel) {
            kernel.file(fd, "epoll_ctl");
            if (watches.remove(fd.number()) == null) throw new OsException("epoll_ctl", Errno.ENOENT.number(), fd.toString());
        }
    }

    @Override
    public List<Ready> await(@Nullable Duration limit) {
        long end = limit == null ? Long.MAX_VALUE : System.nanoTime() + limit.toNanos();
        synchronized (kernel) {
            while (true) {
                List<Ready> ready = ready();
                boolean over = limit != null && System.nanoTime() >= end;
                if (!ready.isEmpty() || woken || over) {
                    woken = false;
                    return ready;
                }
                pause(limit == null ? 0 : Math.max(1, (end - System.nanoTime() + 999_999) / 1_000_000));
            }
        }
    }

    private void pause(long millis) {
        try {
            kernel.wait(millis);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** As with epoll, a file leaves when its last descriptor closes. */
    private List<Ready> ready() {
        watches.values().removeIf(watch -> watch.file.references == 0);
        List<Ready> ready = new ArrayList<>();
        for (Watch watch : watches.values()) {
            boolean readable = watch.reading && watch.file.readable();
            if (readable || watch.file.hangup()) ready.add(new Ready(watch.token, readable, watch.file.hangup()));
        }
        return ready;
    }

    @Override
    public void wake() {
        synchronized (kernel) {
            woken = true;
            kernel.notifyAll();
        }
    }

    @Override
    public void close() {
        synchronized (kernel) {
            watches.clear();
        }
    }
}
