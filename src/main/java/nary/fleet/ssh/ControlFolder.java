package nary.fleet.ssh;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.atomic.AtomicInteger;

/** A private folder for the sockets of this run's connections. Those of runs that were killed are removed when the next one begins. */
final class ControlFolder implements AutoCloseable {
    private static final String PREFIX = "nary-ssh-";

    /** A unix socket's path has at most 107 bytes, and ssh appends 17 while it makes one. */
    private static final int MOST_PATH = 80;

    private final Path folder;
    private final AtomicInteger names = new AtomicInteger();

    private ControlFolder(Path folder) {
        this.folder = folder;
    }

    static ControlFolder create() throws IOException {
        Path base = Path.of(System.getProperty("java.io.tmpdir", "/tmp"));
        if (base.toString().length() + PREFIX.length() + 32 > MOST_PATH) base = Path.of("/tmp");
        sweep(base);
        var mine = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
        return new ControlFolder(Files.createTempDirectory(base, PREFIX + ProcessHandle.current().pid() + "-", mine));
    }

    Path next() {
        return folder.resolve(Integer.toString(names.incrementAndGet()));
    }

    private static void sweep(Path base) throws IOException {
        String me = System.getProperty("user.name", "");
        try (DirectoryStream<Path> left = Files.newDirectoryStream(base, PREFIX + "*")) {
            for (Path each : left) if (isDead(each) && Files.getOwner(each, LinkOption.NOFOLLOW_LINKS).getName().equals(me)) delete(each);
        }
    }

    private static boolean isDead(Path left) {
        String pid = left.getFileName().toString().substring(PREFIX.length()).replaceFirst("-.*", "");
        return pid.matches("[0-9]{1,10}") && ProcessHandle.of(Long.parseLong(pid)).isEmpty();
    }

    @Override
    public void close() {
        delete(folder);
    }

    private static void delete(Path folder) {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            for (Path file : files) Files.deleteIfExists(file);
            Files.deleteIfExists(folder);
        } catch (IOException e) {
            // somebody else removes it too, or it is not ours: it holds nothing but dead sockets
        }
    }
}
