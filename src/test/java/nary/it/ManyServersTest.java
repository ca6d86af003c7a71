package nary.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import nary.fleet.Crowd;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Releases over 200 simulated servers. No step of theirs waits for anything, so that all the time is that of nary, of ssh and of the simulated servers,
 * which run real shells on this machine; the same commands by nothing but ssh are timed beside it. The figures are for people: docs/fleet/README.md.
 */
@Tag("it")
@Tag("full")
class ManyServersTest {
    private static final int COUNT = Integer.getInteger("nary.it.servers", 200);
    private static final int BATCH = Integer.getInteger("nary.it.batch", 20);
    private static final Duration LIMIT = Duration.ofMinutes(5);
    private static final Duration SAMPLE = Duration.ofMillis(100);
    private static final double TICKS = 100; // a second, in /proc
    private static final int UTIME = 11; // after the name of the program

    @RegisterExtension
    private final Site site = new Site();

    private SimulatedServers servers;

    /** Seconds. @param others children that have ended */
    private record Processor(double own, double others) {
        static final Processor NONE = new Processor(0, 0);

        static Processor of(long pid) {
            try {
                String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
                String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
                return new Processor(sum(fields, UTIME), sum(fields, UTIME + 2));
            } catch (IOException e) {
                return NONE; // it has ended
            }
        }

        private static double sum(String[] fields, int first) {
            return (Long.parseLong(fields[first]) + Long.parseLong(fields[first + 1])) / TICKS;
        }

        Processor since(Processor before) {
            return new Processor(own - before.own, others - before.others);
        }
    }

    /** What a deployer has used. */
    private record Usage(double seconds, Processor nary, long naryKilobytes, Processor servers, int commands) {}

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
    @Timeout(value = 40, unit = TimeUnit.MINUTES)
    void allOfThemGetAReleaseThenTheNextAndTheCostIsPrinted() throws Exception {
        for (String release : List.of("r1", "r2")) {
            Files.writeString(site.folder("package").resolve("version"), release);
            Usage usage = deploy(release);
            for (String name : servers.names()) assertThat(servers.home(name).resolve("site/run/serving")).hasContent(release);
            try (var out = Files.list(site.directory().resolve("balancer"))) {
                assertThat(out).as("out of rotation").isEmpty();
            }
            assertThat(servers.mostAtOnce()).as("commands at a time").isLessThanOrEqualTo(2 * COUNT + mostAtWork());
            print(release, usage, bare(usage.commands / COUNT));
        }
    }

    /** Beside the command that keeps each connection, and the shell for what is brief: a batch, or as many as are asked at a time; and locks that are touched meanwhile. */
    private static int mostAtWork() {
        return Math.max(BATCH, Crowd.MOST) + COUNT / 4;
    }

    private Usage deploy(String release) throws Exception {
        Processor before = Processor.of(ProcessHandle.current().pid());
        int commands = servers.commands();
        long began = System.nanoTime();
        Running deploy = site.spawn(site.directory(), "fleet", "deploy", "--ssh-config", servers.config().toString(), "--release", release, "qa");
        Processor nary = Processor.NONE;
        long kilobytes = 0;
        while (deploy.isAlive()) {
            Processor now = Processor.of(deploy.pid());
            if (now.own > 0) nary = now;
            kilobytes = Math.max(kilobytes, peak(deploy.pid()));
            Thread.sleep(SAMPLE);
        }
        Ran ran = deploy.await(LIMIT);
        assertThat(ran.exit()).as("%s", ran).isZero();
        double seconds = (System.nanoTime() - began) / 1e9;
        return new Usage(seconds, nary, kilobytes, Processor.of(ProcessHandle.current().pid()).since(before), servers.commands() - commands);
    }

    /** KB of RSS; 0 if it has ended. */
    private static long peak(long pid) {
        try {
            return Files.readAllLines(Path.of("/proc/" + pid + "/status")).stream()
                    .filter(it -> it.startsWith("VmHWM:"))
                    .mapToLong(it -> Long.parseLong(it.replaceAll("\\D", "")))
                    .sum();
        } catch (IOException e) {
            return 0;
        }
    }

    /** The same by nothing but ssh: so many servers at a time, each logged in to once, and as many commands one after the other, which do nothing. */
    private double bare(int commands) throws Exception {
        Path script = site.directory().resolve("bare");
        Files.writeString(script, """
                #!/bin/sh
                ssh="ssh -T -x -F %1$s -o BatchMode=yes -o ControlPath=%2$s/$1"
                $ssh -o ControlMaster=yes -n -N -f $1 >%2$s/$1.out 2>&1 || { cat %2$s/$1.out >&2; exit 255; }
                i=0
                while [ $i -lt %3$d ]; do i=$((i + 1)); echo true | $ssh $1 'exec /bin/sh -s' || exit 255; done
                $ssh -O exit $1 2>/dev/null
                """.formatted(servers.config(), Files.createDirectories(servers.home("web1").resolveSibling("c" + System.nanoTime())), commands));
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
        long began = System.nanoTime();
        Distribution.shell("printf '%s\\n' " + String.join(" ", servers.names()) + " | timeout " + LIMIT.toSeconds() + " xargs -n 1 -P " + BATCH + " " + script);
        return (System.nanoTime() - began) / 1e9;
    }

    private static void print(String release, Usage usage, double bare) {
        List<String> lines = new ArrayList<>();
        lines.add("fleet: %s to %d servers, %d at a time: %.1f s; %d commands; bare ssh, as many: %.1f s; beside it %.0f ms a server".formatted(
                release, COUNT, BATCH, usage.seconds, usage.commands, bare, (usage.seconds - bare) / COUNT * 1000));
        lines.add("fleet: processor time a server: nary %.0f ms, its ssh and balancer commands %.0f ms, simulated servers %.0f ms, their shells %.0f ms; peak of nary %d MB".formatted(
                each(usage.nary.own), each(usage.nary.others), each(usage.servers.own), each(usage.servers.others), usage.naryKilobytes / 1024));
        System.out.println(String.join("\n", lines).formatted(Locale.ROOT));
    }

    private static double each(double seconds) {
        return seconds / COUNT * 1000;
    }
}
