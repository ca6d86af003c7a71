package nary.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import nary.config.Durations;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A release over 200 servers. The figures are for people: see docs/fleet/README.md. */
@Tag("it")
@Tag("full")
class ManyServersTest {
    private static final int COUNT = 200;
    private static final int BATCH = 20;
    private static final Duration LIMIT = Duration.ofMinutes(15);
    private static final Duration SAMPLE = Duration.ofSeconds(3);
    private static final Pattern BEGINS = Pattern.compile("^(\\S+) (\\S+) begins");
    private static final Pattern ENDS = Pattern.compile("^(\\S+) (\\S+) done after (\\S+)$");

    @RegisterExtension
    private final Site site = new Site();

    private SimulatedServers servers;

    @BeforeEach
    void open() throws Exception {
        servers = SimulatedServers.start(COUNT);
        Path balancers = site.folder("balancer");
        Path script = site.directory().resolve("lb");
        Files.writeString(script, """
                #!/bin/sh
                case $NARY_ACTION in
                out) : >'%1$s'/$NARY_SERVER ;;
                in) rm -f '%1$s'/$NARY_SERVER ;;
                probe) [ ! -e '%1$s'/$NARY_SERVER ] ;;
                esac
                """.formatted(balancers));
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
        String names = String.join(", ", servers.names().stream().map(it -> "\"" + it + "\"").toList());
        Files.writeString(site.directory().resolve("fleet.json"), """
                { "builds": [ { "name": "web", "directory": "site", "package": "package",
                  "commands": { "stop": [ "rm", "-f", "site/run/serving" ], "start": [ "sh", "-c", "echo $NARY_RELEASE >../../run/serving" ] },
                  "health": { "command": [ "cat", "../../run/serving" ] },
                  "strategy": { "batch": %d },
                  "loadBalancers": [ { "type": "exec", "out": "%2$s", "in": "%2$s", "probe": "%2$s", "waitSeconds": 5 } ],
                  "environments": [ { "name": "QA", "servers": [ %3$s ] } ] } ] }
                """.formatted(BATCH, script, names));
    }

    @AfterEach
    void close() throws Exception {
        servers.close();
    }

    @Test
    @DisplayName("200 servers in batches of 20 get a release, then the next; time and memory are printed")
    void twoHundred() throws Exception {
        for (String release : List.of("r1", "r2")) {
            Files.writeString(site.folder("package").resolve("version"), release);
            long began = System.nanoTime();
            Usage usage = deploy(release);
            double seconds = (System.nanoTime() - began) / 1e9;
            for (String name : servers.names()) assertThat(servers.home(name).resolve("site/run/serving")).hasContent(release);
            try (var out = Files.list(site.directory().resolve("balancer"))) {
                assertThat(out).as("out of rotation").isEmpty();
            }
            List<Duration> overheads = new ArrayList<>();
            for (String name : servers.names()) overheads.add(overhead(lastRun().resolve(name + ".log")));
            overheads.sort(null);
            System.out.printf(Locale.ROOT, "fleet: %s to %d servers, %d at a time: %.1f s; beside its steps a server took %d ms at the median, %d ms at most; nary %d MB, its %d ssh %d MB%n",
                    release, COUNT, BATCH, seconds, overheads.get(COUNT / 2).toMillis(), overheads.getLast().toMillis(), usage.naryMegabytes, usage.sshProcesses, usage.sshMegabytes);
        }
    }

    /** The most that was seen. */
    private record Usage(long naryMegabytes, int sshProcesses, long sshMegabytes) {}

    private Usage deploy(String release) throws Exception {
        Running deploy = site.spawn(site.directory(), "fleet", "deploy", "--ssh-config", servers.config().toString(), "--release", release, "qa");
        Usage most = new Usage(0, 0, 0);
        while (deploy.isAlive()) {
            most = more(most, deploy.pid());
            Thread.sleep(SAMPLE); // a sample is dear
        }
        Ran ran = deploy.await(LIMIT);
        assertThat(ran.exit()).as("%s", ran).isZero();
        return most;
    }

    private Usage more(Usage known, long pid) throws IOException {
        Set<Long> all = site.processes();
        int processes = 0;
        long kilobytes = 0;
        for (long each : all) {
            long of = each == pid ? 0 : pss(each);
            if (of > 0) processes++;
            kilobytes += of;
        }
        return new Usage(Math.max(known.naryMegabytes, pss(pid) / 1024), Math.max(known.sshProcesses, processes), Math.max(known.sshMegabytes, kilobytes / 1024));
    }

    /** Its share of memory, KB; 0 if it has ended meanwhile. */
    private static long pss(long pid) {
        try {
            return Files.readAllLines(Path.of("/proc/" + pid + "/smaps_rollup")).stream()
                    .filter(it -> it.startsWith("Pss:"))
                    .mapToLong(it -> Long.parseLong(it.replaceAll("\\D", "")))
                    .sum();
        } catch (IOException e) {
            return 0;
        }
    }

    private Path lastRun() throws IOException {
        try (var runs = Files.list(site.directory().resolve(".nary-fleet/qa"))) {
            return runs.filter(Files::isDirectory).sorted().reduce((_, last) -> last).orElseThrow();
        }
    }

    /** From the end of each step to the beginning of the next; without the wait for the one look at the balancer that may be under way at a time. */
    private static Duration overhead(Path log) throws IOException {
        Duration sum = Duration.ZERO;
        Instant free = null;
        Instant began = null;
        for (String line : Files.readAllLines(log)) {
            Matcher begins = BEGINS.matcher(line);
            Matcher ends = ENDS.matcher(line);
            if (begins.find()) {
                began = Instant.parse(begins.group(1));
                if (free != null && !begins.group(2).equals("look")) sum = sum.plus(Duration.between(free, began));
            } else if (ends.find()) {
                free = began.plus(Durations.parse(ends.group(3)));
            }
        }
        assertThat(free).as("%s", log).isNotNull();
        return sum;
    }
}
