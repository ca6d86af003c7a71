package nary.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.stream.Stream;
import nary.it.StatusView.Row;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The wall clock is set while nary runs: libfaketime tells it a time that this test changes. */
@Tag("it")
class ClockTest {
    @RegisterExtension
    final Site site = new Site();

    private Path clock;

    @Test
    @DisplayName("the clock is set back an hour and ahead a day in the middle of deploys: they take their usual time, nothing fires early or never")
    void theClockIsSet() throws Exception {
        clock = site.directory().resolve("clock");
        set("+0s");
        List<String> faked = List.of(
                "env", "LD_PRELOAD=" + library(), "FAKETIME_TIMESTAMP_FILE=" + clock, "FAKETIME_CACHE_DURATION=1",
                "FAKETIME_DONT_FAKE_MONOTONIC=1",
                "FAKETIME_FORCE_MONOTONIC_FIX=0");
        List<String> words = Faults.start(site, 2, "--settle", "3", "--boot-timeout", "20", "--drain-timeout", "20", "--env", "LD_PRELOAD=");
        Ran start = site.spawnUnder(faked, site.directory(), words.toArray(String[]::new)).await(Faults.LIMIT);
        assertThat(start.exit()).as("%s", start).isZero();
        try (Faults faults = Faults.watch(site)) {
            deployedWhile("-3600s", "v001");
            killedIsReplaced();
            deployedWhile("+86400s", "v002");
            Ran status = site.nary("status", "--json");
            assertThat(status.out()).containsPattern("Seconds\":[0-9]").doesNotContainPattern("Seconds\":-");
        }
        assertThat(jumps()).as("the daemon's own clock went back and ahead").contains(-1L).anyMatch(hours -> hours >= 24);
        assertThat(site.nary("stop").exit()).isZero();
        site.assertNothingLives();
    }

    /** The clock is set while the deploy settles. */
    private void deployedWhile(String offset, String version) throws Exception {
        Running deploy = site.spawn(site.directory(), "deploy", "--env", "VERSION=" + version);
        Until.holds("it settles", Faults.LIMIT, () -> site.status().workers().stream().anyMatch(row -> row.state().equals("standby")));
        set(offset);
        Ran ran = deploy.await(Faults.LIMIT);
        assertThat(ran.exit()).as("%s", ran).isZero();
        assertThat(ran.took()).as("%s", ran).isLessThan(Duration.ofSeconds(15));
        assertThat(site.get("/")).contains("version=" + version + " ");
    }

    private void killedIsReplaced() throws Exception {
        Row victim = site.status().workers().getFirst();
        Site.signal("KILL", victim.pid());
        site.holds("it is replaced", Faults.LIMIT, now -> now.serving().size() == 2 && !now.pids().contains(victim.pid()));
    }

    /** Whole hours between two lines of the event log, where there are any. */
    private List<Long> jumps() throws IOException {
        List<OffsetDateTime> times;
        try (Stream<String> lines = Files.lines(site.directory().resolve("nary.log"))) {
            times = lines.map(line -> OffsetDateTime.parse(line.substring(0, line.indexOf(' ')))).toList();
        }
        return Stream.iterate(1, i -> i < times.size(), i -> i + 1)
                .map(i -> Math.round(Duration.between(times.get(i - 1), times.get(i)).toSeconds() / 3600.0))
                .filter(hours -> hours != 0)
                .toList();
    }

    private void set(String offset) throws IOException {
        Path next = Files.writeString(site.directory().resolve("clock.next"), offset + "\n");
        Distribution.hand(next);
        Files.move(next, clock, java.nio.file.StandardCopyOption.ATOMIC_MOVE, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    }

    private static Path library() throws IOException {
        try (Stream<Path> found = Files.find(Path.of("/usr/lib"), 3, (path, _) -> path.endsWith("faketime/libfaketime.so.1"))) {
            return found.findFirst().orElseThrow(() -> new IllegalStateException("no libfaketime: apt-get install libfaketime"));
        }
    }
}
