package nary.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A file that several pipes append whole lines to. When the disk takes no more, what could not be written is kept and tried again; until then
 * the file is stuck, and whoever wants to append has to wait. Used by one thread.
 */
final class LineFile {
    private static final long RETRY_NANOS = 100_000_000;

    private final Path path;
    private final FileChannel channel;
    private final Consumer<String> trouble;
    private @Nullable ByteBuffer rest;
    private long retryAt;

    private LineFile(Path path, FileChannel channel, Consumer<String> trouble) {
        this.path = path;
        this.channel = channel;
        this.trouble = trouble;
    }

    static LineFile open(Path path, Consumer<String> trouble) throws IOException {
        Path parent = path.toAbsolutePath().getParent();
        if (parent != null) Files.createDirectories(parent);
        return new LineFile(path, FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND), trouble);
    }

    boolean isStuck() {
        return rest != null;
    }

    /** Only while it is not stuck. */
    void append(byte[] bytes, int length) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes, 0, length);
        String failure = write(buffer);
        if (failure == null) return;
        rest = ByteBuffer.allocate(buffer.remaining()).put(buffer).flip();
        retryAt = System.nanoTime() + RETRY_NANOS;
        trouble.accept("writing " + path + ": " + failure + "; the workers' output waits, nothing is lost while they live");
    }

    /** Tries again, if it is time. @return true if it is no longer stuck */
    boolean retry(boolean now) {
        ByteBuffer waiting = rest;
        if (waiting == null) return true;
        if (!now && System.nanoTime() - retryAt < 0) return false;
        retryAt = System.nanoTime() + RETRY_NANOS;
        if (write(waiting) != null) return false;
        rest = null;
        trouble.accept("writing " + path + " works again");
        return true;
    }

    private @Nullable String write(ByteBuffer buffer) {
        try {
            while (buffer.hasRemaining()) channel.write(buffer);
            return null;
        } catch (IOException e) {
            return e.getMessage();
        }
    }

    /** Bytes that never reached the file. */
    int close() {
        ByteBuffer waiting = rest;
        boolean complete = waiting == null || retry(true);
        try {
            channel.close();
        } catch (IOException e) {
            trouble.accept("closing " + path + ": " + e.getMessage());
        }
        return complete || waiting == null ? 0 : waiting.remaining();
    }
}
