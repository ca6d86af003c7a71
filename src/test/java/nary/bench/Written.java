package nary.bench;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.io.SequenceInputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

/** What a manager has written of a worker's output: a file, and beside it its rotated parts, compressed ones too: {@code out-*.log}, {@code out-*.log.gz}. */
record Written(Path file) {
    private static final String COMPRESSED = ".gz";

    /** Bytes of lines, however they are stored. */
    long size() throws IOException {
        long size = sizeOf(file);
        for (Path part : rotated()) size += sizeOf(part);
        return size;
    }

    /** One that is renamed at this moment is found at the next look. */
    private static long sizeOf(Path part) throws IOException {
        try {
            return part.toString().endsWith(COMPRESSED) ? sizeWithin(part) : Files.size(part);
        } catch (NoSuchFileException | FileNotFoundException gone) {
            return 0;
        }
    }

    /** RFC 1952: the last four bytes of a compressed file are the size of what is in it. */
    private static long sizeWithin(Path part) throws IOException {
        try (RandomAccessFile bytes = new RandomAccessFile(part.toFile(), "r")) {
            bytes.seek(bytes.length() - Integer.BYTES);
            return Integer.toUnsignedLong(Integer.reverseBytes(bytes.readInt()));
        }
    }

    /** Bytes from the beginning that are what was written, in its order. */
    long same(Path input) throws IOException {
        List<Path> parts = new ArrayList<>(rotated());
        parts.add(file);
        List<InputStream> streams = new ArrayList<>();
        for (Path part : parts) streams.add(part.toString().endsWith(COMPRESSED) ? new GZIPInputStream(Files.newInputStream(part)) : Files.newInputStream(part));
        try (InputStream out = new SequenceInputStream(Collections.enumeration(streams));
                InputStream in = Files.newInputStream(input)) {
            return same(out, in);
        }
    }

    private static long same(InputStream out, InputStream in) throws IOException {
        long same = 0;
        while (true) {
            byte[] wanted = in.readNBytes(1 << 16);
            byte[] found = out.readNBytes(wanted.length);
            int differs = Arrays.mismatch(wanted, found);
            if (differs >= 0) return same + differs;
            same += wanted.length;
            if (wanted.length == 0) return same;
        }
    }

    /** Oldest first; one that is being compressed counts once. */
    private List<Path> rotated() throws IOException {
        String name = file.getFileName().toString();
        String stem = name.substring(0, name.length() - ".log".length()) + "-";
        Map<String, Path> parts = new TreeMap<>();
        try (Stream<Path> all = Files.list(file.getParent())) {
            for (Path part : all.toList()) {
                String its = part.getFileName().toString();
                if (!its.startsWith(stem) || !its.endsWith(".log") && !its.endsWith(".log" + COMPRESSED)) continue;
                parts.merge(its.replace(COMPRESSED, ""), part, (one, other) -> one.toString().endsWith(COMPRESSED) ? other : one);
            }
        }
        return List.copyOf(parts.values());
    }

    void delete() throws IOException {
        for (Path part : rotated()) Files.deleteIfExists(part);
        Files.deleteIfExists(file);
    }
}
