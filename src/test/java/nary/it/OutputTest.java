package nary.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The workers' output: whole, in order, to the last line; rotated, followed, read again. */
@Tag("it")
class OutputTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final int MILLION = 1_000_000;
    private static final int MOST_GROWTH = 16 * 1024;
    private static final String DOTS = ".".repeat(89);

    @RegisterExtension
    final Site site = new Site();

    private void start(int workers, String... options) throws Exception {
        List<String> words = new ArrayList<>(List.of("start", "--worker-count", "" + workers, "--settle", "0.1"));
        words.addAll(Arrays.asList(options));
        words.addAll(List.of("--", "node", Distribution.get().source("node/talker.js").toString(), "" + site.port()));
        Ran ran = site.nary(words.toArray(String[]::new));
        assertThat(ran.exit()).as("%s", ran).isZero();
    }

    private static String line(int number) {
        return "%09d %s".formatted(number, DOTS);
    }

    private Ran logs(String... options) throws Exception {
        Ran logs = site.nary(Stream.concat(Stream.of("logs"), Stream.of(options)).toArray(String[]::new));
        assertThat(logs.exit()).as("%s", logs.err()).isZero();
        return logs;
    }

    private String events() throws IOException {
        return Files.readString(site.directory().resolve("nary.log"));
    }

    /** Line by line: a million of them in one string would be too much for an assertion. */
    private void assertNumbered(int count) throws Exception {
        Running logs = site.spawn(site.directory(), "logs");
        Ran ran = logs.await(LIMIT);
        try (BufferedReader lines = new BufferedReader(new java.io.StringReader(ran.out()))) {
            for (int i = 1; i <= count; i++) {
                String line = lines.readLine();
                if (!line(i).equals(line)) assertThat(line).as("line %s", i).isEqualTo(line(i));
            }
            assertThat(lines.readLine()).isNull();
        }
    }

    private static long memory(long pid, String kind) throws IOException {
        String row = Files.readAllLines(Path.of("/proc/" + pid + "/status")).stream().filter(it -> it.startsWith(kind)).findFirst().orElseThrow();
        return Long.parseLong(row.replaceAll("\\D", ""));
    }

    @ParameterizedTest(name = "a million lines, and {0} right after the last: none lost, torn or doubled, through rotations; 16 MB more memory at most")
    @ValueSource(strings = {"exit", "kill"})
    void aMillionLines(String end) throws Exception {
        start(1);
        long daemon = site.status().daemon();
        long before = memory(daemon, "VmRSS");
        site.get("/" + end + "/" + MILLION);
        Until.holds("the worker's end is seen", LIMIT, () -> events().contains("WorkerDeath"));
        assertThat(events()).contains(end.equals("exit") ? "exit code 3" : "SIGKILL");
        assertNumbered(MILLION);
        assertThat(memory(daemon, "VmHWM") - before).as("KB").isLessThan(MOST_GROWTH);
        Until.holds("all rotated files are compressed", LIMIT, () -> count("stdout-[0-9]+\\.log\\.gz") == 9 && count("stdout-[0-9]+\\.log") == 0);
        assertNumbered(MILLION);
    }

    private long count(String name) throws IOException {
        try (Stream<Path> files = Files.list(site.directory())) {
            return files.filter(file -> file.getFileName().toString().matches(name)).count();
        }
    }

    @Test
    @DisplayName("a program that is no server and no Node: its lines, too, to the last before SIGKILL")
    void aShell() throws Exception {
        String script = "seq -f '%09.0f " + DOTS + "' 1 200000; echo why >&2; kill -9 $$";
        // whether it is killed before or after it counts as ready does not matter here
        site.nary("start", "--ready", "delay:0.1", "--on-crash", "exit", "--max-log-size", "1M", "--", "sh", "-c", script);
        site.assertNothingLives();
        assertThat(logs("--err").out()).isEqualTo("why\n");
        Files.delete(site.directory().resolve("stderr.log"));
        assertNumbered(200_000);
    }

    @Test
    @DisplayName("two workers write one file in text: each line says whose it is, and each worker's are all there, in order")
    void twoWorkers() throws Exception {
        start(2, "--log-format", "text", "--max-log-size", "300000");
        int[] asked = new int[2];
        for (int i = 0; i < 40; i++) asked[Integer.parseInt(site.get("/say/1000").strip())] += 1000;
        site.deploy();
        for (int slot = 0; slot < 2; slot++) {
            List<String> lines = logs("--worker", "" + slot).out().lines().toList();
            assertThat(lines).hasSize(asked[slot]);
            for (int i = 0; i < lines.size(); i++) assertThat(lines.get(i)).matches("\\S{29} 1\\." + slot + " [0-9]+ " + line(i + 1).replace(".", "\\."));
        }
        List<String> times = logs().out().lines().map(it -> it.substring(0, 29)).toList();
        assertThat(times).hasSize(40_000).isSorted();
    }

    @Test
    @DisplayName("nary logs -f shows every line once, through rotations, and ends with the app")
    void follow() throws Exception {
        start(1, "--max-log-size", "100000");
        site.get("/say/10");
        Running following = site.spawn(site.directory(), "logs", "-f", "-n", "10");
        Until.holds("it has begun", LIMIT, () -> following.saidSoFar().lines().count() == 10);
        for (int i = 0; i < 20; i++) site.get("/say/2000");
        assertThat(site.nary("stop").exit()).isZero();
        Ran ran = following.await(LIMIT);
        assertThat(ran.exit()).as("%s", ran.err()).isZero();
        assertThat(ran.out().lines().toList()).isEqualTo(IntStream.rangeClosed(1, 40_010).mapToObj(OutputTest::line).toList());
    }

    @ParameterizedTest(name = "logrotate moves the files, then {0}: nothing is lost, the new files are written")
    @ValueSource(strings = {"nary logs --reopen", "SIGUSR1"})
    void logrotate(String how) throws Exception {
        start(1, "--max-log-size", "off");
        site.get("/say/1000");
        Path log = site.directory().resolve("stdout.log");
        Path events = site.directory().resolve("nary.log");
        Path moved = site.directory().resolve("stdout.log.1");
        Until.holds("the first lines", LIMIT, () -> Files.size(log) == 100_000);
        Files.move(log, moved);
        Files.move(events, site.directory().resolve("nary.log.1"));
        site.get("/say/1000");
        if (how.equals("SIGUSR1")) Site.signal("USR1", site.status().daemon());
        else assertThat(logs("--reopen").err()).isEqualTo("the logs are opened again\n");
        Until.holds("the new files", LIMIT, () -> Files.exists(log) && Files.exists(events) && events().contains("LogsReopened"));
        site.get("/say/1000");
        Until.holds("the last lines", LIMIT, () -> Files.size(log) + Files.size(moved) == 300_000);
        assertThat(Files.size(log)).isGreaterThanOrEqualTo(100_000);
        Files.write(moved, Files.readAllBytes(log), StandardOpenOption.APPEND);
        assertThat(Files.readAllLines(moved)).isEqualTo(IntStream.rangeClosed(1, 3000).mapToObj(OutputTest::line).toList());
    }

    @Test
    @DisplayName("the disk is full and lines may be dropped: no worker waits, a deploy is done, and what is missing is counted in the log")
    void dropping() throws Exception {
        Path logs = site.folder("logs");
        String mount = "mount -t tmpfs -o size=12m,mode=777 none '" + logs + "' && head -c 11900k /dev/zero >'" + logs + "/ballast' && exec \"$@\"";
        List<String> words = List.of("start", "--log-overflow", "drop", "--max-log-size", "off", "--stdout", logs + "/stdout.log", "--settle", "0.1", "--",
                "node", Distribution.get().source("node/talker.js").toString(), "" + site.port());
        Ran start = site.spawnUnder(List.of("unshare", Distribution.isOrdinary() ? "-rm" : "-m", "sh", "-c", mount, "sh"), site.directory(), words.toArray(String[]::new)).await(LIMIT);
        assertThat(start.exit()).as("%s", start).isZero();
        int said = 200_000;
        site.get("/say/" + said);
        Ran deploy = site.deploy();
        assertThat(deploy.exit()).as("%s", deploy).isZero();
        assertThat(events()).contains("No space left on device; lines that do not fit into 4 MiB meanwhile are dropped and counted");

        Path seen = Path.of("/proc/" + site.status().daemon() + "/root" + logs);
        Files.delete(seen.resolve("ballast"));
        Until.holds("what was kept is written", LIMIT, () -> events().contains("works again"));
        site.get("/say/1");
        Until.holds("the count is in the log", LIMIT, () -> Files.readString(seen.resolve("stdout.log")).endsWith(line(1) + "\n"));
        List<String> lines = Files.readAllLines(seen.resolve("stdout.log"));
        long dropped = lines.stream().filter(it -> it.startsWith("nary: ")).mapToLong(it -> Long.parseLong(it.split(" ")[1])).sum();
        long kept = lines.stream().filter(it -> it.startsWith("0")).count();
        assertThat(kept + dropped).isEqualTo(said + 1);
        assertThat(dropped).isGreaterThan(said / 2);
    }

    @Test
    @DisplayName("{slot} in the name: a file for each worker, in JSON")
    void slots() throws Exception {
        start(2, "--stdout", "out-{slot}.log", "--log-format", "json");
        int[] asked = new int[2];
        for (int i = 0; i < 20; i++) asked[Integer.parseInt(site.get("/say/1").strip())]++;
        for (int slot = 0; slot < 2; slot++) {
            int count = asked[slot];
            Path file = site.directory().resolve("out-" + slot + ".log");
            Until.holds("the lines of slot " + slot, LIMIT, () -> count == 0 || Files.exists(file) && Files.readAllLines(file).size() == count);
            List<String> lines = logs("--worker", "" + slot).out().lines().toList();
            assertThat(lines).hasSize(count);
            String start = "\\{\"time\":\"\\S{29}\",\"slot\":" + slot + ",\"generation\":1,\"pid\":[0-9]+,\"stream\":\"out\",\"line\":\"";
            for (String line : lines) assertThat(line).matches(start + "[0-9]{9} \\.{89}\"}");
        }
    }

    @Test
    @DisplayName("the supervisor is killed: workers that write do not die of it")
    void theSupervisorIsKilled() throws Exception {
        start(1);
        site.get("/say/10");
        long daemon = site.status().daemon();
        Site.signal("KILL", daemon);
        Until.holds("it is gone", LIMIT, () -> !site.processes().contains(daemon));
        // more than a pipe usually holds
        for (int i = 0; i < 50; i++) assertThat(site.get("/say/100")).isEqualTo("0\n");
        site.kill();
    }

    @Test
    @DisplayName("what cannot be is said in one line, with what to type instead")
    void usage() throws Exception {
        assertUsage("--log-format: 'xml' is no such format; use raw or text or json", "start", "--log-format", "xml", "true");
        assertUsage("--max-log-size: '10X' is no size; use bytes, e.g. 10485760, or 512K, 10M, 1G", "start", "--max-log-size", "10X", "true");
        assertUsage("--max-log-files: '-3' is not a number from 0 to 100000 or all", "start", "--max-log-files", "-3", "true");
        assertUsage("--max-log-age: 'old' is no duration", "start", "--max-log-age", "old", "true");
        assertUsage("--log-overflow: 'lose' is no such way; use wait or drop", "start", "--log-overflow", "lose", "true");
        assertUsage("--stdout: {slot} may stand in the name of the file, not of its folder", "start", "--stdout", "{slot}/out.log", "true");
        start(1, "--stderr", "stdout.log");
        assertUsage("--worker: raw lines do not say who wrote them", "logs", "--worker", "0");
        assertUsage("--err: stdout and stderr go to the same file", "logs", "--err");
        assertUsage("-n: 'x' is not a number", "logs", "-n", "x");
    }

    private void assertUsage(String reason, String... words) throws Exception {
        Ran ran = site.nary(words);
        assertThat(ran.exit()).as("%s", ran).isEqualTo(2);
        assertThat(ran.err()).as("%s", ran).contains(reason).hasLineCount(1);
    }
}
