package nary.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Appends lines to a file on a thread of its own, each with the time it was said. Who says them never waits: while the disk is full or hangs,
 * up to 8192 lines are kept and those beyond are counted, and the count is written when it works again. Thread-safe.
 */
public final class EventLog {
    private static final int MAX_QUEUE = 8192;
    private static final int MAX_BATCH = 64 * 1024;
    private static final long RETRY_MILLIS = 100;
    /** Ends the wait for a line. */
    private static final String WAKE = "";

    /** ISO 8601 with milliseconds and the local offset. */
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSxxx");

    private final FileChannel channel;
    private final BlockingQueue<String> queue = new ArrayBlockingQueue<>(MAX_QUEUE);
    private final AtomicLong dropped = new AtomicLong();
    private final Thread thread;
    private volatile boolean closing;
    private volatile long closeAt;

    private EventLog(FileChannel channel) {
        this.channel = channel;
        this.thread = Thread.ofPlatform().name("event log").daemon().unstarted(this::run);
    }

    /** Opens the file for appending; parent folders are made. */
    public static EventLog open(Path path) throws IOException {
        Path parent = path.toAbsolutePath().getParent();
        if (parent != null && !Files.isDirectory(parent)) Files.createDirectories(parent);
        return start(FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND));
    }

    static EventLog start(FileChannel channel) {
        EventLog log = new EventLog(channel);
        log.thread.start();
        return log;
    }

    /** Without the time. */
    public void writeBare(String text) {
        if (!queue.offer(bare(text))) dropped.incrementAndGet();
    }

    private static String bare(String text) {
        return text.replace('\n', ' ').replace('\r', ' ') + "\n";
    }

    /** Never waits. @param text line ends in it become spaces */
    public void write(String text) {
        if (!queue.offer(line(text))) dropped.incrementAndGet();
    }

    private static String line(String text) {
        return TIME.format(OffsetDateTime.now()) + " " + bare(text);
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
    }

    private void run() {
        try (channel) {
            while (!closing || !queue.isEmpty() || dropped.get() > 0) if (!write(nextBatch())) return;
        } catch (InterruptedException | IOException limitIsOver) {
            Thread.currentThread().interrupt();
        }
    }

    private ByteBuffer nextBatch() throws InterruptedException {
        StringBuilder batch = new StringBuilder();
        String line = closing ? queue.poll() : queue.take();
        for (; line != null; line = batch.length() < MAX_BATCH ? queue.poll() : null) batch.append(line);
        long count = dropped.getAndSet(0);
        if (count > 0) batch.append(line(count + " lines were dropped: the disk was too slow or full"));
        return ByteBuffer.wrap(batch.toString().getBytes(StandardCharsets.UTF_8));
    }

    /** @return false if the limit of {@link #close} is over */
    private boolean write(ByteBuffer batch) throws InterruptedException {
        while (batch.hasRemaining()) {
            try {
                channel.write(batch);
            } catch (IOException diskIsFull) {
                if (closing && System.nanoTime() - closeAt >= 0 || !channel.isOpen()) return false;
                Thread.sleep(RETRY_MILLIS);
            }
        }
        return true;
    }
}
