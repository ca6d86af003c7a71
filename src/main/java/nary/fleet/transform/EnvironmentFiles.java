package nary.fleet.transform;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The files of a folder that have another beside them for one environment: {@code NAME.ENV.EXT} for {@code NAME.EXT}, {@code .env.ENV} for {@code
 * .env}. The case of the environment makes no difference.
 */
public final class EnvironmentFiles {
    /** @param transform what changes the file for the environment */
    public record Pair(Path file, Path transform) {}

    private EnvironmentFiles() {}

    /** In all its folders, in the order of their paths. Symbolic links are not followed. @throws IOException also if one file has two, in different case */
    public static List<Pair> in(Path folder, String environment) throws IOException {
        List<Pair> pairs = new ArrayList<>();
        Map<Path, Path> seen = new HashMap<>();
        for (Path transform : files(folder)) {
            Optional<Path> file = base(String.valueOf(transform.getFileName()), "." + environment.strip()).map(transform::resolveSibling);
            if (file.isEmpty() || !isFile(file.get())) continue;
            Path other = seen.put(file.get(), transform);
            if (other != null) throw new IOException(folder.relativize(transform) + " and " + other.getFileName() + " are for the same environment: remove one");
            pairs.add(new Pair(file.get(), transform));
        }
        return pairs;
    }

    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(EnvironmentFiles::isFile).sorted().toList();
        }
    }

    private static boolean isFile(Path path) {
        return Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS);
    }

    private static Optional<String> base(String name, String middle) {
        if (name.toLowerCase(Locale.ROOT).equals((".env" + middle).toLowerCase(Locale.ROOT))) return Optional.of(".env");
        int dot = name.lastIndexOf('.');
        int from = dot - middle.length();
        boolean isFor = from > 0 && name.regionMatches(true, from, middle, 0, middle.length());
        return isFor ? Optional.of(name.substring(0, from) + name.substring(dot)) : Optional.empty();
    }
}
