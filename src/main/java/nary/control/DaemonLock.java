package nary.control;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Held by a daemon for life, beside its control socket ({@code nary.ipc.lock}): the kernel lets it go with the process, so it tells a
 * living daemon from a dead one's files. Holds the daemon's pid.
 */
public final class DaemonLock implements AutoCloseable {
    private static final int TRIES = 20;
    private static final long PAUSE_MILLIS = 10;

    private final Path path;
    private final FileChannel channel;

    private DaemonLock(Path path, FileChannel channel) {
        this.path = path;
        this.channel = channel;
    }

    public static Path pathFor(Path ipc) {
        return ipc.resolveSibling(ipc.getFileName() + ".lock");
    }

    /** @throws Refusal if another daemon holds it, naming its pid */
    public static DaemonLock acquire(Path ipc) throws Refusal, IOException {
        Path path = pathFor(ipc);
        for (int i = 0; i < TRIES; i++) {
            FileChannel channel = open(path);
            try {
                if (channel.tryLock() != null && isStillAt(path)) {
                    sign(channel, path);
                    return new DaemonLock(path, channel);
                }
            } catch (IOException | RuntimeException e) {
                channel.close();
                throw e;
            }
            channel.close();
            pause();
        }
        throw new Refusal("already running: pid " + holder(path) + " holds " + ipc);
    }

    private static FileChannel open(Path path) throws Refusal, IOException {
        try {
            return FileChannel.open(
                    path,
                    Set.of(StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        } catch (AccessDeniedException e) {
            throw new Refusal("no permission to write " + path + "; choose another path with --ipc-file");
        }
    }

    private static void sign(FileChannel channel, Path path) throws IOException {
        try {
            channel.truncate(0);
            channel.write(ByteBuffer.wrap((ProcessHandle.current().pid() + "\n").getBytes(StandardCharsets.UTF_8)), 0);
        } catch (IOException e) {
            Files.deleteIfExists(path);
            throw new IOException("writing " + path + ": " + e.getMessage(), e);
        }
    }

    /**
     * A daemon that ends deletes the file: a lock on a deleted one is worth nothing. Never opens the file: closing any descriptor of it
     * would let go of this process's lock, fcntl(2).
     */
    private static boolean isStillAt(Path path) throws IOException {
        if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) return false;
        Object wanted = Files.readAttributes(path, BasicFileAttributes.class).fileKey();
        try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
            for (Path descriptor : descriptors.toList()) if (wanted.equals(fileKey(descriptor))) return true;
        }
        return false;
    }

    /** Of the open file; null for a descriptor that was closed meanwhile. */
    private static @Nullable Object fileKey(Path descriptor) throws IOException {
        try {
            return Files.readAttributes(descriptor, BasicFileAttributes.class).fileKey();
        } catch (NoSuchFileException e) {
            return null;
        }
    }

    private static String holder(Path path) throws IOException {
        try {
            String text = Files.readString(path);
            int end = text.indexOf('\n');
            return end > 0 ? text.substring(0, end) : "unknown";
        } catch (NoSuchFileException e) {
            return "unknown";
        }
    }

    private static void pause() throws IOException {
        try {
            Thread.sleep(PAUSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while waiting for a lock", e);
        }
    }

    @Override
    public void close() throws IOException {
        Files.deleteIfExists(path);
        channel.close();
    }
}
