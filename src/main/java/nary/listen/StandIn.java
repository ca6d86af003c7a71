package nary.listen;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import nary.id.WorkerId;
import nary.posix.Fd;
import nary.posix.OsException;
import nary.posix.Poll;
import nary.posix.Posix;
import org.jspecify.annotations.Nullable;

/**
 * Answers new connections in the workers' place, on listening sockets of its own, while the app is closed. When it opens again those that came
 * here are still answered; then the sockets go. One platform thread, and none while the app is open. Thread-safe.
 */
public final class StandIn {
    /** Whom the listeners know it by. */
    static final WorkerId ID = new WorkerId(0, 1, 0);

    private static final int MOST = 1024;
    private static final int READ = 16 * 1024;
    private static final long LISTENERS = 1L << 32;
    private static final Duration TICK = Duration.ofMillis(100);
    /** For a request to come, and its answer to be taken. */
    private static final long PATIENCE_NANOS = 10_000_000_000L;
    /** For the client to have read the answer: closing a socket with unread bytes in it resets the connection. */
    private static final long LINGER_NANOS = 2_000_000_000L;
    /** Handshakes that began before the app opened again end here. */
    private static final long LEAVE_NANOS = 2_000_000_000L;

    private final Posix posix;
    private final Listeners listeners;
    private final Consumer<String> trouble;
    private volatile @Nullable ClosedPage page;
    private volatile long openedAt;
    private @Nullable Thread thread;

    public StandIn(Posix posix, Listeners listeners, Consumer<String> trouble) {
        this.posix = posix;
        this.listeners = listeners;
        this.trouble = trouble;
    }

    /** From now on; the page may be another than before. */
    public synchronized void close(ClosedPage next) throws OsException {
        page = next;
        listeners.standIn(ID);
        if (thread == null) thread = Thread.ofPlatform().name("maintenance").daemon().start(this::run);
    }

    /** New connections go to the workers again. */
    public synchronized void open() throws OsException {
        listeners.standDown();
        openedAt = System.nanoTime();
        page = null;
    }

    /** One client. */
    private static final class Visit {
        final Fd fd;
        final byte[] read = new byte[READ];
        int length;
        byte @Nullable [] answer;
        int written;
        boolean isAnswered;
        long until = System.nanoTime() + PATIENCE_NANOS;

        Visit(Fd fd) {
            this.fd = fd;
        }
    }

    private void run() {
        Map<Long, Visit> visits = new HashMap<>();
        Map<Long, Fd> watched = new HashMap<>();
        ClosedPage last = page;
        try (Poll poll = posix.newPoll()) {
            while (true) {
                ClosedPage now = page;
                if (now != null) last = now;
                watch(poll, watched);
                for (Poll.Ready ready : poll.await(TICK)) {
                    if (ready.token() >= LISTENERS) admit(poll, visits, watched.get(ready.token()));
                    else serve(poll, visits, ready.token(), last);
                }
                expire(visits);
                if (visits.isEmpty() && ends()) return;
            }
        } catch (OsException e) {
            trouble.accept("the maintenance page is not served any more: " + e.getMessage());
            leave();
        } finally {
            visits.values().forEach(visit -> posix.sockets().close(visit.fd));
        }
    }

    /** Listeners come when the app listens on more addresses. */
    private void watch(Poll poll, Map<Long, Fd> watched) throws OsException {
        List<Fd> its = listeners.socketsOf(ID);
        watched.values().retainAll(its);
        for (Fd fd : its) {
            long token = LISTENERS + fd.number();
            if (fd.equals(watched.get(token))) continue;
            posix.sockets().block(fd, false);
            poll.watch(fd, token);
            watched.put(token, fd);
        }
    }

    private void admit(Poll poll, Map<Long, Visit> visits, @Nullable Fd listener) throws OsException {
        while (listener != null && visits.size() < MOST) {
            Optional<Fd> client = posix.sockets().accept(listener);
            if (client.isEmpty()) return;
            poll.watch(client.get(), client.get().number());
            visits.put((long) client.get().number(), new Visit(client.get()));
        }
    }

    private void serve(Poll poll, Map<Long, Visit> visits, long token, @Nullable ClosedPage with) {
        Visit visit = visits.get(token);
        if (visit == null) return;
        try {
            if (!goesOn(poll, visit, with)) end(visits, token);
        } catch (OsException clientGone) {
            end(visits, token);
        }
    }

    /** False when all has been said, or the client is gone. */
    private boolean goesOn(Poll poll, Visit visit, @Nullable ClosedPage with) throws OsException {
        if (visit.isAnswered) return discard(visit);
        if (visit.answer == null && !reads(visit, with)) return false;
        byte[] answer = visit.answer;
        if (answer == null) return true;
        while (visit.written < answer.length) {
            int count = posix.sockets().write(visit.fd, answer, visit.written, answer.length - visit.written);
            if (count < 0) {
                poll.watchWriting(visit.fd, visit.fd.number());
                return true;
            }
            visit.written += count;
        }
        if (answer.length == 0) return false;
        visit.isAnswered = true;
        visit.until = System.nanoTime() + LINGER_NANOS;
        posix.sockets().endWriting(visit.fd);
        poll.watch(visit.fd, visit.fd.number());
        return true;
    }

    private boolean reads(Visit visit, @Nullable ClosedPage with) throws OsException {
        int count = posix.sockets().read(visit.fd, visit.read, visit.length, READ - visit.length);
        if (count < 0) return true;
        if (count == 0 || with == null) return false;
        visit.length += count;
        visit.answer = with.answer(visit.read, visit.length).orElse(null);
        return true;
    }

    /** The rest of a request, until the client has closed. */
    private boolean discard(Visit visit) throws OsException {
        int count;
        do count = posix.sockets().read(visit.fd, visit.read, 0, READ);
        while (count > 0);
        return count < 0;
    }

    private void expire(Map<Long, Visit> visits) {
        List<Long> late = new ArrayList<>();
        visits.forEach((token, visit) -> {
            if (System.nanoTime() - visit.until >= 0) late.add(token);
        });
        late.forEach(token -> end(visits, token));
    }

    private void end(Map<Long, Visit> visits, long token) {
        Visit visit = visits.remove(token);
        if (visit != null) posix.sockets().close(visit.fd);
    }

    private synchronized boolean ends() {
        if (page != null || System.nanoTime() - openedAt < LEAVE_NANOS) return false;
        leave();
        return true;
    }

    private synchronized void leave() {
        listeners.leave(ID);
        thread = null;
    }
}
