package nary.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import nary.config.Output;
import nary.id.WorkerId;
import nary.posix.Fd;
import nary.posix.OsException;
import nary.posix.Pid;
import nary.posix.Poll;
import nary.posix.Posix;

/**
 * Carries the workers' output to its files, by whole lines, on a thread of its own. When a file takes no more, only the pipes that feed it
 * wait, and with them their writers; the supervisor never does. Memory is bounded by 1 MiB a pipe, and only while a line of that length has
 * no end. A pipe does not break when nary dies: its writer waits once it is full. Thread-safe.
 */
public final class Capture {
    /** Of a pipe, where the kernel grants it: room for a burst, and for what is written while nary is away. */
    private static final int PIPE = 1024 * 1024;
    /** An ordinary user may have 64 MiB of pipes in all; so many large ones leave enough for others. */
    private static final int MOST_LARGE = 16;

    private static final int USUAL = 64 * 1024;

    private static final Duration RETRY = Duration.ofMillis(50);

    private final Posix posix;
    private final Poll poll;
    private final OutputFiles files;
    private final Consumer<String> trouble;
    private final Thread thread;
    private final Tails tails = new Tails();
    /** Opened by others, and not yet taken over by the log thread. */
    private final Queue<Opened> fresh = new ConcurrentLinkedQueue<>();

    /** Spawned, and not yet told to the pipes. */
    private final Queue<Named> names = new ConcurrentLinkedQueue<>();

    private final Queue<Wish> wishes = new ConcurrentLinkedQueue<>();
    /** By token; those in {@code paused} are not watched. */
    private final Map<Long, LinePipe> pipes = new HashMap<>();

    private final Map<Long, LinePipe> paused = new HashMap<>();
    private final ByteBuffer buffer = LinePipe.buffer();
    private final Queue<Runnable> reopenings = new ConcurrentLinkedQueue<>();
    private final AtomicInteger open = new AtomicInteger();
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

    private record Opened(WorkerId worker, Stream stream, Fd pipe) {}

    private record Named(WorkerId worker, int pid) {}

    private Capture(Posix posix, OutputFiles files, Consumer<String> trouble) throws OsException {
        this.posix = posix;
        this.poll = posix.newPoll();
        this.files = files;
        this.trouble = trouble;
        this.thread = Thread.ofPlatform().name("log").daemon().unstarted(this::run);
    }

    /**
     * Opens the files for appending, parent folders included. They may be the same file. A file called {@code -} is this process's own
     * stdout or stderr; one with {@code {slot}} in its name is opened for each slot with its first line.
     *
     * @param trouble one line for the event log, at most one in 10 s for each file and its recovery; called on threads of the log
     */
    public static Capture start(Posix posix, Path stdout, Path stderr, Output output, Consumer<String> trouble) throws IOException {
        OutputFiles files = OutputFiles.open(stdout, stderr, output, trouble);
        boolean started = false;
        try {
            Capture capture = start(posix, files, trouble);
            started = true;
            return capture;
        } finally {
            if (!started) files.close(0);
        }
    }

    static Capture start(Posix posix, OutputFiles files, Consumer<String> trouble) throws OsException {
        Capture capture = new Capture(posix, files, trouble);
        capture.thread.start();
        return capture;
    }

    /** A pipe for a worker that is about to be spawned. @return the worker's end, which the caller closes after the spawn */
    public Fd open(WorkerId worker, Stream stream) throws OsException {
        var pair = posix.sockets().lastingPipe(open.incrementAndGet() > MOST_LARGE ? USUAL : PIPE);
        fresh.add(new Opened(worker, stream, pair.ours()));
        poll.wake();
        return pair.theirs();
    }

    /** The worker's process is known, or that there will be none. Lines that name their process wait for this. */
    public void spawned(WorkerId worker, Optional<Pid> process) {
        names.add(new Named(worker, process.map(Pid::number).orElse(0)));
        poll.wake();
    }

    /** The files were moved away: what follows goes to new ones. @param done called on the log thread, must not block */
    public void reopen(Runnable done) {
        reopenings.add(done);
        poll.wake();
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
        if (!reopenings.isEmpty()) reopenFiles();
        resume();
        for (Poll.Ready one : ready) {
            LinePipe pipe = pipes.get(one.token());
            if (pipe != null) read(one.token(), pipe);
        }
        if (closing || !asked.isEmpty()) sweep(asked);
    }

    private void adoptFresh() {
        // what is named now was opened before, so its pipe is among the fresh ones or adopted already
        List<Named> named = takeAll(names);
        for (Opened one : takeAll(fresh)) {
            LinePipe pipe = new LinePipe(one.worker, one.stream, one.pipe, files.of(one.stream, one.worker.slot()));
            pipes.put(++lastToken, pipe);
            paused.put(lastToken, pipe);
        }
        for (Named each : named) for (LinePipe pipe : pipes.values()) if (pipe.worker.equals(each.worker)) pipe.pid(each.pid);
    }

    private static <T> List<T> takeAll(Queue<T> queue) {
        List<T> taken = new ArrayList<>();
        for (T one; (one = queue.poll()) != null; ) taken.add(one);
        return taken;
    }

    private void reopenFiles() {
        List<Runnable> asked = takeAll(reopenings);
        files.reopen();
        asked.forEach(Runnable::run);
    }

    private void resume() {
        files.retry();
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
        int count = pipe.read(posix.sockets(), buffer, tails);
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
        open.decrementAndGet();
        posix.sockets().close(pipe.fd);
        if (pipe.stream == Stream.ERR) tails.end(pipe.worker);
    }

    private void finish() {
        long lost = 0;
        adoptFresh();
        for (LinePipe pipe : pipes.values()) {
            if (!pipe.file.isStuck()) pipe.end();
            lost += pipe.kept();
            posix.sockets().close(pipe.fd);
        }
        lost += files.close(closeAt);
        if (lost > 0) trouble.accept("at least " + lost + " bytes of the workers' output could not be written");
        over = true;
        wishes.forEach(wish -> wish.granted.countDown());
    }
}
