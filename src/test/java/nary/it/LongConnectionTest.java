package nary.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Connections that were open before a deploy end by their own end or at the drain timeout, never early. */
@Tag("it")
class LongConnectionTest {
    private static final int DRAIN_SECONDS = 24;

    @RegisterExtension
    final Site site = new Site();

    @Test
    @DisplayName("a WebSocket with pings, a slow upload, an event stream and a silent request outlive the deploy that drains them")
    void longConnectionsAreDrainedNotCut() throws Exception {
        site.start(Server.NODE, 2, "--drain-timeout", "" + DRAIN_SECONDS);
        try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Duration> webSocket = clients.submit(this::pingUntilTheEnd);
            Future<String> upload = clients.submit(this::uploadFor10Seconds);
            Future<String> events = clients.submit(this::eventsFor15Seconds);
            Future<String> silent = clients.submit(() -> site.get("/slow?ms=20000"));
            Until.holds("four connections are accepted", Duration.ofSeconds(10), () -> connections() >= 4);

            long begun = System.nanoTime();
            Future<Ran> deploy = clients.submit(() -> site.deploy("--env", "VERSION=v001"));
            Until.holds("the new version answers", Duration.ofSeconds(10), answers("v001"));
            assertThat(deploy.isDone()).as("the old version still drains").isFalse();

            assertThat(upload.get()).contains("received=10 version=v000");
            assertThat(events.get()).isEqualTo("data: 15 v000");
            assertThat(silent.get()).contains("version=v000");
            assertThat(deploy.get().exit()).as("%s", deploy.get()).isZero();
            Duration drained = Duration.ofNanos(System.nanoTime() - begun);
            assertThat(drained).isGreaterThan(Duration.ofSeconds(DRAIN_SECONDS));
            assertThat(webSocket.get()).as("the WebSocket lives until the drain timeout").isGreaterThan(Duration.ofSeconds(DRAIN_SECONDS));
        }
        site.assertNothingElseLives();
    }

    @Test
    @DisplayName("a connection that has nothing to say ends the drain after the idle grace, not at the drain timeout")
    void idleConnectionsDoNotHoldADeploy() throws Exception {
        site.start(Server.NODE, 1, "--idle-grace", "1", "--drain-timeout", "20");
        try (Wire idle = Wire.connect(site.port())) {
            idle.upgradeToWebSocket();
            assertThat(idle.ping()).isTrue();
            Ran deploy = site.deploy("--env", "VERSION=v001");
            assertThat(deploy.exit()).as("%s", deploy).isZero();
            assertThat(deploy.took()).isBetween(Duration.ofMillis(900), Duration.ofSeconds(10));
        }
    }

    private int connections() throws Exception {
        return site.status().workers().stream().mapToInt(StatusView.Row::connections).sum();
    }

    private Callable<Boolean> answers(String version) {
        return () -> site.get("/").contains("version=" + version + " ");
    }

    /** How long it lived. */
    private Duration pingUntilTheEnd() throws Exception {
        long begun = System.nanoTime();
        try (Wire wire = Wire.connect(site.port())) {
            wire.upgradeToWebSocket();
            while (wire.ping()) Thread.sleep(1000);
        }
        return Duration.ofNanos(System.nanoTime() - begun);
    }

    private String uploadFor10Seconds() throws Exception {
        try (Wire wire = Wire.connect(site.port())) {
            wire.send("POST /upload HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: 10\r\n\r\n");
            for (int i = 0; i < 10; i++) {
                Thread.sleep(1000);
                wire.send("x");
            }
            return wire.answer();
        }
    }

    /** The last event but the farewell. */
    private String eventsFor15Seconds() throws Exception {
        try (Wire wire = Wire.connect(site.port())) {
            wire.send("GET /events?count=15 HTTP/1.1\r\nHost: localhost\r\n\r\n");
            String last = "";
            for (String line = wire.line(); !line.equals("data: end"); line = wire.line()) {
                if (line.startsWith("data: ")) last = line;
            }
            return last;
        }
    }
}
