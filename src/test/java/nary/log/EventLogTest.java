package nary.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.List;
import nary.config.Output;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class EventLogTest {
    private static final Duration LIMIT = Duration.ofSeconds(10);

    @Test
    void everyLineHasItsTimeAndIsOneLine(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("logs/nary.log");
        OffsetDateTime before = OffsetDateTime.now().truncatedTo(ChronoUnit.MILLIS);
        EventLog log = EventLog.open(file, Output.DEFAULT);
        log.write("one");
        log.write("two\nhalves");
        log.close(LIMIT);

        List<String> lines = Files.readAllLines(file);
        assertThat(lines).hasSize(2);
        assertThat(lines.get(0)).matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}[+-]\\d\\d:\\d\\d one");
        assertThat(OffsetDateTime.parse(lines.get(0).substring(0, 29))).isBetween(before, OffsetDateTime.now());
        assertThat(lines.get(1)).endsWith(" two halves");
    }

    @Test
    void itAppends(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("nary.log");
        for (String text : List.of("first", "second")) {
            EventLog log = EventLog.open(file, Output.DEFAULT);
            log.write(text);
            log.close(LIMIT);
        }
        assertThat(Files.readAllLines(file)).hasSize(2);
    }

    @Test
    void whatAFullDiskMadeItDropIsCountedOnceThereIsRoom() throws Exception {
        Disk disk = new Disk(0);
        EventLog log = EventLog.start(disk);
        int said = 20_000;
        for (int i = 0; i < said; i++) log.write("line " + i);
        disk.addRoom(Integer.MAX_VALUE);
        log.close(LIMIT);

        List<String> lines = disk.text().lines().toList();
        long kept = lines.stream().filter(line -> line.contains(" line ")).count();
        long dropped = lines.stream()
                .filter(line -> line.endsWith(" lines were dropped: the disk was too slow or full"))
                .mapToLong(line -> Long.parseLong(line.split(" ")[1]))
                .sum();
        assertThat(kept).isGreaterThanOrEqualTo(8192);
        assertThat(kept + dropped).isEqualTo(said);
    }

    @Test
    void aFullDiskDoesNotKeepItFromClosing() throws Exception {
        EventLog log = EventLog.start(new Disk(0));
        log.write("lost");
        long start = System.nanoTime();
        log.close(Duration.ofMillis(200));
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(2));
    }
}
