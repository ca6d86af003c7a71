package nary.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import nary.demo.load.Load;
import nary.demo.load.Plan;
import nary.demo.load.Recording;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Workers that accept nothing. */
@Tag("it")
class StallTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    @RegisterExtension
    final Site site = new Site();

    @Test
    @DisplayName("a stopped worker gets no new connections while another serves, and gets them back when it goes on")
    void sparedAndBack() throws Exception {
        Moody.start(site, 2);
        long victim = site.status().workers().getFirst().pid();
        List<Wire> waiting = new ArrayList<>();
        Site.signal("STOP", victim);
        try {
            Until.holds("the stall is seen", LIMIT, () -> {
                waiting.add(request());
                return saw("Stalled 1.0");
            });
            assertThat(site.nary("status").out()).contains("serving, stalled");
            for (int i = 0; i < 300; i++) assertThat(site.get("/")).contains("worker=1 ");
        } finally {
            Site.signal("CONT", victim);
        }
        for (Wire wire : waiting) assertThat(wire.answer()).contains("version=v000 ");
        Until.holds("it has recovered", LIMIT, () -> saw("Recovered 1.0"));
        Until.holds("it gets connections again", LIMIT, () -> site.get("/").contains("worker=0 "));
        for (Wire wire : waiting) wire.close();
        site.assertNothingElseLives();
    }

    private Wire request() throws Exception {
        Wire wire = Wire.connect(site.port());
        wire.send("GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        return wire;
    }

    private boolean saw(String event) throws Exception {
        return Files.readString(site.directory().resolve("nary.log")).contains(event);
    }

    @Test
    @DisplayName("stall-timeout: a blocked event loop is replaced; what waited in its queue is answered by its successor")
    void hungNode() throws Exception {
        Moody.start(site, 2, "--stall-timeout", "1");
        StatusView before = site.status();
        assertThat(site.get("/block?ms=600000")).contains("version=v000 ");
        try (Load load = Load.start(Plan.of(site.port()).withClients(8, 0).withPause(Duration.ofMillis(5)).withTimeout(Duration.ofSeconds(20)))) {
            site.holds("the hung one is gone", LIMIT, now -> saw("Killed") && now.serving().size() == 2 && now.workers().size() == 2);
            Recording seen = load.stop();
            assertThat(seen.failures()).isEmpty();
        }
        assertThat(site.status().pids()).isNotEqualTo(before.pids()).hasSize(2);
        assertThat(indexOf("is ready after", 3)).as("the replacement serves before the kill").isLessThan(indexOf(" is killed", 1));
        site.assertNothingElseLives();
    }

    /** Where the text stands for the n-th time in the event log. */
    private int indexOf(String text, int nth) throws Exception {
        String log = Files.readString(site.directory().resolve("nary.log"));
        int at = -1;
        for (int i = 0; i < nth; i++) {
            at = log.indexOf(text, at + 1);
            assertThat(at).as("%s, %d times in %s", text, nth, log).isNotNegative();
        }
        return at;
    }

    @Test
    @DisplayName("stall-timeout: a hung JVM leaves a thread dump in the stderr log before it is killed")
    void hungJvm() throws Exception {
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        String source = Distribution.get().source("java/Hanging.java").toString();
        Ran start = site.nary("start", "--worker-count", "2", "--stall-timeout", "1", "--", java.toString(), "-Xmx64m", source, "" + site.port());
        assertThat(start.exit()).as("%s", start).isZero();
        // it hangs before it closes the connection, so the end of its answer never comes
        Wire hung = Wire.connect(site.port());
        hung.send("GET /hang HTTP/1.1\r\nHost: localhost\r\n\r\n");
        List<Wire> waiting = new ArrayList<>();
        AtomicInteger accepted = new AtomicInteger();
        site.holds("the hung one is replaced", LIMIT, now -> {
            if (waiting.size() < 200) waiting.add(request());
            now.workers().stream().filter(it -> it.restarts() == 0).forEach(it -> accepted.accumulateAndGet(it.connections(), Math::max));
            return saw("Killed") && now.workers().size() == 2 && now.serving().size() == 2;
        });
        int lost = 0;
        for (Wire wire : waiting) if (!isAnswered(wire)) lost++;
        // it may have accepted some together with the one that it hangs on; those that waited in its queue are answered
        assertThat(lost).as("lost of %d", waiting.size()).isLessThanOrEqualTo(accepted.get());
        hung.close();
        String errors = Files.readString(site.directory().resolve("stderr.log")) + Files.readString(site.directory().resolve("stdout.log"));
        assertThat(errors).contains("Full thread dump", "Hanging.waitForNothing");
        site.assertNothingElseLives();
    }

    @Test
    @DisplayName("hang-signal: what a hung worker writes at it is in the stderr log; its queue is answered by the successor")
    void hangSignal() throws Exception {
        String server =
                """
                import faulthandler, os, signal, socket, time
                faulthandler.register(signal.SIGUSR1)
                server = socket.create_server(('127.0.0.1', PORT))
                def wait_for_nothing(): time.sleep(600)
                while True:
                    client, _ = server.accept()
                    if b'/hang' in client.recv(1000): wait_for_nothing()
                    client.sendall(b'HTTP/1.1 200 OK\\r\\nContent-Length: 13\\r\\nConnection: close\\r\\n\\r\\nversion=v000 ')
                    client.close()
                """;
        Ran start = site.nary("start", "--stall-timeout", "1", "--hang-signal", "USR1", "--", "/usr/bin/python3", "-c", server.replace("PORT", "" + site.port()));
        assertThat(start.exit()).as("%s", start).isZero();
        Wire hung = Wire.connect(site.port());
        hung.send("GET /hang HTTP/1.1\r\nHost: localhost\r\n\r\n");
        Until.holds("it has accepted it", LIMIT, () -> site.status().workers().getFirst().connections() == 1);
        List<Wire> waiting = new ArrayList<>();
        for (int i = 0; i < 10; i++) waiting.add(request());
        for (Wire wire : waiting) assertThat(isAnswered(wire)).isTrue();
        Until.holds("the hung one is gone", LIMIT, () -> saw("Killed") && site.status().workers().size() == 1);
        assertThat(Files.readString(site.directory().resolve("stderr.log"))).contains("most recent call first", "in wait_for_nothing");
        hung.close();
        site.assertNothingElseLives();
    }

    private static boolean isAnswered(Wire wire) throws Exception {
        try (wire) {
            return wire.answer().contains("version=v000 ");
        } catch (SocketException reset) {
            return false;
        }
    }
}
