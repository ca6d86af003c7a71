package nary.fleet.transform;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The files of a folder that have another beside them for one environment: {@code NAME.ENV.EXT} for {@code NAME.EXT}, {@code .env.ENV} for {@code .env}. */
public final class EnvironmentFiles {
    /** @param transform what changes the file for the environment */
    public record Pair(Path file, Path transform) {}

    private EnvironmentFiles() {}

    /** In all its folders, in the order of their paths. Symbolic links are not followed. */
    public static List<Pair> in(Path folder, String environment) throws IOException {
        List<Pair> pairs = new ArrayList<>();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path transform : files.filter(Files::isRegularFile).sorted().toList())
                base(String.valueOf(transform.getFileName()), environment)
                        .map(transform::resolveSibling)
                        .filter(Files::isRegularFile)
                        .ifPresent(file -> pairs.add(new Pair(file, transform)));
        }
        return pairs;
    }

    private static Optional<String> base(String name, String environment) {
        if (name.equals(".env." + environment)) return Optional.of(".env");
        int dot = name.lastIndexOf('.');
        String middle = "." + environment;
        boolean isFor = dot > middle.length() && name.startsWith(middle, dot - middle.length());
        return isFor ? Optional.of(name.substring(0, dot - middle.length()) + name.substring(dot)) : Optional.empty();
    }
}
