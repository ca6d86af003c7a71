package nary.fleet.roll;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import nary.fleet.spec.Names;

/**
 * The folders of an environment's runs: {@code .nary-fleet/ENVIRONMENT/RUN} beside the fleet file, each with its journal, a copy of the fleet
 * file, a log for each server and, until it has ended well, the packages.
 */
public final class Runs {
    private static final String HOME = ".nary-fleet";
    private static final DateTimeFormatter NAME = DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss-SSS").withZone(ZoneOffset.UTC);
    private static final int KEPT = 20;

    private final Path home;
    private final Path folder;

    /** @param fleetFile absolute */
    public Runs(Path fleetFile, String environment) {
        this.home = fleetFile.resolveSibling("");
        this.folder = fleetFile.resolveSibling(HOME).resolve(Names.slug(environment));
    }

    /** Where the fleet file is. */
    Path home() {
        return home;
    }

    /** The environment's own folder. */
    Path folder() {
        return folder;
    }

    /** A name for a run or a release that begins now: sorts by time, in UTC. */
    public static String name(Instant now) {
        return NAME.format(now);
    }

    /** Makes the folder of a new run. @throws IOException also if the run is there already */
    Path create(String run) throws IOException {
        Files.createDirectories(folder);
        Path ignore = folder.resolveSibling(".gitignore");
        if (Files.notExists(ignore)) Files.writeString(ignore, "*\n");
        return Files.createDirectory(folder.resolve(run));
    }

    /** The newest run that has a journal. */
    public Optional<Path> last() throws IOException {
        return all().stream().max(Comparator.comparing(Path::getFileName));
    }

    private List<Path> all() throws IOException {
        return folders().stream().filter(it -> Files.exists(it.resolve(Journal.FILE))).toList();
    }

    /** Also of those that have not begun; the oldest first. */
    private List<Path> folders() throws IOException {
        if (Files.notExists(folder)) return List.of();
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.filter(Files::isDirectory).sorted(Comparator.comparing(Path::getFileName)).toList();
        }
    }

    /** Forgets runs of long ago, and those before them that have not begun. */
    void tidy() throws IOException {
        List<Path> all = all();
        if (all.size() <= KEPT) return;
        Path oldest = all.get(all.size() - KEPT);
        for (Path each : folders()) if (each.compareTo(oldest) < 0) Trees.delete(each);
    }
}
