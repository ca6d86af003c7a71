package nary.supervisor;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import nary.config.Glob;
import nary.config.Launch;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileWatchTest {
    private static final Duration LIMIT = Duration.ofSeconds(20);

    @TempDir
    Path folder;

    private final BlockingQueue<List<Path>> told = new LinkedBlockingQueue<>();
    private final BlockingQueue<String> trouble = new LinkedBlockingQueue<>();
    private @Nullable FileWatch watch;

    @BeforeEach
    void folders() throws Exception {
        folder = folder.toRealPath();
        for (String name : List.of("src/deep", "node_modules/x", ".git", "other")) Files.createDirectories(folder.resolve(name));
    }

    @AfterEach
    void close() {
        if (watch != null) watch.close();
        assertThat(trouble).isEmpty();
    }

    private void watch(String... globs) throws Exception {
        var files = new Launch.Files(folder + "/nary.ipc", folder + "/nary.pid", folder + "/nary.log", folder + "/out-{slot}.log", folder + "/stderr.log");
        watch = new FileWatch(Stream.of(globs).map(Glob::parse).toList(), files, told::add, trouble::add);
        watch.watch(folder);
        awaitWatching(folder);
    }

    /** Until a change of the probe is told, nobody is known to look. */
    private void awaitWatching(Path below) throws Exception {
        Path probe = below.resolve("probe.js");
        long end = System.nanoTime() + LIMIT.toNanos();
        List<Path> first = null;
        while (first == null && System.nanoTime() - end < 0) {
            Files.writeString(probe, "" + System.nanoTime());
            first = told.poll(1, TimeUnit.SECONDS);
        }
        assertThat(first).isNotNull();
    }

    private List<Path> next() throws InterruptedException {
        List<Path> changed = told.poll(LIMIT.toSeconds(), TimeUnit.SECONDS);
        assertThat(changed).isNotNull();
        return changed;
    }

    private void write(String... names) throws Exception {
        for (String name : names) Files.writeString(folder.resolve(name), "x");
    }

    @Test
    void severalChangesAreToldTogetherAndOthersNotAtAll() throws Exception {
        watch("*.js", "other/*.txt");
        write("other/a.md", "node_modules/x/a.js", ".git/a.js", "src/a.txt", "src/deep/a.js", "src/b.js", "other/a.txt");
        assertThat(next()).containsExactlyInAnyOrder(Path.of("src/deep/a.js"), Path.of("src/b.js"), Path.of("other/a.txt"));
        Files.delete(folder.resolve("src/b.js"));
        assertThat(next()).containsExactly(Path.of("src/b.js"));
    }

    @Test
    void foldersThatComeLaterAreWatchedToo() throws Exception {
        watch("*.js");
        Files.createDirectories(folder.resolve("new/deep"));
        write("new/deep/a.js");
        assertThat(next()).containsExactly(Path.of("new/deep/a.js"));
        write("new/deep/b.js");
        assertThat(next()).containsExactly(Path.of("new/deep/b.js"));
    }

    @Test
    void whatNaryWritesItselfDoesNotCount() throws Exception {
        watch("**");
        write("nary.log", "out-3.log", "out-3-1790000000000.log", "stderr-1790000000000.log.gz", "nary.pid", "nary.ipc.lock", "out-3.txt");
        assertThat(next()).containsExactly(Path.of("out-3.txt"));
    }

    @Test
    void anotherDirectoryTakesThePlaceOfTheFirst() throws Exception {
        watch("*.js");
        Path next = Files.createDirectories(folder.resolve("src"));
        watch.watch(next);
        awaitWatching(next);
        write("other/a.js", "src/z.js");
        assertThat(next()).containsExactly(Path.of("z.js"));
    }
}
