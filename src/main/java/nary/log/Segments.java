package nary.log;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The names of a log's rotated parts: {@code BASE-<epoch milliseconds>.EXT}, and {@code ….EXT.gz} when they are compressed. */
public final class Segments {
    static final String COMPRESSED = ".gz";
    /** What a compression that did not finish leaves. */
    static final String UNFINISHED = ".gz.tmp";

    private Segments() {}

    /** @param stamp when it was rotated, in milliseconds of the epoch; unique for its log */
    public record Segment(Path path, long stamp, boolean isCompressed) {}

    static Path rotated(Path file, long stamp) {
        String name = file.getFileName().toString();
        int dot = dot(name);
        return file.resolveSibling(name.substring(0, dot) + "-" + stamp + name.substring(dot));
    }

    private static int dot(String name) {
        int dot = name.lastIndexOf('.');
        return dot > 0 ? dot : name.length();
    }

    private static Pattern pattern(Path file) {
        String name = file.getFileName().toString();
        int dot = dot(name);
        return Pattern.compile(Pattern.quote(name.substring(0, dot)) + "-([0-9]{13,18})" + Pattern.quote(name.substring(dot)) + "(|\\.gz|\\.gz\\.tmp)");
    }

    /** Oldest first. A part that is there in both forms was being compressed: the compressed one is whole. */
    public static List<Segment> of(Path file) throws IOException {
        TreeMap<Long, Segment> found = new TreeMap<>();
        for (Segment segment : all(file)) if (!isUnfinished(segment)) found.merge(segment.stamp, segment, (one, other) -> one.isCompressed ? one : other);
        return List.copyOf(found.values());
    }

    static boolean isUnfinished(Segment segment) {
        return segment.path.toString().endsWith(UNFINISHED);
    }

    /** In whatever form, oldest first. */
    static List<Segment> all(Path file) throws IOException {
        Pattern pattern = pattern(file);
        List<Segment> all = new ArrayList<>();
        try (Stream<Path> siblings = Files.list(parent(file))) {
            for (Path each : (Iterable<Path>) siblings::iterator) {
                Matcher matcher = pattern.matcher(each.getFileName().toString());
                if (matcher.matches()) all.add(new Segment(each, Long.parseLong(matcher.group(1)), !matcher.group(2).isEmpty()));
            }
        } catch (NoSuchFileException noFolder) {
            return List.of();
        }
        all.sort(Comparator.comparingLong(Segment::stamp).thenComparing(Segment::path));
        return all;
    }

    static Path parent(Path file) {
        Path parent = file.toAbsolutePath().getParent();
        return parent == null ? Path.of("/") : parent;
    }
}
