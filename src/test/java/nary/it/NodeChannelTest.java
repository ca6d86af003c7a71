package nary.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.time.Duration;
import nary.demo.load.Load;
import nary.demo.load.Plan;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a Node worker and nary say to each other with {@code --ready online}. */
@Tag("it")
class NodeChannelTest {
    private static final String ONLINE = "process.send('online');";
    private static final String ON_SHUTDOWN = "process.on('message', (m) => { if (m === 'shutdown') %s });";

    @RegisterExtension
    final Site site = new Site();

    @Test
    @DisplayName("a worker is ready when it says 'online', and hears 'shutdown' in place of the signal, at a deploy and at the stop")
    void onlineAndShutdown() throws Exception {
        start("auto", serve() + ON_SHUTDOWN.formatted("{ console.log('cleaned up'); server.close(() => process.exit(7)); }"));
        Ran deploy = site.deploy();
        assertThat(deploy.exit()).as("%s", deploy).isZero();
        assertThat(deploy.err()).contains("worker 1.0 exited with exit code 7");
        Ran stop = site.nary("stop");
        assertThat(stop.exit()).as("%s", stop).isZero();
        assertThat(stop.err()).contains("worker 2.0 exited with exit code 7");
        assertThat(site.directory().resolve("stdout.log")).hasContent("cleaned up\ncleaned up");
    }

    @Test
    @DisplayName("a worker that only notes 'shutdown' ends by itself: its servers are closed and its channel ends")
    void nothingElseToDo() throws Exception {
        start("auto", serve() + ON_SHUTDOWN.formatted("console.log('noted');"));
        Ran stop = site.nary("stop");
        assertThat(stop.exit()).as("%s", stop).isZero();
        assertThat(stop.err()).contains("worker 1.0 exited with exit code 0");
        assertThat(site.directory().resolve("stdout.log")).hasContent("noted");
    }

    @Test
    @DisplayName("a worker that listens for no message gets the signal")
    void signalForThoseWhoDoNotListen() throws Exception {
        start("auto", serve());
        Ran stop = site.nary("stop");
        assertThat(stop.exit()).as("%s", stop).isZero();
        assertThat(stop.err()).contains("worker 1.0 was ended by signal SIGTERM");
    }

    @Test
    @DisplayName("without the preload 'shutdown' is told all the same, and a worker with no server ends with its channel")
    void withoutPreload() throws Exception {
        start("off", ON_SHUTDOWN.formatted("console.log('noted');"));
        Ran stop = site.nary("stop");
        assertThat(stop.exit()).as("%s", stop).isZero();
        assertThat(stop.err()).contains("worker 1.0 exited with exit code 0");
    }

    @Test
    @DisplayName("a new version that is told to stop before it said 'online' gets the signal")
    void notOnlineYet() throws Exception {
        start("auto", serve());
        Ran deploy = site.deploy("--env", "SILENT=1", "--timeout", "1");
        assertThat(deploy.exit()).as("%s", deploy).isEqualTo(5);
        assertThat(deploy.err()).contains("worker 2.0 was ended by signal SIGTERM");
        assertThat(site.get("/")).contains("version=");
    }

    @Test
    @DisplayName("a worker that says 'offline' is told to shut down once another serves in its place")
    void offline() throws Exception {
        start("auto", serve() + "process.on('SIGUSR2', () => process.send('offline'));" + ON_SHUTDOWN.formatted("process.exit();"));
        long before = site.status().workers().getFirst().pid();
        Site.signal("USR2", before);
        Until.holds("another serves alone", Duration.ofSeconds(10), () -> {
            StatusView status = site.status();
            return status.serving().size() == 1 && status.pids().size() == 1 && !status.pids().contains(before);
        });
        String log = Files.readString(site.directory().resolve("nary.log"));
        assertThat(log.indexOf("worker 1.0#2 is ready")).isPositive().isLessThan(log.indexOf("worker 1.0 is told to stop"));
        assertThat(log).contains("worker 1.0 exited with exit code 0");
    }

    @Test
    @DisplayName("a worker that says 'offline' gets no new connection, also if it goes on listening, and is given time for what it has")
    void offlineAndListening() throws Exception {
        String slow = "const server = require('http').createServer((q, s) => setTimeout(() => s.end('pid=' + process.pid), q.url === '/slow' ? 1500 : 0)).listen("
                + site.port() + ");";
        start("auto", slow + "process.on('SIGUSR2', () => process.send('offline'));" + ON_SHUTDOWN.formatted("process.exit();"));
        long before = site.status().workers().getFirst().pid();
        try (Wire wire = Wire.connect(site.port())) {
            wire.send("GET /slow HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
            Site.signal("USR2", before);
            Until.holds("another serves", Duration.ofSeconds(10), () -> !site.get("/").contains("pid=" + before));
            for (int i = 0; i < 50; i++) assertThat(site.get("/")).doesNotContain("pid=" + before);
            assertThat(wire.answer()).contains("pid=" + before);
        }
        site.assertNothingElseLives();
    }

    @Test
    @DisplayName("a single worker that closes its listener with 'offline': connections wait in its queue for its successor, none is refused or lost")
    void offlineAndClosed() throws Exception {
        start("auto", serve() + "process.on('SIGUSR2', () => { process.send('offline'); server.close(); });" + ON_SHUTDOWN.formatted("process.exit();"));
        long before = site.status().workers().getFirst().pid();
        try (Load load = Load.start(Plan.of(site.port()).withClients(8, 0).withTimeout(Duration.ofSeconds(30)))) {
            Until.holds("it serves", Duration.ofSeconds(10), () -> load.asked() > 50);
            Site.signal("USR2", before);
            site.holds("another serves alone", Duration.ofSeconds(30), now -> now.serving().size() == 1 && !now.pids().contains(before));
            assertThat(load.stop().failures()).isEmpty();
        }
        site.assertNothingElseLives();
    }

    @Test
    @DisplayName("a worker that says 'online' before it listens: a deploy waits for both, and loses nothing")
    void onlineTooEarly() throws Exception {
        start("auto", "setTimeout(() => {" + serve() + "}, 700);");
        Until.holds("it listens", Duration.ofSeconds(10), () -> site.status().addresses().size() == 1);
        // few requests: the old worker is drained between two of them
        try (Load load = Load.start(Plan.of(site.port()).withClients(1, 0).withPause(Duration.ofMillis(100)).withTimeout(Duration.ofSeconds(30)))) {
            for (int i = 0; i < 2; i++) {
                Ran deploy = site.deploy();
                assertThat(deploy.exit()).as("%s", deploy).isZero();
            }
            assertThat(load.stop().failures()).isEmpty();
        }
    }

    private String serve() {
        return "const server = require('http').createServer((q, s) => s.end('version=v0 \\n')).listen(" + site.port() + ");";
    }

    private void start(String preload, String program) throws Exception {
        String script = program + "if (process.env.SILENT) setInterval(() => {}, 1000); else " + ONLINE;
        Ran ran = site.nary("start", "--ready", "online", "--settle", "0.1", "--node-preload", preload, "--", "node", "-e", script);
        assertThat(ran.exit()).as("%s", ran).isZero();
    }
}
