package nary.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Output that nobody wants, and a disk that takes none. */
@Tag("it")
class OutputFaultTest {
    private static final int MEGABYTE = 1 << 20;
    private static final int LINES = 20_000;
    private static final int LINE = 96;
    private static final int ROOM = 196 * 1024;
    private static final int PIPE = 64 * 1024;

    @RegisterExtension
    final Site site = new Site();

    @Test
    @DisplayName("a line of 10 MB of binary arrives byte for byte, through a deploy and a stop")
    void aHugeBinaryLine() throws Exception {
        Faults.started(site, 1, "--settle", "0.1", "--max-log-size", "off", "--env", "FAULT=blob=10");
        try (Faults faults = Faults.watch(site)) {
            Ran deploy = site.deploy("--env", "VERSION=v001", "--env", "FAULT=");
            assertThat(deploy.exit()).as("%s", deploy).isZero();
            faults.assertUnnoticed("v000", "v001");
            faults.assertNothingLeft();
        }
        assertThat(site.nary("stop").exit()).isZero();
        byte[] all = Files.readAllBytes(site.directory().resolve("stdout.log"));
        byte[] period = new byte[256];
        for (int i = 0; i < period.length; i++) period[i] = (byte) (i == '\n' ? 0 : i);
        for (int i = 0; i < 10 * MEGABYTE; i += period.length) {
            assertThat(Arrays.equals(all, i, i + period.length, period, 0, period.length)).as("at byte %s", i).isTrue();
        }
        assertThat(new String(all, 10 * MEGABYTE, 30, StandardCharsets.ISO_8859_1)).startsWith("\nthe line after it\nstarting ");
    }

    @Test
    @DisplayName("the log disk is full: one event says so, the app serves, a deploy is done, and no line is lost when there is room again")
    void aFullDisk() throws Exception {
        Path logs = site.folder("logs");
        // a disk of its own, seen by nary only: gone with the last process that sees it
        String mount = "mount -t tmpfs -o size=4m,mode=777 none '" + logs + "' && head -c 3900k /dev/zero >'" + logs + "/ballast' && exec \"$@\"";
        List<String> small = List.of("unshare", Distribution.isOrdinary() ? "-rm" : "-m", "sh", "-c", mount, "sh");
        List<String> words = Faults.start(site, 1, "--settle", "0.1", "--stdout", logs + "/stdout.log", "--env", "FAULT=lines=" + LINES);
        Ran start = site.spawnUnder(small, site.directory(), words.toArray(String[]::new)).await(Faults.LIMIT);
        assertThat(start.exit()).as("%s", start).isZero();
        try (Faults faults = Faults.watch(site)) {
            String full = "writing " + logs + "/stdout.log: No space left on device; the workers' output waits";
            Until.holds("the log says so", Faults.LIMIT, () -> log().contains(full));
            Ran deploy = site.deploy("--env", "VERSION=v001", "--env", "FAULT=");
            assertThat(deploy.exit()).as("%s", deploy).isZero();
            faults.assertUnnoticed("v000", "v001");

            // the disk as the daemon sees it
            Path seen = Path.of("/proc/" + site.status().daemon() + "/root" + logs);
            Files.delete(seen.resolve("ballast"));
            Until.holds("the log says that it works again", Faults.LIMIT, () -> log().contains("writing " + logs + "/stdout.log works again"));
            faults.assertNothingLeft();
            assertNumbered(Files.readAllLines(seen.resolve("stdout.log")));
        }
        assertThat(log().lines().filter(line -> line.contains("No space left on device"))).hasSize(1);
    }

    @Test
    @DisplayName("a start on a full disk fails in one line that names the file, and leaves none")
    void aStartOnAFullDisk() throws Exception {
        Path full = site.folder("full");
        String mount = "mount -t tmpfs -o size=16k,mode=777 none '" + full + "' && cd '" + full + "' && dd if=/dev/zero of=ballast bs=4k count=4 2>/dev/null; "
                + "\"$@\"; status=$?; ls -A; exit $status";
        List<String> small = List.of("unshare", Distribution.isOrdinary() ? "-rm" : "-m", "sh", "-c", mount, "sh");
        String[] words = Faults.start(site, 1).toArray(String[]::new);
        Ran start = site.spawnUnder(small, site.directory(), words).await(Faults.LIMIT);
        assertThat(start.exit()).as("%s", start).isEqualTo(1);
        assertThat(start.err().lines()).as("%s", start).singleElement().asString()
                .isEqualTo("the supervisor could not start: writing " + full + "/nary.ipc.lock: No space left on device");
        assertThat(start.out().lines()).as("%s", start).containsExactly("ballast");
        site.assertNothingLives();
    }

    /** All that the old worker could write until it was stopped: the disk's room, and a pipe full; at most the last of it is cut. */
    private static void assertNumbered(List<String> lines) {
        List<String> numbered = lines.stream().filter(line -> line.startsWith("line ")).toList();
        int last = numbered.size() - 1;
        assertThat(last * LINE).isGreaterThan(ROOM + PIPE - LINE);
        for (int i = 0; i < last; i++) assertThat(numbered.get(i)).isEqualTo("line %09d %s".formatted(i + 1, ".".repeat(80)));
        assertThat(lines).contains("listening v001");
    }

    private String log() throws Exception {
        return Files.readString(site.directory().resolve("nary.log"));
    }
}
