package nary.log;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A file that is appended to. At line ends it is rotated when it would grow beyond its limit: renamed, and a new one begun. What fails is
 * said once, and its recovery. Used by one thread.
 */
final class LogFile implements Outlet {
    private static final long SAY_NANOS = 10_000_000_000L;
    private static final long ROTATE_AGAIN_NANOS = 10_000_000_000L;
    private static final byte NEWLINE = '\n';

    private final String name;
    private final Kind kind;
    private final Path path;
    private final Archive archive;
    private final Consumer<String> trouble;
    /** Said after the reason why a write failed. */
    private final String consequence;

    private @Nullable FileChannel channel;
    /** Which file the channel writes: its path may have become another's. */
    private @Nullable Object key;

    private long size;
    private boolean isAtLineStart = true;
    private long rotateAfter = System.nanoTime();
    private long sayAt = System.nanoTime();
    private boolean isSaid;

    private enum Kind {
        REGULAR,
        /** A device or a FIFO: opened again, but never rotated. */
        SPECIAL,
        /** This process's own, or a test's: neither. */
        GIVEN
    }

    private LogFile(String name, Kind kind, Path path, @Nullable FileChannel channel, Archive archive, String consequence, Consumer<String> trouble) {
        this.name = name;
        this.kind = kind;
        this.path = path;
        this.channel = channel;
        this.archive = archive;
        this.consequence = consequence;
        this.trouble = trouble;
    }

    static LogFile of(String name, FileChannel channel, String consequence, Consumer<String> trouble) {
        return new LogFile(name, Kind.GIVEN, Path.of(name), channel, Archive.none(), consequence, trouble);
    }

    static LogFile inherited(FileDescriptor descriptor, String consequence, Consumer<String> trouble) {
        return of("-", new FileOutputStream(descriptor).getChannel(), consequence, trouble);
    }

    /** Not opened yet; parent folders are made when it is. */
    static LogFile at(Path path, Archive archive, String consequence, Consumer<String> trouble) {
        Path real = resolved(path);
        boolean isSpecial = Files.exists(real) && !Files.isRegularFile(real);
        if (!isSpecial) archive.look(real);
        return new LogFile(path.toString(), isSpecial ? Kind.SPECIAL : Kind.REGULAR, real, null, archive, consequence, trouble);
    }

    /** Rotated parts lie beside the file itself, not beside a link to it. */
    static Path resolved(Path path) {
        try {
            return path.toRealPath();
        } catch (IOException notThereYet) {
            return path.toAbsolutePath();
        }
    }

    void open() throws IOException {
        if (kind == Kind.GIVEN) return;
        Path parent = Segments.parent(path);
        if (!Files.isDirectory(parent)) Files.createDirectories(parent);
        FileChannel opened = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
        key = keyOf(path);
        size = kind == Kind.REGULAR ? opened.size() : 0;
        isAtLineStart = true;
        channel = opened;
        if (size > 0 && lastByte() != NEWLINE) writeAll(opened, ByteBuffer.wrap(new byte[] {NEWLINE}));
    }

    /** A supervisor that was killed may have left a part of a line. */
    private byte lastByte() throws IOException {
        ByteBuffer last = ByteBuffer.allocate(1);
        try (FileChannel reader = FileChannel.open(path, StandardOpenOption.READ)) {
            return reader.read(last, size - 1) == 1 ? last.get(0) : NEWLINE;
        } catch (java.nio.file.AccessDeniedException writeOnly) {
            return NEWLINE;
        }
    }

    private static @Nullable Object keyOf(Path path) throws IOException {
        try {
            return Files.readAttributes(path, BasicFileAttributes.class).fileKey();
        } catch (NoSuchFileException movedAway) {
            return null;
        }
    }

    @Override
    public boolean write(ByteBuffer bytes) {
        try {
            if (channel == null) open();
            while (bytes.hasRemaining()) writeSome(bytes);
            works();
            return true;
        } catch (IOException e) {
            say(reason(e));
            return false;
        }
    }

    /** As much as belongs to one file. */
    private void writeSome(ByteBuffer bytes) throws IOException {
        long room = archive.maxSize() - size;
        boolean isRotating = kind == Kind.REGULAR && bytes.remaining() > room && System.nanoTime() - rotateAfter >= 0;
        int part = isRotating ? part(bytes, room) : bytes.remaining();
        if (part == 0) {
            rotate();
            return;
        }
        int end = bytes.limit();
        try {
            writeAll(Objects.requireNonNull(channel), bytes.limit(bytes.position() + part));
        } finally {
            bytes.limit(end);
        }
    }

    /** Bytes up to the last line end within the room; if none is, up to the first where the file cannot be left, else 0. */
    private int part(ByteBuffer bytes, long room) {
        for (int i = (int) Math.min(room, bytes.remaining()); i > 0; i--) if (bytes.get(bytes.position() + i - 1) == NEWLINE) return i;
        if (isAtLineStart && size > 0) return 0;
        for (int i = 1; i < bytes.remaining(); i++) if (bytes.get(bytes.position() + i - 1) == NEWLINE) return i;
        return bytes.remaining();
    }

    private void writeAll(FileChannel to, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            int before = bytes.position();
            try {
                size += to.write(bytes);
            } finally {
                if (bytes.position() > before) isAtLineStart = bytes.get(bytes.position() - 1) == NEWLINE;
            }
        }
    }

    /** What fails here costs no line: the file grows on, and it is tried again. */
    private void rotate() throws IOException {
        if (Objects.equals(key, keyOf(path)) && !move()) return;
        closeChannel();
        open();
    }

    private boolean move() {
        try {
            Files.move(path, Segments.rotated(path, archive.stamp(path)));
            archive.look(path);
            return true;
        } catch (IOException e) {
            rotateAfter = System.nanoTime() + ROTATE_AGAIN_NANOS;
            trouble.accept("rotating " + name + ": " + reason(e) + "; it grows on, the next try is in 10 s");
            return false;
        }
    }

    @Override
    public void reopen() {
        if (kind == Kind.GIVEN || channel == null) return;
        FileChannel before = channel;
        try {
            open();
            before.close();
        } catch (IOException e) {
            channel = before;
            trouble.accept("opening " + name + " again: " + reason(e) + "; what is open is written on");
        }
    }

    private void closeChannel() {
        FileChannel open = channel;
        channel = null;
        if (open == null || kind == Kind.GIVEN && name.equals("-")) return;
        try {
            open.close();
        } catch (IOException e) {
            trouble.accept("closing " + name + ": " + reason(e));
        }
    }

    private static String reason(IOException e) {
        return e instanceof java.nio.file.FileSystemException file && file.getReason() == null
                ? e.getClass().getSimpleName().replace("Exception", "") + " " + e.getMessage()
                : Objects.requireNonNullElse(e.getMessage(), e.getClass().getSimpleName());
    }

    private void say(String failure) {
        if (isSaid || System.nanoTime() - sayAt < 0) return;
        isSaid = true;
        sayAt = System.nanoTime() + SAY_NANOS;
        trouble.accept("writing " + name + ": " + failure + "; " + consequence);
    }

    private void works() {
        if (isSaid) trouble.accept("writing " + name + " works again");
        isSaid = false;
    }

    @Override
    public long close(long end) {
        closeChannel();
        return 0;
    }
}
