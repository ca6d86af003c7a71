package nary.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import nary.demo.load.Load;
import nary.demo.load.Outcome;
import nary.demo.load.Plan;
import nary.demo.load.Recording;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Start, crash, signals, releases, stop. */
@Tag("it")
class LifecycleTest {
    private static final Duration LIMIT = Duration.ofSeconds(20);

    @RegisterExtension
    final Site site = new Site();

    @Test
    @DisplayName("status says as data what runs: generation, strategy, readiness, a row per worker")
    void statusAsData() throws Exception {
        site.start(Server.NODE, 2);
        StatusView status = site.status();
        assertThat(status.generation()).isEqualTo(1);
        assertThat(status.state()).isEqualTo("online");
        assertThat(status.strategy()).isEqualTo("surge");
        assertThat(status.ready()).isEqualTo("listen");
        assertThat(status.workers()).extracting(StatusView.Row::slot).containsExactly(0, 1);
        assertThat(status.serving()).hasSize(2).allSatisfy(worker -> {
            assertThat(ProcessHandle.of(worker.pid())).isPresent();
            assertThat(worker.queueLimit()).isGreaterThanOrEqualTo(Math.min(4096, somaxconn()));
        });
        assertThat(status.addresses()).singleElement().asString().endsWith(":" + site.port());
        assertThat(site.nary("status").out()).contains("serving", "surge", "" + status.daemon());
        assertThat(site.nary("ls").out()).contains(site.directory().toString());
        site.assertNothingElseLives();
    }

    @Test
    @DisplayName("a worker killed with SIGKILL is replaced in its slot, and costs no more than what it had accepted")
    void killedWorkerIsReplaced() throws Exception {
        site.start(Server.NODE, 2);
        StatusView.Row victim = site.status().workers().getFirst();
        int clients = 8;
        Recording seen;
        try (Load load = Load.start(Plan.of(site.port()).withClients(clients, 0))) {
            Until.holds("the load runs", LIMIT, () -> load.asked() > 50);
            Site.signal("KILL", victim.pid());
            site.holds("two workers serve again", LIMIT, now -> now.serving().size() == 2 && !now.pids().contains(victim.pid()));
            seen = load.stop();
        }
        StatusView status = site.status();
        assertThat(status.generation()).isEqualTo(1);
        assertThat(status.workers().getFirst().slot()).isEqualTo(victim.slot());
        assertThat(status.workers().getFirst().restarts()).isEqualTo(1);
        assertThat(seen.failures()).allSatisfy(a -> assertThat(a.outcome()).isIn(Outcome.RESET, Outcome.CUT)).hasSizeLessThanOrEqualTo(clients);
        site.assertNothingElseLives();
    }

    @Test
    @DisplayName("SIGHUP deploys, with the environment the app has")
    void hangUpDeploys() throws Exception {
        site.start(Server.NODE, 2);
        StatusView before = site.status();
        Site.signal("HUP", before.daemon());
        Until.holds("generation 2 serves alone", LIMIT, () -> {
            StatusView now = site.status();
            return now.generation() == 2 && now.state().equals("online") && now.serving().size() == 2;
        });
        assertThat(site.status().pids()).doesNotContainAnyElementsOf(before.pids());
        assertThat(site.get("/")).contains("version=v000 ");
        site.assertNothingElseLives();
    }

    @Test
    @DisplayName("SIGTERM stops the app and the daemon gracefully")
    void terminateStops() throws Exception {
        site.start(Server.NODE, 2);
        assertThat(site.directory().resolve("nary.pid")).hasContent("" + site.status().daemon());
        Site.signal("TERM", site.status().daemon());
        site.assertNothingLives();
        assertThat(site.directory().resolve("nary.pid")).doesNotExist();
        assertThat(site.directory().resolve("nary.ipc")).doesNotExist();
        assertThat(site.nary("status").exit()).isEqualTo(4);
    }

    @Test
    @DisplayName("in the foreground the command is the supervisor, and SIGTERM ends it with 0")
    void foreground() throws Exception {
        String server = Distribution.get().source("node/server.js").toString();
        Running running = site.spawn(site.directory(), "start", "--daemon-mode", "false", "--", "node", server, "" + site.port());
        Until.holds("it answers", LIMIT, () -> running.isAlive() && answers("version=v0 "));
        assertThat(site.status().daemon()).isEqualTo(running.pid());
        Site.signal("TERM", running.pid());
        Ran ran = running.await(LIMIT);
        assertThat(ran.exit()).as("%s", ran).isZero();
        site.assertNothingLives();
    }

    @Test
    @DisplayName("stop lets a server that ends gracefully answer what is under way, then nothing is left")
    void stopIsGraceful() throws Exception {
        site.start(Server.NODE, 2);
        try (Wire wire = Wire.connect(site.port())) {
            wire.send("GET /slow?ms=2000 HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
            Until.holds("the request is accepted", LIMIT, () -> site.status().workers().stream().anyMatch(w -> w.connections() > 0));
            Ran stop = site.nary("stop");
            assertThat(stop.exit()).as("%s", stop).isZero();
            assertThat(wire.answer()).contains("version=v000 ");
        }
        site.assertNothingLives();
    }

    @Test
    @DisplayName("the output of all workers is appended to the files, by whole lines")
    void outputIsKept() throws Exception {
        site.start(Server.NODE, 2);
        assertThat(site.deploy("--env", "VERSION=v001").exit()).isZero();
        assertThat(site.nary("stop").exit()).isZero();
        assertThat(Files.readAllLines(site.directory().resolve("stdout.log")))
                .filteredOn(line -> line.startsWith("listening"))
                .containsExactly("listening v000", "listening v000", "listening v001", "listening v001");
        assertThat(Files.readAllLines(site.directory().resolve("stderr.log"))).hasSize(4).allMatch(line -> line.startsWith("errors of v0"));
    }

    @Test
    @DisplayName("a deploy follows a switched symlink, also where start was run inside it and the old release is gone")
    void symlinkedReleases() throws Exception {
        Path current = site.directory().resolve("current");
        release("r1");
        Files.createSymbolicLink(current, Path.of("releases/r1"));
        String root = site.directory().toString();
        Ran start = site.nary(
                current, "start", "--ipc-file", root + "/nary.ipc", "--pid-file", root + "/nary.pid", "--log", root + "/nary.log",
                "--stdout", root + "/stdout.log", "--stderr", root + "/stderr.log", "--worker-count", "2", "server.js", "" + site.port());
        assertThat(start.exit()).as("%s", start).isZero();
        assertThat(site.get("/")).contains("version=r1 ");

        release("r2");
        Path next = Files.createSymbolicLink(site.directory().resolve("next"), Path.of("releases/r2"));
        Files.move(next, current, java.nio.file.StandardCopyOption.ATOMIC_MOVE, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        Files.delete(site.directory().resolve("releases/r1/server.js"));
        Files.delete(site.directory().resolve("releases/r1"));

        Ran deploy = site.deploy();
        assertThat(deploy.exit()).as("%s", deploy).isZero();
        assertThat(site.get("/")).contains("version=r2 ");
        site.assertNothingElseLives();
    }

    @Test
    @DisplayName("a deploy can change the number of workers")
    void workerCount() throws Exception {
        site.start(Server.NODE, 1);
        assertThat(site.deploy("--worker-count", "3").exit()).isZero();
        assertThat(site.status().serving()).hasSize(3);
        assertThat(site.deploy("--worker-count", "2").exit()).isZero();
        assertThat(site.status().serving()).hasSize(2);
        assertThat(site.deploy().exit()).isZero();
        assertThat(site.status().serving()).hasSize(2);
        site.assertNothingElseLives();
    }

    private void release(String name) throws IOException {
        Path folder = site.folder("releases/" + name);
        String server = Distribution.get().source("node/server.js").toString();
        Path file = folder.resolve("server.js");
        Files.writeString(file, "process.env.VERSION = '" + name + "';\nrequire('" + server + "');\n");
        Distribution.hand(file);
    }

    private boolean answers(String text) {
        try {
            return site.get("/").contains(text);
        } catch (IOException notYet) {
            return false;
        }
    }

    private static int somaxconn() throws IOException {
        return Integer.parseInt(Files.readString(Path.of("/proc/sys/net/core/somaxconn")).strip());
    }
}
