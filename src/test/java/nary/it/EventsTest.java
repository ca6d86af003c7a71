package nary.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What {@code nary events} and {@code nary logs} tell, of an app that runs and of one that has ended. */
@Tag("it")
class EventsTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    @RegisterExtension
    final Site site = new Site();

    @Test
    @DisplayName("history as lines and as JSON, with the daemon and without it, through rotated files; -f goes on and says when the app has ended")
    void historyAndFollow() throws Exception {
        Moody.start(site, 2, "--settle", "0.1", "--max-log-size", "1K");
        StatusView.Row worker = site.status().workers().getFirst();
        Running follow = site.spawn(site.directory(), "events", "-f", "-n", "1000", "--json");
        Until.holds("it follows", LIMIT, () -> follow.saidSoFar().contains("\"Ready\""));
        site.get("/exit?code=3");
        Until.holds("the crash is told", LIMIT, () -> EventLines.of(site).of("WorkerDeath").count() == 1);
        Map<?, ?> death = EventLines.of(site).of("WorkerDeath").all().getFirst();
        assertThat(death.keySet().stream().map(String::valueOf)).containsExactly("time", "kind", "generation", "slot", "worker", "pid", "reason", "text");
        assertThat(death.get("text")).isEqualTo("worker " + death.get("worker") + " exited with exit code 3");
        assertThat(death.get("reason")).isEqualTo("crash");
        assertThat(OffsetDateTime.parse(String.valueOf(death.get("time")))).isBefore(OffsetDateTime.now().plusMinutes(1));
        if (String.valueOf(death.get("slot")).equals("" + worker.slot())) assertThat(String.valueOf(death.get("pid"))).isEqualTo("" + worker.pid());
        assertThat(site.deploy().exit()).isZero();
        assertThat(EventLines.of(site, "-n", "1").of("Deployed").because("deploy").count()).isEqualTo(1);
        String all = site.nary("events").out();
        assertThat(all.lines().filter(it -> it.matches(".* WorkerDeath 1\\.\\d \\[pid \\d+, crash] worker 1\\.\\d exited with exit code 3"))).hasSize(1);
        assertThat(site.nary("stop").exit()).isZero();
        Ran ended = follow.await(LIMIT);
        assertThat(ended.exit()).isZero();
        assertThat(ended.err()).contains("the app has ended");
        EventLines followed = EventLines.parse(ended.out());
        assertThat(followed.of("WorkerDeath").count()).isEqualTo(1);
        assertThat(followed.of("Shutdown").because("stop").count()).isEqualTo(1);
        assertThat(rotated()).isPositive();
        EventLines history = EventLines.of(site);
        assertThat(history.all()).startsWith(followed.all().getFirst()).containsAll(followed.all());
        assertThat(history.of("SpawnNew").because("start").count()).isEqualTo(2);
        Ran nobody = site.nary("events", "-f");
        assertThat(nobody.exit()).isEqualTo(4);
    }

    private long rotated() throws Exception {
        try (var files = Files.list(site.directory())) {
            return files.filter(it -> it.getFileName().toString().matches("nary-\\d+\\.log(\\.gz)?")).count();
        }
    }

    @Test
    @DisplayName("logs under names of their own are found after the stop; the next app with the usual names has its own")
    void namesAreRemembered() throws Exception {
        Path folder = site.folder("logs");
        Moody.start(site, 1, "--log", folder + "/events.txt", "--stdout", folder + "/out-{slot}.log", "--stderr", folder + "/err.log");
        assertThat(Files.exists(site.directory().resolve("nary.ipc.logs"))).isTrue();
        String running = site.nary("logs").out() + site.nary("events").out();
        Files.writeString(folder.resolve("out-0.log"), "the last words\n", java.nio.file.StandardOpenOption.APPEND, java.nio.file.StandardOpenOption.CREATE);
        assertThat(site.nary("stop").exit()).isZero();
        assertThat(site.nary("logs").out()).endsWith("the last words\n");
        assertThat(site.nary("events").out()).contains("Ready 1 worker online", "Shutdown").startsWith(running.substring(running.indexOf("20"), running.indexOf("20") + 40));
        Moody.start(site, 1);
        assertThat(Files.exists(site.directory().resolve("nary.ipc.logs"))).isFalse();
        assertThat(site.nary("stop").exit()).isZero();
        assertThat(site.nary("logs").out()).doesNotContain("the last words");
    }
}
