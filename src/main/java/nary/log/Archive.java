package nary.log;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.zip.GZIPOutputStream;
import nary.config.Output;
import nary.log.Segments.Segment;
import org.jspecify.annotations.Nullable;

/**
 * Compresses the rotated parts of logs and deletes those that are too many or too old, on a virtual thread of its own. What is to be done is
 * seen in the folder, so what was left undone is done at the next look. Thread-safe.
 */
final class Archive {
    private static final Duration LOOK_FOR_OLD = Duration.ofHours(1);
    /** Compression leaves the processors to what fills the logs, unless that goes on. */
    private static final Duration QUIET = Duration.ofSeconds(1);

    private static final int PIECE = 64 * 1024;
    private static final Output NO_LIMITS =
            new Output(Output.Format.RAW, Optional.empty(), Optional.empty(), Optional.empty(), Output.Overflow.WAIT);

    /** Half the time of the usual level for a tenth more bytes. */
    private static final int LEVEL = 3;

    private final Output limits;
    private final Consumer<String> trouble;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Set<Path> known = new HashSet<>();
    private final Set<Path> due = new HashSet<>();
    private @Nullable Thread thread;
    private volatile boolean closing;
    private long lastStamp;

    private Archive(Output limits, Consumer<String> trouble) {
        this.limits = limits;
        this.trouble = trouble;
    }

    static Archive start(Output limits, Consumer<String> trouble) {
        Archive archive = new Archive(limits, trouble);
        archive.thread = Thread.ofVirtual().name("archive").start(archive::run);
        return archive;
    }

    /** For files that are never rotated. */
    static Archive none() {
        return new Archive(NO_LIMITS, _ -> {});
    }

    long maxSize() {
        return limits.maxSize().orElse(Long.MAX_VALUE);
    }

    /** For the part that is rotated now: later than all others. */
    synchronized long stamp(Path file) {
        lastStamp = Math.max(System.currentTimeMillis(), lastStamp + 1);
        while (Files.exists(Segments.rotated(file, lastStamp)) || Files.exists(Path.of(Segments.rotated(file, lastStamp) + Segments.COMPRESSED))) lastStamp++;
        return lastStamp;
    }

    /** This log may have new parts. */
    void look(Path file) {
        lock.lock();
        try {
            known.add(file);
            due.add(file);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void run() {
        try {
            while (!closing) {
                Set<Path> files = awaitDue();
                for (Path file : files) tidy(file, false);
                awaitClose(QUIET);
                for (Path file : files) tidy(file, true);
            }
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        }
    }

    private Set<Path> awaitDue() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            if (due.isEmpty() && !awaitChange()) due.addAll(known);
            Set<Path> taken = Set.copyOf(due);
            due.clear();
            return taken;
        } finally {
            lock.unlock();
        }
    }

    /** @return false if it is time to look for what has become too old */
    private boolean awaitChange() throws InterruptedException {
        if (limits.maxAge().isPresent()) return changed.await(LOOK_FOR_OLD.toNanos(), TimeUnit.NANOSECONDS);
        changed.await();
        return true;
    }

    /** Only the end is waited for here: new parts are seen afterwards. */
    private void awaitClose(Duration time) throws InterruptedException {
        long end = System.nanoTime() + time.toNanos();
        lock.lockInterruptibly();
        try {
            for (long left = time.toNanos(); left > 0 && !closing; left = end - System.nanoTime()) changed.awaitNanos(left);
        } finally {
            lock.unlock();
        }
    }

    private void tidy(Path file, boolean compresses) {
        try {
            delete(file);
            if (compresses) for (Segment segment : Segments.all(file)) if (!closing) compress(segment);
            if (compresses) delete(file);
        } catch (NoSuchFileException somebodyElseTidied) {
            look(file);
        } catch (IOException e) {
            trouble.accept("rotated parts of " + file + ": " + e);
        }
    }

    /** Parts that are too many or too old. */
    private void delete(Path file) throws IOException {
        List<Segment> parts = Segments.of(file);
        int keep = limits.maxFiles().orElse(Integer.MAX_VALUE);
        long oldest = limits.maxAge().map(age -> System.currentTimeMillis() - age.toMillis()).orElse(Long.MIN_VALUE);
        for (int i = 0; i < parts.size(); i++) {
            boolean isTooMuch = i < parts.size() - (long) keep || parts.get(i).stamp() < oldest;
            if (isTooMuch) for (Segment form : Segments.all(file)) if (form.stamp() == parts.get(i).stamp()) Files.deleteIfExists(form.path());
        }
    }

    private void compress(Segment segment) throws IOException {
        if (Segments.isUnfinished(segment)) Files.deleteIfExists(segment.path());
        if (segment.isCompressed()) return;
        Path whole = Path.of(segment.path() + Segments.COMPRESSED);
        Path unfinished = Path.of(segment.path() + Segments.UNFINISHED);
        if (Files.exists(whole) || compress(segment.path(), unfinished)) {
            if (Files.exists(unfinished)) Files.move(unfinished, whole, StandardCopyOption.ATOMIC_MOVE);
            Files.deleteIfExists(segment.path());
        }
    }

    /** @return false if nary ends first */
    private boolean compress(Path from, Path to) throws IOException {
        boolean isDone = false;
        try (InputStream in = Files.newInputStream(from);
                OutputStream out = new Gzip(Files.newOutputStream(to))) {
            byte[] piece = new byte[PIECE];
            for (int count = in.read(piece); count > 0 && !closing; count = in.read(piece)) out.write(piece, 0, count);
            isDone = !closing;
        } finally {
            if (!isDone) Files.deleteIfExists(to);
        }
        Files.setLastModifiedTime(to, Files.getLastModifiedTime(from));
        return isDone;
    }

    private static final class Gzip extends GZIPOutputStream {
        Gzip(OutputStream to) throws IOException {
            super(to, PIECE);
            def.setLevel(LEVEL);
        }
    }

    /** What is not compressed by now will be at the next start. */
    void close() throws InterruptedException {
        closing = true;
        lock.lock();
        try {
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        Thread running = thread;
        if (running != null) running.join(Duration.ofSeconds(1));
    }
}
