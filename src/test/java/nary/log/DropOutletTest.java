package nary.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import nary.config.Output;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class DropOutletTest {
    private final Queue<String> trouble = new ConcurrentLinkedQueue<>();

    private DropOutlet outlet(Disk disk) {
        LogFile file = LogFile.of("out.log", disk, "lines are dropped", trouble::add);
        return new DropOutlet("out.log", file, LineFormat.of(Output.Format.RAW), trouble::add);
    }

    private static long soon() {
        return System.nanoTime() + Duration.ofSeconds(10).toNanos();
    }

    @Test
    void whatAFullDiskDoesNotTakeIsCountedAndNobodyWaits() {
        Disk disk = new Disk(0);
        DropOutlet outlet = outlet(disk);
        int lines = 100_000;
        long start = System.nanoTime();
        for (int i = 0; i < lines; i++) assertThat(outlet.write(ByteBuffer.wrap("%0,99d\n".formatted(i).getBytes(StandardCharsets.UTF_8)))).isTrue();
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
        disk.addRoom(Integer.MAX_VALUE);
        assertThat(outlet.close(soon())).isZero();

        List<String> written = disk.text().lines().toList();
        long dropped = Long.parseLong(written.getLast().split(" ")[1]);
        assertThat(written.getLast()).isEqualTo("nary: " + dropped + " lines were dropped here: the disk was too slow or full");
        assertThat(written.size() - 1 + dropped).isEqualTo(lines);
        assertThat(dropped).isGreaterThan(lines / 2);
        assertThat(trouble).contains("out.log: " + dropped + " lines of the workers were dropped: the disk was too slow or full");
    }

    @Test
    void aDiskThatKeepsUpGetsEveryLine() {
        Disk disk = new Disk(Integer.MAX_VALUE);
        DropOutlet outlet = outlet(disk);
        for (int i = 0; i < 200_000; i++) outlet.write(ByteBuffer.wrap("%0,99d\n".formatted(i).getBytes(StandardCharsets.UTF_8)));
        assertThat(outlet.close(soon())).isZero();
        assertThat(disk.text().lines().count()).isEqualTo(200_000);
        assertThat(trouble).isEmpty();
    }

    @Test
    void aDiskThatStaysFullDoesNotKeepItFromClosing() {
        DropOutlet outlet = outlet(new Disk(0));
        outlet.write(ByteBuffer.wrap("lost\n".getBytes(StandardCharsets.UTF_8)));
        long start = System.nanoTime();
        assertThat(outlet.close(start + Duration.ofMillis(200).toNanos())).isEqualTo(5);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(2));
    }
}
