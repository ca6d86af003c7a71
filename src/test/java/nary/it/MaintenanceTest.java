package nary.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import nary.demo.load.Attempt;
import nary.demo.load.Load;
import nary.demo.load.Outcome;
import nary.demo.load.Plan;
import nary.demo.load.Recording;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** An app that is closed for maintenance. */
@Tag("it")
class MaintenanceTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    @RegisterExtension
    final Site site = new Site();

    @Test
    @DisplayName("closed under load: each request is answered by a worker or by the page, a deploy goes on behind it, and nothing is refused or reset")
    void closedUnderLoad() throws Exception {
        site.start(Server.NODE, 2);
        Path page = Files.writeString(site.directory().resolve("page.html"), "<h1>back at noon</h1>");
        try (Load load = Load.start(Plan.of(site.port()).withClients(16, 8).withPause(Duration.ofMillis(2)))) {
            awaitMore(load);
            for (int i = 0; i < 3; i++) {
                assertThat(site.nary("maintenance", "on", "--page", page.toString(), "--retry-after", "7").exit()).isZero();
                assertThat(whole("/")).contains("503 Service Unavailable", "Retry-After: 7\r\n", "<h1>back at noon</h1>");
                awaitMore(load);
                if (i == 1) assertThat(site.deploy("--env", "VERSION=v001").exit()).isZero();
                assertThat(whole("/")).contains("back at noon");
                assertThat(site.nary("maintenance", "off").exit()).isZero();
                assertThat(whole("/")).contains("200 OK");
                awaitMore(load);
            }
            Recording seen = load.stop();
            assertThat(seen.failures()).extracting(Attempt::outcome).as("%s", seen.byOutcome()).containsOnly(Outcome.WRONG_STATUS);
            assertThat(seen.byVersion()).containsKeys("v000", "v001");
        }
        Until.holds("the page's own sockets are gone", LIMIT, () -> listeners() == 2);
        site.assertNothingElseLives();
    }

    @Test
    @DisplayName("requests under way finish, what a balancer asks may go on passing, and a client that says nothing holds nobody up")
    void requestsFinish() throws Exception {
        site.start(Server.NODE, 1);
        try (Wire slow = Wire.connect(site.port());
                Wire silent = Wire.connect(site.port())) {
            slow.send("GET /slow?ms=1500 HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
            Until.holds("it is being served", LIMIT, () -> site.status().workers().getFirst().connections() == 2);
            assertThat(site.nary("maintenance", "on", "--monitor", "/health", "--monitor-answer", "pass").exit()).isZero();
            assertThat(site.nary("status").out()).contains("closed for maintenance by pid");
            try (Wire mute = Wire.connect(site.port());
                    Wire tls = Wire.connect(site.port())) {
                tls.send("\u0016\u0003\u0001");
                assertThat(whole("/health?deep=1")).contains("200 OK");
                assertThat(whole("/other")).contains("503 ", "Retry-After: 30");
                assertThat(tls.all()).isEmpty();
                assertThat(slow.answer()).contains("version=v000 ");
            }
            assertThat(site.nary("maintenance", "off").exit()).isZero();
            assertThat(whole("/health")).contains("version=v000 ");
        }
        Ran again = site.nary("maintenance", "off");
        assertThat(again.exit()).isEqualTo(3);
        assertThat(again.err()).contains("not closed");
    }

    @Test
    @DisplayName("app_offline.htm in the app's directory closes it as long as it is there, also from the start")
    void offlineFile() throws Exception {
        Path file = site.directory().resolve("app_offline.htm");
        Files.writeString(file, "<h1>gone fishing</h1>");
        site.start(Server.PYTHON, 2);
        Until.holds("it is closed", LIMIT, () -> whole("/").contains("gone fishing"));
        Ran off = site.nary("maintenance", "off");
        assertThat(off.exit()).isEqualTo(3);
        assertThat(off.err()).contains("app_offline.htm: remove it");
        Files.delete(file);
        Until.holds("it is open", LIMIT, () -> whole("/").contains("version=v000 "));
        Files.writeString(site.directory().resolve("next"), "<h1>again</h1>");
        Files.move(site.directory().resolve("next"), file);
        Until.holds("it is closed again", LIMIT, () -> whole("/").contains("again"));
        assertThat(site.nary("stop").exit()).isZero();
        site.assertNothingLives();
    }

    /** Head and body of the answer, whatever its status. */
    private String whole(String path) throws Exception {
        try (Wire wire = Wire.connect(site.port())) {
            wire.send("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
            return wire.all();
        }
    }

    private static void awaitMore(Load load) throws Exception {
        long before = load.asked();
        Until.holds("requests go on", LIMIT, () -> load.asked() > before + 200);
    }

    private long listeners() throws Exception {
        String hex = ":%04X ".formatted(site.port());
        long count = 0;
        for (String table : new String[] {"/proc/net/tcp", "/proc/net/tcp6"}) {
            count += Files.readAllLines(Path.of(table)).stream().filter(line -> line.contains(hex) && line.contains(" 0A ")).count();
        }
        return count;
    }
}
