package nary.log;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
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
 * the file is stuck, and whoever wants to append has to wait. A pipe in the middle of a long line holds the file, within a bound. Used by one
 * thread.
 */
final class LineFile {
    private static final long RETRY_NANOS = 100_000_000;
    private static final long HOLD_NANOS = 1_000_000_000;
    private static final long SAY_NANOS = 10_000_000_000L;
    private static final byte[] NOTHING = {};
    private static final byte[] NEWLINE = {'\n'};

    private final String name;
    private final FileChannel channel;
    private final boolean isOurs;
    private final Consumer<String> trouble;
    private @Nullable ByteBuffer rest;
    private @Nullable LinePipe holder;
    private long holdEnd;
    private long retryAt;
    private long sayAt = System.nanoTime();
    private boolean isSaid;

    LineFile(String name, FileChannel channel, boolean isOurs, Consumer<String> trouble) {
        this.name = name;
        this.channel = channel;
        this.isOurs = isOurs;
        this.trouble = trouble;
    }

    /** @param path parent folders are made; a file called {@code -} stands for {@code inherited} */
    static LineFile open(Path path, FileDescriptor inherited, Consumer<String> trouble) throws IOException {
        if (path.endsWith("-")) return new LineFile("-", new FileOutputStream(inherited).getChannel(), false, trouble);
        Path parent = path.toAbsolutePath().getParent();
        if (parent != null && !Files.isDirectory(parent)) Files.createDirectories(parent);
        var channel = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
        return new LineFile(path.toString(), channel, true, trouble);
    }

    boolean isStuck() {
        return rest != null;
    }

    boolean isHeldBy(LinePipe pipe) {
        return holder == pipe;
    }

    boolean mustWait(LinePipe pipe) {
        return rest != null || holder != null && holder != pipe && System.nanoTime() - holdEnd < 0;
    }

    /** Appends two pieces as one. Only while it is not stuck. @param endsLine false for a piece of a long line */
    void append(LinePipe from, byte[] first, int firstLength, byte[] second, int secondLength, boolean endsLine) {
        boolean cut = holder != null && holder != from;
        holdFor(endsLine ? null : from);
        ByteBuffer[] pieces = {
            ByteBuffer.wrap(cut ? NEWLINE : NOTHING), ByteBuffer.wrap(first, 0, firstLength), ByteBuffer.wrap(second, 0, secondLength)
        };
        String failure = write(pieces);
        if (failure == null) return;
        rest = join(pieces);
        retryAt = System.nanoTime() + RETRY_NANOS;
        say(failure);
    }

    private void holdFor(@Nullable LinePipe pipe) {
        if (pipe != null && pipe != holder) holdEnd = System.nanoTime() + HOLD_NANOS;
        holder = pipe;
    }

    private static ByteBuffer join(ByteBuffer[] pieces) {
        int length = 0;
        for (ByteBuffer piece : pieces) length += piece.remaining();
        ByteBuffer joined = ByteBuffer.allocate(length);
        for (ByteBuffer piece : pieces) joined.put(piece);
        return joined.flip();
    }

    private void say(String failure) {
        if (isSaid || System.nanoTime() - sayAt < 0) return;
        isSaid = true;
        sayAt = System.nanoTime() + SAY_NANOS;
        trouble.accept("writing " + name + ": " + failure + "; the workers' output waits in their pipes until it works again");
    }

    /** Tries again, if it is time. @param now whether it is time or not */
    void retry(boolean now) {
        ByteBuffer waiting = rest;
        if (waiting == null || !now && System.nanoTime() - retryAt < 0) return;
        retryAt = System.nanoTime() + RETRY_NANOS;
        String failure = write(waiting);
        if (failure != null) {
            say(failure);
            return;
        }
        rest = null;
        holdEnd = System.nanoTime() + HOLD_NANOS;
        if (isSaid) trouble.accept("writing " + name + " works again");
        isSaid = false;
    }

    private @Nullable String write(ByteBuffer... pieces) {
        try {
            while (pieces[pieces.length - 1].hasRemaining()) channel.write(pieces);
            return null;
        } catch (IOException e) {
            return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        }
    }

    /** Bytes that never reached the file. */
    int close() {
        retry(true);
        try {
            if (isOurs) channel.close();
        } catch (IOException e) {
            trouble.accept("closing " + name + ": " + e.getMessage());
        }
        return rest == null ? 0 : rest.remaining();
    }
}
