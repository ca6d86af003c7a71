package nary.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import nary.demo.load.Load;
import nary.demo.load.Plan;
import nary.demo.load.Recording;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The programs of docs/graceful-exceptions.md: an error costs the one request that met it. */
@Tag("it")
class GracefulExceptionsTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final int SLOW = 20;

    @RegisterExtension
    final Site site = new Site();

    @ParameterizedTest(name = "{0}, {1} workers: nobody but the one request sees an error")
    @CsvSource({"app.js, 2", "app.js, 1", "App.java, 2", "app.py, 2"})
    void oneRequest(String file, int workers) throws Exception {
        DocExample.of("graceful-exceptions.md", file).start(site, Map.of("--worker-count 2", "--worker-count " + workers));
        List<Wire> slow = new ArrayList<>();
        try (Load load = Load.start(Plan.of(site.port()).withClients(6, 6).withPause(Duration.ofMillis(10)).withTimeout(LIMIT))) {
            for (int i = 0; i < SLOW; i++) slow.add(ask("/slow"));
            StatusView before = site.status();
            try (Wire crash = ask("/crash")) {
                assertThat(crash.line()).contains(" 500 ");
            }
            Until.holds("its successor is asked for", LIMIT, () -> log().contains(" gets a new process"));
            int slot = slotOfTheOffline();
            long failed = before.workers().stream().filter(it -> it.slot() == slot).findFirst().orElseThrow().pid();
            if (workers > 1) for (int i = 0; i < 50; i++) assertThat(site.get("/")).doesNotContain("pid=" + failed + "\n");
            assertThat(answers(slow)).as("requests under way on it").contains("version=1 pid=" + failed + "\n");
            site.holds("another serves in its place", LIMIT, now -> now.serving().size() == workers && now.workers().size() == workers);
            Recording seen = load.stop();
            assertThat(seen.failures()).isEmpty();
            assertThat(seen.ok()).isGreaterThan(100);
            assertToldRightly(slot, failed);
        }
    }

    private void assertToldRightly(int slot, long failed) throws Exception {
        String worker = "worker 1." + slot;
        assertThat(log()).containsSubsequence(worker + " wants no new connections; another process takes its place", worker + "#2 is ready", worker + " is drained", worker + " is told to stop", "OldExit 1." + slot);
        assertThat(log()).doesNotContain("is killed");
        StatusView after = site.status();
        assertThat(after.pids()).doesNotContain(failed);
        assertThat(after.workers()).allSatisfy(it -> assertThat(it.restarts()).isEqualTo(it.slot() == slot ? 1 : 0));
        assertThat(Files.readString(site.directory().resolve("stderr.log"))).containsOnlyOnce("boom");
        site.assertNothingElseLives();
    }

    private int slotOfTheOffline() throws IOException {
        String log = log();
        int end = log.indexOf(" wants no new connections");
        return log.charAt(end - 1) - '0';
    }

    private Wire ask(String path) throws IOException {
        Wire wire = Wire.connect(site.port());
        wire.send("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        return wire;
    }

    private static List<String> answers(List<Wire> wires) throws IOException {
        List<String> answers = new ArrayList<>();
        for (Wire wire : wires) {
            try (wire) {
                answers.add(wire.answer());
            }
        }
        return answers;
    }

    private String log() throws IOException {
        return Files.readString(site.directory().resolve("nary.log"));
    }
}
