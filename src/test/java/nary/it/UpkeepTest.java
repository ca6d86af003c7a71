package nary.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import nary.demo.load.Load;
import nary.demo.load.Plan;
import nary.demo.load.Recording;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Workers that are replaced though nobody asks for it: under load, without a loss. */
@Tag("it")
class UpkeepTest {
    private static final Duration LIMIT = Duration.ofSeconds(90);

    @RegisterExtension
    final Site site = new Site();

    private Load load() throws Exception {
        return Load.start(Plan.of(site.port()).withClients(4, 0).withPause(Duration.ofMillis(10)));
    }

    private EventLines events() throws Exception {
        return EventLines.of(site);
    }

    @Test
    @DisplayName("max-memory: workers that leak are replaced one after the other while their clients see nothing; one that leaks on waits")
    void maxMemory() throws Exception {
        Moody.start(site, 2, "--env", "LEAK=200", "--max-memory", "100M");
        try (Load load = load()) {
            Until.holds("both are replaced", LIMIT, () -> events().of("OldExit").because("memory").count() >= 2);
            Recording seen = load.stop();
            assertThat(seen.failures()).isEmpty();
            assertThat(seen.ok()).isGreaterThan(100);
        }
        EventLines events = events();
        assertThat(events.of("Expired").because("memory").texts()).allMatch(it -> it.matches("worker 1\\.\\d uses [0-9.]+M, more than 100M; another process takes its place"));
        assertThat(events.of("Respawn").because("memory").count()).isEqualTo(2);
        assertThat(site.status().workers()).hasSize(2).allSatisfy(it -> assertThat(it.restarts()).isZero());
        site.assertNothingElseLives();
    }

    @Test
    @DisplayName("max-age: old workers are replaced one after the other")
    void maxAge() throws Exception {
        Moody.start(site, 2, "--max-age", "2s");
        try (Load load = load()) {
            Until.holds("both are replaced", LIMIT, () -> events().of("OldExit").because("age").count() >= 2);
            assertThat(load.stop().failures()).isEmpty();
        }
        assertThat(site.nary("stop").exit()).isZero();
        assertThat(EventLines.of(site).of("Expired").because("age").texts()).allMatch(it -> it.contains(" has been ready for 2s; another process takes its place"));
    }

    @Test
    @DisplayName("max-age of an app that cannot run twice: it is restarted as nary restart would, and new connections wait")
    void maxAgeOfASingle() throws Exception {
        Moody.start(site, 1, "--strategy", "replace", "--max-age", "2s");
        try (Load load = Load.start(Plan.of(site.port()).withClients(2, 0).withPause(Duration.ofMillis(10)).withTimeout(Duration.ofSeconds(30)))) {
            Until.holds("it is restarted", LIMIT, () -> events().of("Deployed").because("age").count() >= 1);
            assertThat(load.stop().failures()).isEmpty();
        }
        assertThat(events().of("Deploy").because("age").texts().getFirst()).contains("replace (asked by --max-age, worker 1.0)");
    }

    @Test
    @DisplayName("watch: a change below the app's directory deploys it, two changes at once do so once, others do not")
    void watch() throws Exception {
        site.folder("app/src");
        site.folder("app/node_modules");
        Moody.start(site, 2, "--settle", "0.1", "--cwd", "app", "--watch", "*.conf");
        try (Load load = load()) {
            Until.holds("a change is seen", LIMIT, () -> {
                Files.writeString(site.directory().resolve("app/src/a.conf"), "" + System.nanoTime());
                Files.writeString(site.directory().resolve("app/b.conf"), "" + System.nanoTime());
                Files.writeString(site.directory().resolve("app/node_modules/c.conf"), "x");
                Files.writeString(site.directory().resolve("app/d.txt"), "x");
                return events().of("Deploy").because("watch").count() > 0;
            });
            // what was written while the first deploy ran is deployed after it
            Until.holds("what was seen is deployed", LIMIT, () -> {
                long generation = site.status().generation();
                long deployed = events().of("Deployed").count();
                return generation == 1 + deployed && deployed == events().of("Deploy").count();
            });
            assertThat(load.stop().failures()).isEmpty();
        }
        EventLines due = events().of("RestartDue").because("watch");
        assertThat(due.texts()).isNotEmpty().noneMatch(it -> it.contains("d.txt") || it.contains("node_modules"));
    }

    @Test
    @DisplayName("cron: all workers are restarted at the times of the schedule, here every four seconds")
    void cron() throws Exception {
        Moody.start(site, 2, "--settle", "0.1", "--cron", "*/4 * * * * *");
        try (Load load = load()) {
            Until.holds("it is restarted twice", LIMIT, () -> events().of("Deployed").because("cron").count() >= 2);
            assertThat(load.stop().failures()).isEmpty();
        }
        assertThat(events().of("Deploy").because("cron").texts().getFirst()).contains("rolling, 1 at a time (asked by --cron */4 * * * * *)");
    }

    @Test
    @DisplayName("what is typed wrong is refused before anything runs")
    void typedWrong() throws Exception {
        refused("--cron: '61 * * * *' is no schedule", "--cron", "61 * * * *");
        refused("--max-memory: 'lots' is no size", "--max-memory", "lots");
        refused("--max-age: '1ms' is less than a second", "--max-age", "1ms");
        refused("--watch: '/etc/*' is not below the app's directory", "--watch", "/etc/*");
        refused("--on: 'crash' is nothing that a hook can be for", "--on", "crash", "true");
        refused("--on needs a value: --on EVENT COMMAND", "--on", "crashed");
    }

    private void refused(String why, String... options) throws Exception {
        List<String> last = options.length == 2 && options[0].equals("--on") ? List.of() : List.of("--", "true");
        Ran ran = site.nary(Stream.of(List.of("start"), List.of(options), last).flatMap(List::stream).toArray(String[]::new));
        assertThat(ran.exit()).as("%s", ran).isEqualTo(2);
        assertThat(ran.err()).contains(why);
    }
}
