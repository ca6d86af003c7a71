package nary.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import nary.it.StatusView.Row;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Who boots beside those that serve gives way to them. */
@Tag("it")
class CourtesyTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    /** Field of /proc/PID/stat after the name, proc_pid_stat(5). */
    private static final int NICE = 16;

    @RegisterExtension
    final Site site = new Site();

    @Test
    @DisplayName("a new version boots nicer than what serves, and serves like any other; where that could not be taken back, it is left out")
    void bootsNicer() throws Exception {
        String script = "until [ -e go-$VERSION ]; do sleep 0.02; done; exec node '" + Distribution.get().source("node/server.js") + "' " + site.port();
        go("v000");
        Ran start = site.nary("start", "--worker-count", "2", "--env", "VERSION=v000", "--", "sh", "-c", script);
        assertThat(start.exit()).as("%s", start).isZero();
        Running deploy = site.spawn(site.directory(), "deploy", "--env", "VERSION=v001");
        Until.holds("both boot", LIMIT, () -> booting().size() == 2);
        int usual = niceness(site.status().daemon()).iterator().next();
        int courteous = mayTakeBack() ? usual + 5 : usual;
        for (Row row : booting()) Until.holds("it gives way", LIMIT, () -> niceness(row.pid()).equals(Set.of(courteous)));
        for (Row row : site.status().serving()) assertThat(niceness(row.pid())).containsExactly(usual);
        go("v001");
        Ran ended = deploy.await(LIMIT);
        assertThat(ended.exit()).as("%s", ended).isZero();
        List<Row> serving = site.status().serving();
        assertThat(serving).hasSize(2).allSatisfy(row -> assertThat(row.generation()).isEqualTo(2));
        for (Row row : serving) assertThat(niceness(row.pid())).as("all threads").containsExactly(usual);
        site.assertNothingElseLives();
    }

    private void go(String version) throws IOException {
        Files.createFile(site.directory().resolve("go-" + version));
    }

    private List<Row> booting() throws Exception {
        return site.status().workers().stream().filter(row -> row.state().equals("booting") && row.pid() > 0).toList();
    }

    private static boolean mayTakeBack() {
        return !Distribution.isOrdinary() && "root".equals(System.getProperty("user.name"));
    }

    /** Of all its threads. */
    private static Set<Integer> niceness(long pid) throws IOException {
        Set<Integer> all = new HashSet<>();
        try (Stream<Path> threads = Files.list(Path.of("/proc", Long.toString(pid), "task"))) {
            for (Path thread : threads.toList()) nicenessOf(thread).ifPresent(all::add);
        }
        return all;
    }

    private static Optional<Integer> nicenessOf(Path thread) {
        try {
            String stat = Files.readString(thread.resolve("stat"));
            return Optional.of(Integer.parseInt(stat.substring(stat.lastIndexOf(')') + 2).split(" ")[NICE]));
        } catch (IOException hasEnded) {
            return Optional.empty();
        }
    }
}
