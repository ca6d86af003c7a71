package nary.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import nary.demo.load.Load;
import nary.demo.load.Plan;
import nary.demo.load.Recording;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The strategies of a deploy, and what a failure past the point of no return leads to. That good ones drop nothing is {@link ZeroDropTest}'s. */
@Tag("it")
class StrategiesTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    @RegisterExtension
    final Site site = new Site();

    private Load load() {
        return Load.start(Plan.of(site.port()).withClients(8, 0).withPause(Duration.ofMillis(5)));
    }

    private static void assertNothingLost(Load load) throws Exception {
        Recording seen = load.stop();
        assertThat(seen.failures()).isEmpty();
        assertThat(seen.ok()).isGreaterThan(50);
    }

    @Test
    @DisplayName("rolling: a version that fails in its third slot is taken back where it serves already; nobody notices")
    void rollingComesBack() throws Exception {
        Moody.start(site, 3, "--strategy", "rolling");
        StatusView before = site.status();
        try (Load load = load()) {
            Ran deploy = site.deploy("--env", "VERSION=v001", "--env", "MOOD=crash:2");
            assertThat(deploy.exit()).as("%s", deploy).isEqualTo(1);
            assertThat(deploy.err()).contains("worker 2.2 exited with exit code 7", "| no database", "the old version came back", "generation 1 serves with 3 workers");
            assertNothingLost(load);
        }
        StatusView after = site.status();
        assertThat(after.generation()).isEqualTo(1);
        assertThat(after.serving()).hasSize(3).allSatisfy(worker -> assertThat(worker.generation()).isEqualTo(1));
        assertThat(after.serving().get(2).pid()).as("never touched").isEqualTo(before.serving().get(2).pid());
        assertThat(site.get("/")).contains("version=v000 ");
        site.assertNothingElseLives();
    }

    @Test
    @DisplayName("rolling: a failure in the first slot leads straight back")
    void rollingGoesBack() throws Exception {
        Moody.start(site, 3, "--strategy", "rolling", "--batch", "50%");
        StatusView before = site.status();
        Ran deploy = site.deploy("--env", "MOOD=crash:0");
        assertThat(deploy.exit()).as("%s", deploy).isEqualTo(1);
        assertThat(deploy.err()).contains("generation 1 serves with 3 workers as before");
        assertThat(site.status().pids()).isEqualTo(before.pids());
        site.assertNothingElseLives();
    }

    @ParameterizedTest(name = "{0}: a bad version is taken back, and what waited meanwhile is answered")
    @ValueSource(strings = {"replace", "first-ready"})
    void aBadVersionIsTakenBack(String strategy) throws Exception {
        Moody.start(site, 2);
        try (Load load = load()) {
            Ran deploy = site.deploy("--strategy", strategy, "--env", "VERSION=v001", "--env", "MOOD=crash:all");
            assertThat(deploy.exit()).as("%s", deploy).isEqualTo(1);
            assertThat(deploy.err()).contains("exit code 7", "generation 1 serves with 2 workers");
            assertNothingLost(load);
        }
        assertThat(site.status().serving()).hasSize(2).allSatisfy(worker -> assertThat(worker.generation()).isEqualTo(1));
        site.assertNothingElseLives();
    }

    @Test
    @DisplayName("first-ready: a new worker that fails when old ones are gone already brings them back; nobody notices")
    void firstReadyComesBack() throws Exception {
        Moody.start(site, 2, "--strategy", "first-ready");
        Path release = site.directory().resolve("release");
        try (Load load = load()) {
            Running deploy = site.spawn(site.directory(), "deploy", "--env", "VERSION=v001", "--env", "MOOD=late:1", "--env", "RELEASE=" + release);
            Until.holds("an old worker is gone", LIMIT, () -> Files.readString(site.directory().resolve("nary.log")).contains("OldExit 1."));
            Files.createFile(release);
            Ran ran = deploy.await(LIMIT);
            assertThat(ran.exit()).as("%s", ran).isEqualTo(1);
            assertThat(ran.err()).contains("worker 2.1 exited with exit code 7", "the old version came back: generation 1 serves with 2 workers");
            assertNothingLost(load);
        }
        assertThat(site.status().serving()).hasSize(2).allSatisfy(worker -> assertThat(worker.generation()).isEqualTo(1));
        site.assertNothingElseLives();
    }

    @Test
    @DisplayName("surge: after the point of no return it goes forward, and the exit code says that something went wrong")
    void surgeGoesForward() throws Exception {
        Moody.start(site, 2, "--drain-timeout", "60");
        try (Wire slow = Wire.connect(site.port())) {
            slow.send("GET /wait HTTP/1.1\r\nHost: localhost\r\n\r\n");
            Until.holds("a request is under way", LIMIT, () -> site.status().workers().stream().anyMatch(it -> it.connections() > 0));
            Running deploy = site.spawn(site.directory(), "deploy", "--env", "VERSION=v001");
            Until.holds("the idle old worker is gone", LIMIT, () -> Files.readString(site.directory().resolve("nary.log")).contains("OldExit 1."));
            long killed = site.status().serving().getFirst().pid();
            Site.signal("KILL", killed);
            site.holds("it is replaced", LIMIT, now -> now.serving().size() == 2 && !now.pids().contains(killed));
            slow.close();
            Ran ran = deploy.await(LIMIT);
            assertThat(ran.exit()).as("%s", ran).isEqualTo(1);
            assertThat(ran.err()).contains("after the point of no return; the new version serves (generation 2 serves with 2 workers)");
        }
        site.assertNothingElseLives();
    }

    @Test
    @DisplayName("replace: the old processes are gone before the new ones start")
    void replaceNeverRunsBoth() throws Exception {
        Moody.start(site, 2, "--strategy", "replace");
        StatusView before = site.status();
        Ran deploy = site.deploy("--env", "VERSION=v001");
        assertThat(deploy.exit()).as("%s", deploy).isZero();
        List<String> log = Files.readAllLines(site.directory().resolve("nary.log"));
        int lastEnd = lastLine(log, "OldExit");
        int firstStart = firstLine(log, "SpawnNew 2.");
        assertThat(lastEnd).isLessThan(firstStart);
        assertThat(site.status().pids()).doesNotContainAnyElementsOf(before.pids());
        site.assertNothingElseLives();
    }

    private static int firstLine(List<String> log, String word) {
        for (int i = 0; i < log.size(); i++) if (log.get(i).contains(word)) return i;
        throw new AssertionError("no " + word + " in " + log);
    }

    private static int lastLine(List<String> log, String word) {
        for (int i = log.size() - 1; i >= 0; i--) if (log.get(i).contains(word)) return i;
        throw new AssertionError("no " + word + " in " + log);
    }

    @Test
    @DisplayName("where the old version's files are gone it cannot come back: what serves goes on, and both generations are named")
    void goneFilesLeaveBoth() throws Exception {
        Path release = site.folder("releases/1");
        Files.copy(Distribution.get().source("node/moody.js"), release.resolve("moody.js"));
        Path next = site.folder("releases/2");
        Files.copy(Distribution.get().source("node/moody.js"), next.resolve("moody.js"));
        Ran start = site.nary("start", "--worker-count", "2", "--strategy", "rolling", "--cwd", release.toString(), "--env", "VERSION=v000", "--", "node", "moody.js", "" + site.port());
        assertThat(start.exit()).as("%s", start).isZero();
        Files.delete(release.resolve("moody.js"));
        Files.delete(release);
        Ran deploy = site.deploy("--cwd", next.toString(), "--env", "VERSION=v001", "--env", "MOOD=crash:1");
        assertThat(deploy.exit()).as("%s", deploy).isEqualTo(1);
        assertThat(deploy.err()).contains("could not come back everywhere", "generation 1 serves with 1 worker", "generation 2 serves with 1 worker");
        assertThat(site.status().serving()).extracting(StatusView.Row::generation).containsExactlyInAnyOrder(1, 2);
        Ran again = site.deploy("--cwd", next.toString(), "--env", "VERSION=v002", "--env", "MOOD=none");
        assertThat(again.exit()).as("%s", again).isZero();
        assertThat(site.status().serving()).hasSize(2).allSatisfy(worker -> assertThat(worker.generation()).isEqualTo(3));
        site.assertNothingElseLives();
    }

    @Test
    @DisplayName("restart, SIGUSR2, scale up and down, SIGTTIN and SIGTTOU under load: nothing is lost")
    void restartAndScale() throws Exception {
        Moody.start(site, 2);
        StatusView before = site.status();
        try (Load load = load()) {
            assertSucceeds(site.nary("scale", "4"), "4 workers online");
            assertThat(site.status().serving()).hasSize(4);
            assertSucceeds(site.nary("scale", "-2"), "2 workers online");
            assertThat(site.status().pids()).isEqualTo(before.pids());
            assertSucceeds(site.nary("scale", "2"), "already 2 workers");
            Site.signal("TTIN", before.daemon());
            Until.holds("three workers serve", LIMIT, () -> site.status().serving().size() == 3);
            Site.signal("TTOU", before.daemon());
            Until.holds("two workers serve", LIMIT, () -> site.status().workers().size() == 2);
            assertSucceeds(site.nary("restart"), "generation 2 serves with 2 workers");
            assertThat(site.status().pids()).doesNotContainAnyElementsOf(before.pids());
            Site.signal("USR2", before.daemon());
            site.holds("generation 3 serves alone", LIMIT, now -> now.generation() == 3 && now.state().equals("online"));
            assertNothingLost(load);
        }
        site.assertNothingElseLives();
    }

    private static void assertSucceeds(Ran ran, String text) {
        assertThat(ran.exit()).as("%s", ran).isZero();
        assertThat(ran.out()).contains(text);
    }

    @Test
    @DisplayName("a scale that is impossible or fails changes nothing and says why")
    void scaleRefuses() throws Exception {
        Moody.start(site, 2);
        assertThat(site.nary("scale", "-2").exit()).isEqualTo(1);
        Ran none = site.nary("scale", "0");
        assertThat(none.exit()).as("%s", none).isEqualTo(2);
        assertThat(site.nary("scale").exit()).isEqualTo(2);
        assertThat(site.nary("deploy", "--strategy", "bluegreen").err()).contains("surge, first-ready, rolling, replace");
        assertThat(site.nary("deploy", "--strategy", "surge", "--batch", "2").exit()).isEqualTo(2);
        assertThat(site.nary("deploy", "--env", "MOOD=crash:2").exit()).isZero();
        Ran failed = site.nary("scale", "3");
        assertThat(failed.exit()).as("%s", failed).isEqualTo(1);
        assertThat(failed.err()).contains("exit code 7", "| no database", "2 workers online as before");
        assertThat(site.status().serving()).hasSize(2);
        site.assertNothingElseLives();
    }

    @Test
    @DisplayName("a signal that is refused is in the event log, with the reason")
    void refusedSignals() throws Exception {
        Moody.start(site, 1, "--settle", "2");
        Site.signal("TTOU", site.status().daemon());
        Until.holds("it says why", LIMIT, () -> log().contains("Signal SIGTTOU: at least 1 worker must stay (now 1)"));
        Site.signal("USR2", site.status().daemon());
        Until.holds("it deploys", LIMIT, () -> site.status().state().equals("deploying"));
        Site.signal("HUP", site.status().daemon());
        Until.holds("it says why", LIMIT, () -> log().contains("Signal SIGHUP: a deploy of generation 2 is in progress"));
        site.holds("generation 2 serves alone", LIMIT, now -> now.generation() == 2 && now.state().equals("online"));
        site.assertNothingElseLives();
    }

    private String log() throws Exception {
        return Files.readString(site.directory().resolve("nary.log"));
    }

    @Test
    @DisplayName("a batch that means nothing is refused; a strategy that is named is the one that is used")
    void strategyAsTyped() throws Exception {
        Moody.start(site, 1, "--strategy", "replace");
        Ran batch = site.nary("deploy", "--batch", "2");
        assertThat(batch.exit()).as("%s", batch).isEqualTo(1);
        assertThat(batch.err()).contains("--batch: the app's strategy replace begins with all at once");
        assertSucceeds(site.nary("deploy", "--strategy", "rolling", "--batch", "2"), "generation 2 serves with 1 worker");
        assertThat(log()).contains("with 1 worker, rolling, 2 at a time");
        assertSucceeds(site.nary("restart"), "generation 3 serves with 1 worker");
        assertThat(log()).contains("deploying generation 3 with 1 worker, replace");
        site.assertNothingElseLives();
    }

    @Test
    @DisplayName("a rolling deploy to more workers, and one to fewer")
    void rollingToAnotherCount() throws Exception {
        Moody.start(site, 1);
        assertSucceeds(site.nary("deploy", "--strategy", "rolling", "--worker-count", "4"), "generation 2 serves with 4 workers");
        assertSucceeds(site.nary("deploy", "--strategy", "rolling", "--worker-count", "2"), "generation 3 serves with 2 workers");
        site.assertNothingElseLives();
    }
}
