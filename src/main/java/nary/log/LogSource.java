package nary.log;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.zip.GZIPInputStream;
import nary.log.Segments.Segment;
import org.jspecify.annotations.Nullable;

/** One log, read through its rotated and compressed parts, and further as it grows. Used by one thread. */
final class LogSource implements AutoCloseable {
    private static final int NO_SLOT = -1;

    private final Path path;
    private final int slot;
    private final Predicate<LogLine> wanted;
    private List<Segment> parts = List.of();
    private @Nullable LineReader current;
    private @Nullable LineReader before;
    private @Nullable Object key;
    private LogLine.Parser parser = new LogLine.Parser(0, NO_SLOT);
    private long lastStamp;

    /** @param slot whose file it is, or -1 if it is everybody's */
    LogSource(Path path, int slot, Predicate<LogLine> wanted) throws IOException {
        this.path = LogFile.resolved(path);
        this.slot = slot;
        this.wanted = wanted;
        open();
    }

    /** The parts and the file that belong together: no rotation came between. */
    private void open() throws IOException {
        while (true) {
            List<Long> stamps = stamps();
            InputStream in = stream();
            parts = Segments.of(path);
            if (stamps.equals(parts.stream().map(Segment::stamp).toList())) {
                current = in == null ? null : new LineReader(in);
                if (!parts.isEmpty()) lastStamp = parts.getLast().stamp();
                parser = new LogLine.Parser(in == null ? lastStamp : lastChange(), slot);
                return;
            }
            if (in != null) in.close();
        }
    }

    private List<Long> stamps() throws IOException {
        return Segments.of(path).stream().map(Segment::stamp).toList();
    }

    private @Nullable InputStream stream() throws IOException {
        try {
            InputStream in = Files.newInputStream(path);
            key = keyNow();
            return in;
        } catch (NoSuchFileException notThere) {
            key = null;
            return null;
        }
    }

    private @Nullable Object keyNow() throws IOException {
        try {
            return Files.readAttributes(path, BasicFileAttributes.class).fileKey();
        } catch (NoSuchFileException notThere) {
            return null;
        }
    }

    private long lastChange() throws IOException {
        try {
            return Files.getLastModifiedTime(path).toMillis();
        } catch (NoSuchFileException movedAway) {
            return lastStamp;
        }
    }

    /** All lines from the oldest part to the present end of the file. */
    Iterator<LogLine> all() {
        return new All();
    }

    private final class All implements Iterator<LogLine> {
        private final Iterator<Segment> left = parts.iterator();
        private @Nullable LineReader reader;
        private LogLine.Parser of = parser;
        private @Nullable LogLine next = find();

        private @Nullable LogLine find() {
            try {
                while (true) {
                    byte[] line = reader == null ? null : reader.next();
                    if (line == null && !advance()) return null;
                    LogLine parsed = line == null ? null : of.parse(line);
                    if (parsed != null && wanted.test(parsed)) return parsed;
                }
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        }

        private boolean advance() throws IOException {
            boolean wasLast = reader != null && reader == current;
            if (reader != null && !wasLast) reader.close();
            if (wasLast) return false;
            Segment part = left.hasNext() ? left.next() : null;
            reader = part == null ? current : reader(part);
            of = part == null ? parser : new LogLine.Parser(part.stamp(), slot);
            return reader != null || part != null;
        }

        @Override
        public boolean hasNext() {
            return next != null;
        }

        @Override
        public LogLine next() {
            LogLine found = Objects.requireNonNull(next);
            next = find();
            return found;
        }
    }

    /** The last lines up to the present end of the file, oldest first. */
    List<LogLine> last(int count) throws IOException {
        Deque<LogLine> lines = new ArrayDeque<>();
        more(line -> keep(lines, line, count));
        for (int i = parts.size() - 1; i >= 0 && lines.size() < count; i--) {
            Deque<LogLine> older = new ArrayDeque<>();
            int missing = count - lines.size();
            read(parts.get(i), line -> keep(older, line, missing));
            older.descendingIterator().forEachRemaining(lines::addFirst);
        }
        return new ArrayList<>(lines);
    }

    private static void keep(Deque<LogLine> lines, LogLine line, int count) {
        lines.addLast(line);
        if (lines.size() > count) lines.removeFirst();
    }

    private void read(Segment part, Consumer<LogLine> sink) throws IOException {
        try (LineReader reader = reader(part)) {
            if (reader != null) pass(reader, new LogLine.Parser(part.stamp(), slot), sink);
        }
    }

    /** It may have been compressed or deleted since it was listed. */
    private static @Nullable LineReader reader(Segment part) throws IOException {
        Path compressed = part.isCompressed() ? part.path() : Path.of(part.path() + Segments.COMPRESSED);
        try {
            return new LineReader(part.isCompressed() ? new GZIPInputStream(Files.newInputStream(compressed)) : Files.newInputStream(part.path()));
        } catch (NoSuchFileException e) {
            if (part.isCompressed() || !Files.exists(compressed)) return null;
            return new LineReader(new GZIPInputStream(Files.newInputStream(compressed)));
        }
    }

    private void pass(LineReader reader, LogLine.Parser of, Consumer<LogLine> sink) throws IOException {
        for (byte[] line = reader.next(); line != null; line = reader.next()) {
            LogLine parsed = of.parse(line);
            if (wanted.test(parsed)) sink.accept(parsed);
        }
    }

    /** What has come since, through rotations. */
    void more(Consumer<LogLine> sink) throws IOException {
        // who moves the file away may have made the new one before nary writes to it
        if (before != null) pass(before, parser, sink);
        if (current != null) pass(current, parser, sink);
        while (!Objects.equals(key, keyNow())) follow(sink);
    }

    private void follow(Consumer<LogLine> sink) throws IOException {
        LineReader old = current;
        long known = lastStamp;
        open();
        // complete now: it was renamed after its last line
        if (old != null) pass(old, parser, sink);
        List<Segment> since = parts.stream().filter(part -> part.stamp() > known).toList();
        // the first of these is the old file itself
        for (int i = old == null ? 0 : 1; i < since.size(); i++) read(since.get(i), sink);
        if (old != null) leave(old, since.isEmpty());
        if (current != null) pass(current, parser, sink);
    }

    /** Where there was no file for a while, the one before that stays the one before. */
    private void leave(LineReader old, boolean isMovedByOthers) throws IOException {
        if (before != null) before.close();
        before = isMovedByOthers ? old : null;
        if (!isMovedByOthers) old.close();
    }

    @Override
    public void close() throws IOException {
        if (before != null) before.close();
        if (current != null) current.close();
    }
}
