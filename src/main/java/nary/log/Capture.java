package nary.log;

import java.io.FileDescriptor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import nary.id.WorkerId;
import nary.posix.Fd;
import nary.posix.OsException;
import nary.posix.Poll;
import nary.posix.Posix;

/**
 * Carries the workers' output to two files, by whole lines, on a thread of its own. When a file takes no more, only the pipes that feed it
 * wait, and with them their writers; the supervisor never does. Memory is bounded by 1 MiB a pipe, and only while a line of that length has
 * no end. Thread-safe.
 */
public final class Capture {
    private static final int READ = 64 * 1024;
    private static final Duration RETRY = Duration.ofMillis(50);

    private final Posix posix;
    private final Poll poll;
    private final LineFile out;
    private final LineFile err;
    private final Consumer<String> trouble;
    private final Thread thread;
    private final Tails tails = new Tails();
    private final Queue<LinePipe> fresh = new ConcurrentLinkedQueue<>();
    private final Queue<Wish> wishes = new ConcurrentLinkedQueue<>();
    /** By token; those in {@code paused} are not watched. */
    private final Map<Long, LinePipe> pipes = new HashMap<>();

    private final Map<Long, LinePipe> paused = new HashMap<>();
    private final byte[] buffer = new byte[READ];
    private long lastToken;
    private boolean isWatchTroubleSaid;
    private volatile long closeAt;
    private volatile boolean closing;
    private volatile boolean over;

    /** Which output of a worker. */
    public enum Stream {
        OUT,
        ERR
    }

    private record Wish(WorkerId worker, CountDownLatch granted) {}

    private Capture(Posix posix, LineFile out, LineFile err, Consumer<String> trouble) throws OsException {
        this.posix = posix;
        this.poll = posix.newPoll();
        this.out = out;
        this.err = err;
        this.trouble = trouble;
        this.thread = Thread.ofPlatform().name("log").daemon().unstarted(this::run);
    }

    /**
     * Opens the files for appending, parent folders included. They may be the same file. A file called {@code -} is this process's own
     * stdout or stderr.
     *
     * @param trouble one line for the event log, at most one in 10 s for each file and its recovery; called on the log thread
     */
    public static Capture start(Posix posix, Path stdout, Path stderr, Consumer<String> trouble) throws IOException {
        LineFile out = LineFile.open(stdout, FileDescriptor.out, trouble);
        LineFile err = null;
        boolean started = false;
        try {
            err = isSame(stdout, stderr) ? out : LineFile.open(stderr, FileDescriptor.err, trouble);
            Capture capture = start(posix, out, err, trouble);
            started = true;
            return capture;
        } finally {
            if (!started) out.close();
            if (!started && err != null) err.close();
        }
    }

    static Capture start(Posix posix, LineFile out, LineFile err, Consumer<String> trouble) throws OsException {
        Capture capture = new Capture(posix, out, err, trouble);
        capture.thread.start();
        return capture;
    }

    private static boolean isSame(Path stdout, Path stderr) throws IOException {
        return !stdout.endsWith("-") && Files.exists(stderr) && Files.isSameFile(stdout, stderr);
    }

    /** A pipe for a worker that is about to be spawned. @return the worker's end, which the caller closes after the spawn */
    public Fd open(WorkerId worker, Stream stream) throws OsException {
        var pair = posix.sockets().pipe();
        fresh.add(new LinePipe(worker, stream, pair.ours(), stream == Stream.OUT ? out : err));
        poll.wake();
        return pair.theirs();
    }

    /** The last lines the worker wrote to stderr, oldest first; remembered for the latest 64 that have ended. */
    public List<String> lastErrors(WorkerId worker, int count) {
        return tails.last(worker, count);
    }

    /** Its last lines are of no more use. */
    public void forget(WorkerId worker) {
        tails.forget(worker);
    }

    /** Returns when all that the worker wrote before this call has been read, or the limit is over: the disk may be full. */
    public void awaitEnd(WorkerId worker, Duration limit) throws InterruptedException {
        Wish wish = new Wish(worker, new CountDownLatch(1));
        wishes.add(wish);
        poll.wake();
        try {
            // the log thread grants all there are after it has set this
            if (!over) wish.granted.await(limit.toNanos(), TimeUnit.NANOSECONDS);
        } finally {
            wishes.remove(wish);
        }
    }

    /** When the workers have ended: writes what they left in their pipes, within the limit, and closes the files. What is lost is said. */
    public void drainAndClose(Duration limit) throws InterruptedException {
        closeAt = System.nanoTime() + limit.toNanos();
        closing = true;
        poll.wake();
        thread.join(limit.plusMillis(500));
        if (!thread.isAlive()) return;
        // gets it out of a write that hangs: a FIFO nobody reads, a stopped terminal
        thread.interrupt();
        thread.join(500);
        if (thread.isAlive()) trouble.accept("a write of the workers' output hangs in the kernel; its last lines are lost");
    }

    private void run() {
        try (poll) {
            while (!isOver()) turn();
        } catch (OsException e) {
            trouble.accept("the workers' output is no longer written: " + e.getMessage());
        } finally {
            finish();
        }
    }

    private boolean isOver() {
        return closing && (pipes.isEmpty() && fresh.isEmpty() || System.nanoTime() - closeAt >= 0);
    }

    private void turn() throws OsException {
        boolean waits = closing || !paused.isEmpty() || !wishes.isEmpty();
        List<Poll.Ready> ready = poll.await(waits ? RETRY : null);
        // before the fresh pipes, so that a wish made after an open finds its pipe
        List<Wish> asked = List.copyOf(wishes);
        adoptFresh();
        resume();
        for (Poll.Ready one : ready) {
            LinePipe pipe = pipes.get(one.token());
            if (pipe != null) read(one.token(), pipe);
        }
        if (closing || !asked.isEmpty()) sweep(asked);
    }

    private void adoptFresh() {
        for (LinePipe pipe; (pipe = fresh.poll()) != null; ) {
            pipes.put(++lastToken, pipe);
            paused.put(lastToken, pipe);
        }
    }

    private void resume() {
        out.retry(false);
        err.retry(false);
        paused.entrySet().removeIf(entry -> !entry.getValue().file.mustWait(entry.getValue()) && watch(entry.getKey(), entry.getValue()));
    }

    private boolean watch(long token, LinePipe pipe) {
        try {
            poll.watch(pipe.fd, token);
            return true;
        } catch (OsException e) {
            if (!isWatchTroubleSaid) trouble.accept("the output of worker " + pipe.worker + " waits: " + e.getMessage());
            isWatchTroubleSaid = true;
            return false;
        }
    }

    /** One read. @return true if nothing is left in the pipe for now */
    private boolean read(long token, LinePipe pipe) throws OsException {
        if (pipe.file.mustWait(pipe)) {
            if (paused.put(token, pipe) == null) poll.forget(pipe.fd);
            return false;
        }
        int count = pipe.read(posix.sockets(), buffer);
        if (count > 0 && pipe.stream == Stream.ERR) tails.add(pipe.worker, buffer, count);
        if (count == 0) close(token, pipe);
        return count <= 0;
    }

    /** Reads whether epoll said so or not: an empty pipe is an answer too. A grandchild may hold it open for ever. */
    private void sweep(List<Wish> asked) throws OsException {
        Set<WorkerId> unread = new HashSet<>();
        for (var entry : List.copyOf(pipes.entrySet())) {
            LinePipe pipe = entry.getValue();
            if (!closing && asked.stream().noneMatch(wish -> wish.worker.equals(pipe.worker))) continue;
            boolean isEmpty = read(entry.getKey(), pipe);
            if (!isEmpty) unread.add(pipe.worker);
            else if (closing && pipes.containsKey(entry.getKey())) close(entry.getKey(), pipe);
        }
        for (Wish wish : asked) if (!unread.contains(wish.worker)) wish.granted.countDown();
        wishes.removeIf(wish -> wish.granted.getCount() == 0);
    }

    private void close(long token, LinePipe pipe) throws OsException {
        pipe.end();
        if (paused.remove(token) == null) poll.forget(pipe.fd);
        pipes.remove(token);
        posix.sockets().close(pipe.fd);
        if (pipe.stream == Stream.ERR) tails.end(pipe.worker);
    }

    private void finish() {
        int lost = 0;
        adoptFresh();
        for (LinePipe pipe : pipes.values()) {
            if (!pipe.file.isStuck()) pipe.end();
            lost += pipe.kept();
            posix.sockets().close(pipe.fd);
        }
        lost += out.close() + (err == out ? 0 : err.close());
        if (lost > 0) trouble.accept("at least " + lost + " bytes of the workers' output could not be written");
        over = true;
        wishes.forEach(wish -> wish.granted.countDown());
    }
}
