package nary.log;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import nary.id.WorkerId;
import nary.posix.Fd;
import nary.posix.OsException;
import nary.posix.Poll;
import nary.posix.Posix;

/**
 * Carries the workers' output to two files, by whole lines, on a thread of its own. When a file takes no more, only the pipes that feed it
 * wait, and with them their writers; the supervisor never does. Memory is bounded by 1 MiB a pipe.
 */
public final class Capture {
    private static final int TAIL = 16 * 1024;
    private static final int TAILS = 256;
    private static final Duration RETRY = Duration.ofMillis(50);
    private static final long LONG_LINE_NANOS = 1_000_000_000;

    private final Posix posix;
    private final Poll poll;
    private final LineFile out;
    private final LineFile err;
    private final Consumer<String> trouble;
    private final Thread thread;
    private final Queue<LinePipe> fresh = new ConcurrentLinkedQueue<>();
    private final Map<Long, LinePipe> pipes = new HashMap<>();
    private final Map<WorkerId, Integer> open = new HashMap<>();
    private final Map<WorkerId, byte[]> tails = new LinkedHashMap<>();
    private long lastToken;
    private volatile long closeAt;
    private volatile boolean closing;
    /** Passed on a piece of a long line: the others wait for its end, within a bound, so that the line stays whole. */
    private @org.jspecify.annotations.Nullable LinePipe longLine;

    private long longLineUntil;

    /** Which output of a worker. */
    public enum Stream {
        OUT,
        ERR
    }

    private Capture(Posix posix, LineFile out, LineFile err, Consumer<String> trouble) throws OsException {
        this.posix = posix;
        this.poll = posix.newPoll();
        this.out = out;
        this.err = err;
        this.trouble = trouble;
        this.thread = Thread.ofPlatform().name("log").daemon().unstarted(this::run);
    }

    /**
     * Opens the files for appending, parent folders included.
     *
     * @param trouble one line for the event log; called on the log thread
     */
    public static Capture start(Posix posix, Path stdout, Path stderr, Consumer<String> trouble) throws IOException {
        Capture capture = new Capture(posix, LineFile.open(stdout, trouble), LineFile.open(stderr, trouble), trouble);
        capture.thread.start();
        return capture;
    }

    /** A pipe for a worker that is about to be spawned. @return the worker's end, which the caller closes after the spawn */
    public Fd open(WorkerId worker, Stream stream) throws OsException {
        var pair = posix.sockets().pipe();
        synchronized (this) {
            open.merge(worker, 1, Integer::sum);
        }
        fresh.add(new LinePipe(worker, stream, pair.ours(), stream == Stream.OUT ? out : err));
        poll.wake();
        return pair.theirs();
    }

    /** The last lines the worker wrote to stderr, oldest first; remembered for the latest 256 workers. */
    public synchronized List<String> lastErrors(WorkerId worker, int count) {
        byte[] tail = tails.get(worker);
        if (tail == null) return List.of();
        List<String> lines = new ArrayList<>(new String(tail, StandardCharsets.UTF_8).lines().toList());
        if (tail.length == TAIL && lines.size() > 1) lines.removeFirst();
        return List.copyOf(lines.subList(Math.max(0, lines.size() - count), lines.size()));
    }

    /** Returns when all that the worker wrote has been read, or the limit is over: a grandchild may hold the pipe for ever. */
    public synchronized void awaitEnd(WorkerId worker, Duration limit) throws InterruptedException {
        long deadline = System.nanoTime() + limit.toNanos();
        while (open.containsKey(worker)) {
            long left = (deadline - System.nanoTime()) / 1_000_000;
            if (left <= 0) return;
            wait(left);
        }
    }

    /** Reads what is left, within the limit, and closes the files. What could not be written is counted and said. */
    public void drainAndClose(Duration limit) throws InterruptedException {
        closeAt = System.nanoTime() + limit.toNanos();
        closing = true;
        poll.wake();
        thread.join(limit.plusSeconds(1));
    }

    private void run() {
        try (poll) {
            while (!isOver()) turn();
        } catch (OsException e) {
            trouble.accept("the workers' output is no longer written: " + e.getMessage());
        }
        pipes.values().forEach(this::finish);
        int lost = out.close() + err.close();
        if (lost > 0) trouble.accept(lost + " bytes of the workers' output could not be written");
    }

    private boolean isOver() {
        return closing && (pipes.isEmpty() && fresh.isEmpty() || System.nanoTime() - closeAt >= 0);
    }

    private void turn() throws OsException {
        boolean waiting = closing || out.isStuck() || err.isStuck() || longLine != null;
        List<Poll.Ready> ready = poll.await(waiting ? RETRY : null);
        for (LinePipe pipe; (pipe = fresh.poll()) != null; ) {
            pipes.put(++lastToken, pipe);
            poll.watch(pipe.fd, lastToken);
        }
        resume();
        for (Poll.Ready one : ready) {
            LinePipe pipe = pipes.get(one.token());
            if (pipe != null && !pipe.paused) read(one.token(), pipe);
        }
    }

    private void resume() throws OsException {
        out.retry(false);
        err.retry(false);
        if (longLine != null && (!longLine.midLine || System.nanoTime() - longLineUntil >= 0)) endLongLine(longLine);
        for (var entry : pipes.entrySet()) {
            LinePipe pipe = entry.getValue();
            if (!pipe.paused || mustWait(pipe)) continue;
            pipe.paused = false;
            poll.watch(pipe.fd, entry.getKey());
        }
    }

    private void endLongLine(LinePipe pipe) {
        if (pipe.midLine && !pipe.file.isStuck()) pipe.end((bytes, length) -> append(pipe, bytes, length));
        longLine = null;
    }

    private boolean mustWait(LinePipe pipe) {
        return pipe.file.isStuck() || longLine != null && longLine != pipe && longLine.file == pipe.file;
    }

    private void read(long token, LinePipe pipe) throws OsException {
        if (mustWait(pipe)) {
            pipe.paused = true;
            poll.forget(pipe.fd);
            return;
        }
        LinePipe.Read read = pipe.read(posix.sockets(), (bytes, length) -> append(pipe, bytes, length));
        if (pipe.midLine && longLine == null) {
            longLine = pipe;
            longLineUntil = System.nanoTime() + LONG_LINE_NANOS;
        }
        if (read == LinePipe.Read.END) close(token, pipe);
    }

    private void append(LinePipe pipe, byte[] bytes, int length) {
        pipe.file.append(bytes, length);
        if (pipe.stream == Stream.ERR) remember(pipe.worker, bytes, length);
    }

    private synchronized void remember(WorkerId worker, byte[] bytes, int length) {
        byte[] before = tails.getOrDefault(worker, new byte[0]);
        int fromNew = Math.min(length, TAIL);
        int fromOld = Math.min(before.length, TAIL - fromNew);
        byte[] tail = Arrays.copyOfRange(before, before.length - fromOld, before.length - fromOld + fromOld + fromNew);
        System.arraycopy(bytes, length - fromNew, tail, fromOld, fromNew);
        tails.put(worker, tail);
        if (tails.size() > TAILS) tails.remove(tails.keySet().iterator().next());
    }

    private void close(long token, LinePipe pipe) throws OsException {
        poll.forget(pipe.fd);
        posix.sockets().close(pipe.fd);
        pipes.remove(token);
        if (longLine == pipe) longLine = null;
        ended(pipe.worker);
    }

    private void finish(LinePipe pipe) {
        if (!pipe.file.isStuck()) pipe.end((bytes, length) -> append(pipe, bytes, length));
        posix.sockets().close(pipe.fd);
        ended(pipe.worker);
    }

    private synchronized void ended(WorkerId worker) {
        open.computeIfPresent(worker, (w, count) -> count == 1 ? null : count - 1);
        notifyAll();
    }
}
