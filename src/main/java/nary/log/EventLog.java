package nary.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Function;
import nary.config.Output;

/**
 * Appends lines to a file on a thread of its own, each with the time it was said. Who says them never waits: while the disk is full or hangs,
 * up to 8192 lines are kept and those beyond are counted, and the count is written when it works again. Rotated as the workers' output is.
 * Thread-safe.
 */
public final class EventLog {
    private static final int MAX_QUEUE = 8192;
    private static final int MAX_BATCH = 64 * 1024;
    private static final long RETRY_MILLIS = 100;
    /** Ends the wait for a line. */
    private static final String WAKE = "";

    private final LogFile file;
    private final Archive archive;
    private final BlockingQueue<String> queue = new ArrayBlockingQueue<>(MAX_QUEUE);
    private final AtomicLong dropped = new AtomicLong();
    private final Thread thread;
    private volatile boolean isReopenAsked;
    private volatile boolean closing;
    private volatile long closeAt;

    private EventLog(Archive archive, Function<Consumer<String>, LogFile> file) {
        this.archive = archive;
        this.file = file.apply(this::write);
        this.thread = Thread.ofPlatform().name("event log").daemon().unstarted(this::run);
    }

    /** Opens the file for appending; parent folders are made. @param limits at which it is rotated, and what is kept */
    public static EventLog open(Path path, Output limits) throws IOException {
        Archive archive = Archive.start(limits, _ -> {});
        EventLog log = new EventLog(archive, trouble -> LogFile.at(path, archive, "what is said meanwhile is kept, or counted", trouble));
        log.file.open();
        log.thread.start();
        return log;
    }

    static EventLog start(FileChannel channel) {
        EventLog log = new EventLog(Archive.none(), _ -> LogFile.of("events", channel, "", _ -> {}));
        log.thread.start();
        return log;
    }

    /** The file was moved away: what follows goes to a new one. */
    public void reopen() {
        isReopenAsked = true;
        // a full queue needs no waking
        queue.offer(WAKE);
    }

    /** As events have it: ISO 8601 with milliseconds and the local offset. */
    public static String time(Instant at) {
        return LineFormat.TIME.format(at.atZone(ZoneId.systemDefault()));
    }

    /** Without the time. */
    public void writeBare(String text) {
        if (!queue.offer(bare(text))) dropped.incrementAndGet();
    }

    private static String bare(String text) {
        return text.replace('\n', ' ').replace('\r', ' ') + "\n";
    }

    /** Never waits. @param at when it happened; @param text line ends in it become spaces */
    public void write(Instant at, String text) {
        if (!queue.offer(line(at, text))) dropped.incrementAndGet();
    }

    /** It happens now. */
    public void write(String text) {
        write(Instant.now(), text);
    }

    private static String line(Instant at, String text) {
        return time(at) + " " + bare(text);
    }

    /** Writes what was said until now, within the limit, and closes the file. */
    public void close(Duration limit) throws InterruptedException {
        closeAt = System.nanoTime() + limit.toNanos();
        closing = true;
        // a full queue needs no waking
        queue.offer(WAKE);
        thread.join(limit.plusMillis(2 * RETRY_MILLIS));
        // gets it out of a write that hangs
        thread.interrupt();
        thread.join(RETRY_MILLIS);
        archive.close();
    }

    private void run() {
        try {
            while (!closing || !queue.isEmpty() || dropped.get() > 0) if (!write(nextBatch())) return;
        } catch (InterruptedException limitIsOver) {
            Thread.currentThread().interrupt();
        } finally {
            file.close(0);
        }
    }

    private ByteBuffer nextBatch() throws InterruptedException {
        StringBuilder batch = new StringBuilder();
        String line = closing ? queue.poll() : queue.take();
        for (; line != null; line = batch.length() < MAX_BATCH ? queue.poll() : null) batch.append(line);
        long count = dropped.getAndSet(0);
        if (count > 0) batch.append(line(Instant.now(), count + " lines were dropped: the disk was too slow or full"));
        return ByteBuffer.wrap(batch.toString().getBytes(StandardCharsets.UTF_8));
    }

    /** @return false if the limit of {@link #close} is over */
    private boolean write(ByteBuffer batch) throws InterruptedException {
        if (isReopenAsked) file.reopen();
        isReopenAsked = false;
        while (!file.write(batch)) {
            if (closing && System.nanoTime() - closeAt >= 0 || Thread.interrupted()) return false;
            Thread.sleep(RETRY_MILLIS);
        }
        return true;
    }
}
