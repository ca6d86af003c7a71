package nary.fleet.ssh;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collections;
import java.util.HexFormat;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A file or a folder here, read once: what is in it, with its SHA-256.
 *
 * @param path where it is
 * @param isFolder or else it is one file
 * @param entries by path below it, {@code ./a/b}; of one file {@code ./NAME}
 */
public record Tree(Path path, boolean isFolder, SortedMap<String, Entry> entries) {
    private static final int BUFFER = 64 * 1024;

    /** One thing in a tree. */
    public sealed interface Entry {
        /** @param mode permission bits, e.g. 0755 in octal @param size bytes @param sha256 64 hexadecimal digits */
        record File(int mode, long size, String sha256) implements Entry {}

        record Folder(int mode) implements Entry {}

        record Link(String target) implements Entry {}
    }

    public Tree {
        entries = Collections.unmodifiableSortedMap(new TreeMap<>(entries));
    }

    /** @throws IOException if it cannot be read, or holds what cannot be sent: a socket, a name with a line break or tab */
    public static Tree of(Path path) throws IOException {
        if (!Files.exists(path)) throw new NoSuchFileException(path.toString());
        Path real = path.toRealPath();
        SortedMap<String, Entry> entries = new TreeMap<>();
        if (Files.isDirectory(real)) {
            Files.walkFileTree(real, new Reader(real, entries));
            return new Tree(real, true, entries);
        }
        entries.put(key(real.resolveSibling(""), real), file(real, Files.readAttributes(real, BasicFileAttributes.class)));
        return new Tree(real, false, entries);
    }

    /** Bytes of all files. */
    public long bytes() {
        return entries.values().stream().mapToLong(entry -> entry instanceof Entry.File file ? file.size() : 0).sum();
    }

    public int files() {
        return (int) entries.values().stream().filter(Entry.File.class::isInstance).count();
    }

    /** Where the keys begin. */
    Path root() {
        return isFolder ? path : path.resolveSibling("");
    }

    private static final class Reader extends SimpleFileVisitor<Path> {
        private final Path root;
        private final SortedMap<String, Entry> entries;

        Reader(Path root, SortedMap<String, Entry> entries) {
            this.root = root;
            this.entries = entries;
        }

        @Override
        public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) throws IOException {
            if (!folder.equals(root)) entries.put(key(root, folder), new Entry.Folder(mode(folder)));
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
            entries.put(key(root, file), attributes.isSymbolicLink() ? new Entry.Link(Files.readSymbolicLink(file).toString()) : file(file, attributes));
            return FileVisitResult.CONTINUE;
        }
    }

    private static Entry file(Path file, BasicFileAttributes attributes) throws IOException {
        if (!attributes.isRegularFile()) throw new IOException(file + " is neither file, folder nor symbolic link and cannot be sent");
        return new Entry.File(mode(file), attributes.size(), sha256(file, Long.MAX_VALUE));
    }

    private static int mode(Path path) throws IOException {
        return (int) Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS) & 0777;
    }

    static String key(Path root, Path path) throws IOException {
        String key = "./" + root.relativize(path);
        if (key.chars().anyMatch(c -> c == '\n' || c == '\t' || c == '\r')) throw new IOException(path + ": a name with a line break or a tab cannot be sent; rename it");
        return key;
    }

    /** Of the first {@code length} bytes. */
    static String sha256(Path file, long length) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            byte[] buffer = new byte[BUFFER];
            long left = length;
            for (int n = 1; left > 0 && n >= 0; left -= n) {
                n = in.read(buffer, 0, (int) Math.min(buffer.length, left));
                if (n > 0) digest.update(buffer, 0, n);
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
