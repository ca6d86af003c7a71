package nary.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import nary.control.Client;
import nary.it.StatusView.Row;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The limits of setrlimit(2), reached by nary and by its workers. */
@Tag("it")
class LimitsTest {
    /** Somebody who has no other processes. */
    private static final int LONER = 64_123;

    @RegisterExtension
    final Site site = new Site();

    @Test
    @DisplayName("nary has no descriptor left: commands, deploys and respawns fail in one clear line, nothing is lost, and all works when there are some")
    void noDescriptorForNary() throws Exception {
        Faults.started(site, 2, "--settle", "0.1", "--stop-timeout", "1");
        assertThat(site.deploy().exit()).isZero();
        long daemon = site.status().daemon();
        List<Client> idle = new ArrayList<>();
        try (Faults faults = Faults.watch(site)) {
            Row victim = site.status().workers().getFirst();
            Ran status = statusWithoutDescriptors(daemon, idle);
            assertThat(status.err().lines()).singleElement().asString().contains("RLIMIT_NOFILE");
            Site.signal("HUP", daemon);
            Until.holds("the deploy has failed", Faults.LIMIT, () -> log().lines().anyMatch(line -> line.contains(" DeployFailed ") && line.contains("worker 3.") && line.contains("RLIMIT_NOFILE")));
            Site.signal("KILL", victim.pid());
            Until.holds("its successor fails", Faults.LIMIT, () -> log().contains("worker 2." + victim.slot() + "#2 could not be started: pipe2"));
            limit(daemon, "nofile", 20_000);
            for (Client client : idle) client.close();
            Until.holds("both serve again", Faults.LIMIT, () -> site.status().serving().size() == 2);
            faults.assertOneProcessLost("v000");
            Ran deploy = site.deploy("--env", "VERSION=v001");
            assertThat(deploy.exit()).as("%s", deploy).isZero();
            faults.assertNothingLeft();
        }
        assertThat(log().lines().filter(line -> line.contains("control socket: the daemon (pid " + daemon + ") has no descriptor left"))).hasSize(1);
    }

    @Test
    @DisplayName("who takes nary's last descriptor is served, and the spare one is kept for the next, who is told")
    void lastDescriptorForNary() throws Exception {
        Faults.started(site, 2, "--settle", "0.1");
        long daemon = site.status().daemon();
        List<Client> idle = new ArrayList<>();
        try (Faults faults = Faults.watch(site)) {
            Until.holds("one client is served, and another is told", Faults.LIMIT, () -> {
                limit(daemon, "nofile", fill(daemon, idle) + 1);
                boolean isTold = isLetIn(daemon, idle) && site.nary("status").err().contains("RLIMIT_NOFILE");
                limit(daemon, "nofile", 20_000);
                return isTold;
            });
            for (Client client : idle) client.close();
            assertThat(site.nary("status").exit()).isZero();
            faults.assertUnnoticed("v000");
            faults.assertNothingLeft();
        }
    }

    @Test
    @DisplayName("nary has no descriptor left to look for what its workers left behind: it stops nevertheless, and says so")
    void endsWithoutDescriptors() throws Exception {
        Faults.started(site, 2, "--settle", "0.1", "--drain-timeout", "1", "--stop-timeout", "1");
        long daemon = site.status().daemon();
        limit(daemon, "nofile", 20);
        Site.signal("TERM", daemon);
        Until.holds("the daemon has ended", Faults.LIMIT, () -> ProcessHandle.of(daemon).isEmpty());
        assertThat(log()).contains("looking at connections: open /proc: EMFILE").contains("left processes is not known: open /proc: EMFILE").contains(" Shutdown ");
        site.assertNothingLives();
    }

    @Test
    @Tag("full")
    @DisplayName("what a dead worker left behind while nary had no descriptor to look with, for longer than anything may take to end, is ended when it has one")
    void leftBehindUnseen() throws Exception {
        String server = Distribution.get().source("node/server.js").toString();
        String mark = "9" + site.port();
        Ran start = site.nary("start", "--settle", "0.1", "--stop-timeout", "0.2", "--", "sh", "-c", "sleep " + mark + " & exec node '" + server + "' " + site.port());
        assertThat(start.exit()).as("%s", start).isZero();
        long daemon = site.status().daemon();
        long victim = site.status().workers().getFirst().pid();
        ProcessHandle left = ProcessHandle.of(victim).orElseThrow().children().findFirst().orElseThrow();
        limit(daemon, "nofile", 20);
        Site.signal("KILL", victim);
        Until.holds("nary has told that it does not know", Faults.LIMIT, () -> log().contains("left processes is not known: "));
        assertThat(left.isAlive()).isTrue();
        limit(daemon, "nofile", 20_000);
        Until.holds("it is ended", Faults.LIMIT, () -> !left.isAlive());
        Until.holds("another worker serves", Faults.LIMIT, () -> site.status().serving().size() == 1);
        assertThat(log()).doesNotContain("not even by SIGKILL");
        Ran stop = site.nary("stop");
        assertThat(stop.exit()).as("%s", stop).isZero();
        site.assertNothingLives();
    }

    @Test
    @DisplayName("nary may start no process: a deploy fails in one clear line, the old version serves, and all works when it may")
    void noProcessForNary() throws Exception {
        // root may always; this one may read where nary lies, and nothing else
        String reading = "dac_read_search";
        List<String> loner = Distribution.isOrdinary()
                ? List.of()
                : List.of("setpriv", "--reuid=" + LONER, "--regid=" + LONER, "--clear-groups", "--inh-caps=+" + reading, "--ambient-caps=+" + reading);
        if (!Distribution.isOrdinary()) Files.setAttribute(site.directory(), "unix:uid", LONER);
        String[] words = Faults.start(site, 2, "--settle", "0.1").toArray(String[]::new);
        Ran start = site.spawnUnder(loner, site.directory(), words).await(Faults.LIMIT);
        assertThat(start.exit()).as("%s", start).isZero();
        assertThat(site.deploy().exit()).isZero();
        long daemon = site.status().daemon();
        try (Faults faults = Faults.watch(site)) {
            limit(daemon, "nproc", 1);
            Ran deploy = site.deploy("--env", "VERSION=v001");
            assertThat(deploy.exit()).as("%s", deploy).isEqualTo(1);
            assertThat(deploy.err().lines().filter(line -> line.startsWith("worker 3.") && line.contains("EAGAIN") && line.contains("as before")))
                    .as("%s", deploy).singleElement().asString().contains("RLIMIT_NPROC");
            limit(daemon, "nproc", 10_000);
            Ran again = site.deploy("--env", "VERSION=v001");
            assertThat(again.exit()).as("%s", again).isZero();
            faults.assertUnnoticed("v000", "v001");
            faults.assertNothingLeft();
        }
    }

    @Test
    @DisplayName("a worker out of descriptors, full of silent connections, is replaced by a deploy")
    void noDescriptorForTheWorker() throws Exception {
        String server = Distribution.get().source("node/server.js").toString();
        Ran start = site.nary(
                "start", "--settle", "0.1", "--drain-timeout", "2", "--env", "VERSION=v000", "--", "sh", "-c",
                "ulimit -n 40 && exec node '" + server + "' " + site.port());
        assertThat(start.exit()).as("%s", start).isZero();
        List<Wire> silent = new ArrayList<>();
        for (int i = 0; i < 60; i++) silent.add(Wire.connect(site.port()));
        Ran deploy = site.deploy("--env", "VERSION=v001");
        assertThat(deploy.exit()).as("%s", deploy).isZero();
        assertThat(site.get("/")).contains("version=v001 ");
        for (Wire wire : silent) wire.close();
        site.assertNothingElseLives();
    }

    @Test
    @DisplayName("too few descriptors to start with: the start fails in one clear line, and leaves nothing")
    void tooFewToStart() throws Exception {
        String[] words = Faults.start(site, 2).toArray(String[]::new);
        Ran start = site.spawnUnder(List.of("prlimit", "--nofile=24:24"), site.directory(), words).await(Faults.LIMIT);
        assertThat(start.exit()).as("%s", start).isEqualTo(1);
        assertThat(start.err().lines().filter(line -> line.contains("RLIMIT_NOFILE"))).as("%s", start).hasSize(1);
        site.assertNothingLives();
        assertThat(site.nary("status").exit()).isEqualTo(4);
    }

    /** What it has open for a moment only, and gives back, is taken from it at the next attempt. */
    private Ran statusWithoutDescriptors(long daemon, List<Client> idle) throws Exception {
        AtomicReference<Ran> status = new AtomicReference<>();
        Until.holds("no descriptor is left", Faults.LIMIT, () -> {
            limit(daemon, "nofile", 20_000);
            limit(daemon, "nofile", fill(daemon, idle));
            status.set(site.nary("status"));
            if (status.get().exit() != 0) assertThat(status.get().err()).as("%s", status).contains("RLIMIT_NOFILE");
            return status.get().err().contains("has no descriptor left");
        });
        assertThat(status.get().exit()).as("%s", status).isEqualTo(1);
        return status.get();
    }

    /**
     * The spare one that the daemon gives up to answer is of no use to it above the limit.
     *
     * @return the lowest free descriptor, above the spare one
     */
    private long fill(long daemon, List<Client> idle) throws Exception {
        long free = freeDescriptor(daemon);
        for (; free < Collections.max(spareDescriptors(daemon)); free = freeDescriptor(daemon)) idle.add(Client.connect(site.directory().resolve("nary.ipc")));
        return free;
    }

    private boolean isLetIn(long daemon, List<Client> idle) throws Exception {
        List<Integer> spares = spareDescriptors(daemon);
        try {
            idle.add(Client.connect(site.directory().resolve("nary.ipc")));
        } catch (IOException takenByNaryItself) {
            return false;
        }
        assertThat(spareDescriptors(daemon)).as("none was given up").containsExactlyInAnyOrderElementsOf(spares);
        return true;
    }

    private static List<Integer> spareDescriptors(long pid) throws IOException {
        try (Stream<Path> entries = Files.list(Path.of("/proc", Long.toString(pid), "fd"))) {
            return entries.filter(LimitsTest::isNull).map(entry -> Integer.valueOf(entry.getFileName().toString())).toList();
        }
    }

    private static boolean isNull(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).equals(Path.of("/dev/null"));
        } catch (IOException closed) {
            return false;
        }
    }

    /** The soft limit, by the user of the process: that is allowed to everybody. */
    private static void limit(long pid, String resource, long value) throws Exception {
        Object uid = Files.getAttribute(Path.of("/proc", Long.toString(pid)), "unix:uid");
        Object gid = Files.getAttribute(Path.of("/proc", Long.toString(pid)), "unix:gid");
        Distribution.shell("setpriv --reuid=" + uid + " --regid=" + gid + " --clear-groups prlimit --pid " + pid + " --" + resource + "=" + value + ":");
    }

    /** The lowest number that is free: with it as the limit there is none. */
    private static long freeDescriptor(long pid) throws IOException {
        try (Stream<Path> entries = Files.list(Path.of("/proc", Long.toString(pid), "fd"))) {
            Set<Integer> taken = entries.map(entry -> Integer.parseInt(entry.getFileName().toString())).collect(Collectors.toSet());
            return IntStream.iterate(0, number -> number + 1).filter(number -> !taken.contains(number)).findFirst().orElseThrow();
        }
    }

    private String log() throws IOException {
        return Files.readString(site.directory().resolve("nary.log"));
    }
}
