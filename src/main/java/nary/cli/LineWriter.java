package nary.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.AtomicLong;

/** Writes lines from a bounded queue on its own thread, so that a slow disk or terminal never stalls who says them. */
public final class LineWriter implements AutoCloseable {
    private static final int MAX_QUEUE = 8192;
    private static final Duration END_LIMIT = Duration.ofSeconds(2);
    private static final String END = "";

    private final OutputStream out;
    private final BlockingQueue<String> queue = new ArrayBlockingQueue<>(MAX_QUEUE);
    private final AtomicLong lost = new AtomicLong();
    private final Thread thread;
    private volatile boolean isEnded;

    /** @param out closed at the end */
    public LineWriter(String name, OutputStream out) {
        this.out = out;
        this.thread = Thread.ofVirtual().name(name).start(this::writeAll);
    }

    /** Never blocks; a line that finds the queue full is counted, and the count is written when there is room. */
    public void write(String line) {
        if (!isEnded && !queue.offer(line + "\n")) lost.incrementAndGet();
    }

    private void writeAll() {
        try (out) {
            for (String line = queue.take(); !line.equals(END); line = queue.take()) {
                long count = lost.getAndSet(0);
                if (count > 0) out.write(("(" + count + " lines lost here)\n").getBytes(StandardCharsets.UTF_8));
                out.write(line.getBytes(StandardCharsets.UTF_8));
            }
        } catch (IOException | InterruptedException readerGone) {
            isEnded = true;
        }
    }

    /** What was written is still delivered, then the stream is closed; what comes later is ignored. Does not wait. */
    void end() {
        isEnded = true;
        if (!queue.offer(END)) thread.interrupt();
    }

    /** Ends, and waits until all is written, at most two seconds. */
    @Override
    public void close() throws InterruptedException {
        end();
        thread.join(END_LIMIT);
    }
}
