package nary.log;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * Writes on a thread of its own, so that nobody waits for the disk: what it does not take in time is kept up to a bound, and lines beyond it
 * are dropped and counted. The count is written as a line of its own where they are missing, and said.
 */
final class DropOutlet implements Outlet {
    /** Bytes that may wait. */
    static final int ROOM = 4 * 1024 * 1024;

    private static final long RETRY_MILLIS = 100;
    /** A disk that has taken nothing for so long does not keep up; until then the writer waits a moment, as it would for any file. */
    private static final long PATIENCE_NANOS = 200_000_000;

    private static final long SAY_NANOS = 10_000_000_000L;
    private static final byte NEWLINE = '\n';

    private final String name;
    private final LogFile file;
    private final LineFormat format;
    private final Consumer<String> trouble;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Deque<ByteBuffer> waiting = new ArrayDeque<>();
    private final Thread thread;
    private long waitingBytes;
    private long dropped;
    private long unsaid;
    private long sayAt = System.nanoTime();
    private long progress = System.nanoTime();
    private boolean isLineOpen;
    private boolean isReopenAsked;
    private boolean closing;
    private long closeAt;

    DropOutlet(String name, LogFile file, LineFormat format, Consumer<String> trouble) {
        this.name = name;
        this.file = file;
        this.format = format;
        this.trouble = trouble;
        this.thread = Thread.ofPlatform().name("log writer").daemon().start(this::run);
    }

    @Override
    public boolean write(ByteBuffer bytes) {
        lock.lock();
        try {
            if (!hasRoom(bytes.remaining())) drop(bytes);
            else add(bytes);
            changed.signalAll();
            return true;
        } finally {
            lock.unlock();
        }
    }

    private boolean hasRoom(int length) {
        try {
            if (waiting.isEmpty()) progress = System.nanoTime();
            long left = progress + PATIENCE_NANOS - System.nanoTime();
            while (waitingBytes + length > ROOM && left > 0) {
                changed.awaitNanos(left);
                left = progress + PATIENCE_NANOS - System.nanoTime();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return waitingBytes + length <= ROOM;
    }

    private void drop(ByteBuffer bytes) {
        while (bytes.hasRemaining()) if (bytes.get() == NEWLINE) dropped++;
    }

    private void add(ByteBuffer bytes) {
        if (dropped > 0) confess();
        ByteBuffer copy = ByteBuffer.allocate(bytes.remaining()).put(bytes).flip();
        isLineOpen = copy.get(copy.limit() - 1) != NEWLINE;
        waiting.add(copy);
        waitingBytes += copy.limit();
    }

    private void confess() {
        String text = dropped + " lines were dropped here: the disk was too slow or full";
        if (isLineOpen) waiting.add(ByteBuffer.wrap(new byte[] {NEWLINE}));
        ByteBuffer line = format.remark(text);
        waiting.add(ByteBuffer.allocate(line.remaining()).put(line).flip());
        isLineOpen = false;
        unsaid += dropped;
        dropped = 0;
        if (System.nanoTime() - sayAt >= 0) say();
    }

    private void say() {
        trouble.accept(name + ": " + unsaid + " lines of the workers were dropped: the disk was too slow or full");
        unsaid = 0;
        sayAt = System.nanoTime() + SAY_NANOS;
    }

    private void run() {
        try {
            for (ByteBuffer next = take(); next != null; next = take()) {
                while (!file.write(next)) if (isTimeOver(RETRY_MILLIS)) return;
                written(next);
            }
        } catch (InterruptedException limitIsOver) {
            Thread.currentThread().interrupt();
        } finally {
            file.close(0);
        }
    }

    /** The next one stays where it is until it is written. @return null at the end */
    private @org.jspecify.annotations.Nullable ByteBuffer take() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (waiting.isEmpty() && !closing) {
                if (isReopenAsked) file.reopen();
                isReopenAsked = false;
                changed.await();
            }
            if (isReopenAsked) file.reopen();
            isReopenAsked = false;
            if (waiting.isEmpty() && dropped > 0) confess();
            return waiting.peek();
        } finally {
            lock.unlock();
        }
    }

    private boolean isTimeOver(long millis) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            if (closing && System.nanoTime() - closeAt >= 0) return true;
            changed.await(millis, TimeUnit.MILLISECONDS);
            return false;
        } finally {
            lock.unlock();
        }
    }

    private void written(ByteBuffer chunk) {
        lock.lock();
        try {
            waiting.remove();
            waitingBytes -= chunk.limit();
            progress = System.nanoTime();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void reopen() {
        lock.lock();
        try {
            isReopenAsked = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public long close(long end) {
        lock.lock();
        try {
            closing = true;
            closeAt = end;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        try {
            thread.join(Math.max(1, (end - System.nanoTime()) / 1_000_000 + 2 * RETRY_MILLIS));
            // gets it out of a write that hangs
            thread.interrupt();
            thread.join(RETRY_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return left();
    }

    private long left() {
        lock.lock();
        try {
            unsaid += dropped;
            dropped = 0;
            if (unsaid > 0) say();
            return waiting.stream().mapToLong(ByteBuffer::remaining).sum();
        } finally {
            lock.unlock();
        }
    }
}
