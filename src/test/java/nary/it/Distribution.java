package nary.it;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What is tested: the launcher, the test servers, and the user that runs them. Chosen by system properties: {@code nary.it.user} is
 * {@code self} or {@code ordinary}, {@code nary.it.full} adds the slow half of the matrix, {@code nary.it.seed} repeats a run.
 */
final class Distribution {
    private static final int NOBODY = 65534;
    private static final Path PROJECT = Path.of("").toAbsolutePath();
    private static final Distribution INSTANCE = prepare();

    private static @org.jspecify.annotations.Nullable Path readable;

    private final Path home;

    private Distribution(Path home) {
        this.home = home;
    }

    static Distribution get() {
        return INSTANCE;
    }

    static boolean isOrdinary() {
        return System.getProperty("nary.it.user", "self").equals("ordinary");
    }

    static boolean isFull() {
        return Boolean.getBoolean("nary.it.full");
    }

    static long seed() {
        return Long.getLong("nary.it.seed", 1);
    }

    Path launcher() {
        return Path.of(System.getProperty("nary.it.launcher", home.resolve("nary").toString()));
    }

    Path source(String app) {
        return home.resolve("src/test/apps").resolve(app);
    }

    Path built(String app) {
        return home.resolve("target/apps").resolve(app);
    }

    /** The versions of Node in {@code nodes}; the whole matrix has each that is maintained, and the oldest that is supported. */
    static List<String> nodes() {
        return isFull() ? List.of("18", "20", "22", "24", "latest") : List.of("18", "latest");
    }

    /** Words before a command that give it the right user and the signal dispositions of a login shell. */
    List<String> prefix() {
        List<String> plain = List.of("setsid", "env", "--default-signal=HUP,INT,TERM,CHLD");
        if (!isOrdinary()) return plain;
        String id = Integer.toString(NOBODY);
        return List.of(
                "setsid", "setpriv", "--reuid=" + id, "--regid=" + id, "--clear-groups", "--no-new-privs", "env", "--default-signal=HUP,INT,TERM,CHLD");
    }

    /** Gives a file to the user that runs nary. */
    static void hand(Path path) throws IOException {
        if (!isOrdinary()) return;
        Files.setAttribute(path, "unix:uid", NOBODY);
        Files.setAttribute(path, "unix:gid", NOBODY);
    }

    private static Distribution prepare() {
        try {
            shell("NODES='" + String.join(" ", nodes()) + "' bash src/test/apps/build target/apps");
            return new Distribution(isOrdinary() ? readableCopy() : PROJECT);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The project may lie where the ordinary user cannot look. */
    private static Path readableCopy() throws IOException, InterruptedException {
        Path copy = Files.createTempDirectory("nary-it-dist-");
        Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(() -> quietly("rm -rf '" + copy + "'")));
        shell("tar -c --exclude=./.git --exclude=./.cache --exclude=./target/surefire-reports . | tar -x -C '" + copy + "'");
        shell("'" + copy + "/nary' version");
        shell("chown -R " + NOBODY + ":" + NOBODY + " '" + copy + "' && chmod -R go+rX '" + copy + "'");
        return copy;
    }

    /** nary as built, without its source, where every user may run it. */
    static synchronized Path readableLauncher() throws IOException, InterruptedException {
        if (isOrdinary()) return INSTANCE.launcher();
        if (readable != null) return readable;
        Path copy = Files.createTempDirectory("nary-it-run-");
        Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(() -> quietly("rm -rf '" + copy + "'")));
        shell("""
                set -e
                ./nary version >/dev/null
                mkdir -p '%1$s/.cache/builds/run'
                cp nary '%1$s'
                cp -R "$(cat .cache/builds/current)"/nary.jar "$(cat .cache/builds/current)"/lib '%1$s/.cache/builds/run'
                echo '%1$s/.cache/builds/run' > '%1$s/.cache/builds/current'
                chmod -R go+rX '%1$s'
                """.formatted(copy));
        readable = copy.resolve("nary");
        return readable;
    }

    /** The test needs root: it gives processes other users, or mounts, or namespaces. */
    static void needsRoot() {
        org.junit.jupiter.api.Assumptions.assumeTrue(System.getProperty("user.name", "").equals("root"), "only root can choose users");
    }

    private static void quietly(String script) {
        try {
            shell(script);
        } catch (IOException | InterruptedException e) {
            System.err.println(e.getMessage());
        }
    }

    static void shell(String script) throws IOException, InterruptedException {
        Process process = new ProcessBuilder("bash", "-c", script).directory(PROJECT.toFile()).inheritIO().redirectInput(new File("/dev/null")).start();
        if (process.waitFor() != 0) throw new IOException("failed: " + script);
    }
}
