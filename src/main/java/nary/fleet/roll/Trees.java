package nary.fleet.roll;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/** Folders of this machine as a whole. */
final class Trees {
    private static final int BUFFER = 64 * 1024;

    private Trees() {}

    static void delete(Path root) throws IOException {
        if (Files.notExists(root, LinkOption.NOFOLLOW_LINKS)) return;
        for (Path each : below(root).reversed()) Files.deleteIfExists(each);
    }

    /** The folder itself first, then all that is in it, sorted; links are not followed. */
    private static List<Path> below(Path root) throws IOException {
        try (Stream<Path> all = Files.walk(root)) {
            return all.sorted(Comparator.comparing(Path::toString)).toList();
        }
    }

    /** Copies a folder with its links, modes and times. */
    static void copy(Path from, Path to) throws IOException {
        for (Path each : below(from)) {
            Path target = to.resolve(from.relativize(each).toString());
            if (Files.isDirectory(each, LinkOption.NOFOLLOW_LINKS)) Files.createDirectories(target);
            else Files.copy(each, target, LinkOption.NOFOLLOW_LINKS, java.nio.file.StandardCopyOption.COPY_ATTRIBUTES);
        }
    }

    /** SHA-256 over all names, contents, links and whether a file may be executed. */
    static String hash(Path root) throws IOException {
        MessageDigest digest = sha256();
        for (Path each : below(root)) {
            digest.update(root.relativize(each).toString().getBytes(StandardCharsets.UTF_8));
            digest.update((byte) 0);
            content(each, digest);
            digest.update((byte) 0);
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static void content(Path file, MessageDigest digest) throws IOException {
        if (Files.isSymbolicLink(file)) {
            digest.update(Files.readSymbolicLink(file).toString().getBytes(StandardCharsets.UTF_8));
        } else if (Files.isRegularFile(file)) {
            digest.update((byte) (Files.isExecutable(file) ? 'x' : '-'));
            byte[] buffer = new byte[BUFFER];
            try (InputStream in = Files.newInputStream(file)) {
                for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) digest.update(buffer, 0, read);
            }
        } else if (!Files.isDirectory(file)) {
            throw new NoSuchFileException(file.toString(), null, "neither a file nor a folder nor a link: it cannot be in a release");
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
