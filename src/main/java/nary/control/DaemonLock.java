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
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

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
                if (channel.tryLock() != null && isStillAt(path, channel)) return new DaemonLock(path, channel);
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

    /** A daemon that ends deletes the file: a lock on a deleted one is worth nothing. What was written here must be read there. */
    private static boolean isStillAt(Path path, FileChannel channel) throws IOException {
        String mark = ProcessHandle.current().pid() + "\n" + System.nanoTime() + "\n";
        channel.truncate(0);
        channel.write(ByteBuffer.wrap(mark.getBytes(StandardCharsets.UTF_8)), 0);
        try {
            return Files.readString(path).equals(mark);
        } catch (NoSuchFileException e) {
            return false;
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
