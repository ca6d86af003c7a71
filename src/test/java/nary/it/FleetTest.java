package nary.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import nary.demo.load.Attempt;
import nary.demo.load.Load;
import nary.demo.load.Outcome;
import nary.demo.load.Plan;
import nary.demo.load.Recording;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A release over three real sshd behind a real HAProxy, under load: no request fails, whatever happens to the roll. */
@Tag("it")
class FleetTest {
    private static final Duration LIMIT = FleetSite.LIMIT;

    @RegisterExtension
    private final Site site = new Site();

    private FleetSite fleet;

    @BeforeEach
    void open() throws Exception {
        fleet = FleetSite.open(site);
        fleet.configure(fleet.haproxyBalancer(), "");
    }

    @AfterEach
    void close() throws Exception {
        fleet.close();
    }

    private Load load() {
        return Load.start(Plan.of(fleet.haproxy.port()).withClients(6, 6).withPause(Duration.ofMillis(4)));
    }

    private Recording assertNothingLost(Load load, String... versions) throws Exception {
        Recording seen = load.stop();
        assertThat(seen.failures()).as("%s", fleet.logs()).isEmpty();
        assertThat(seen.byVersion()).containsKeys(versions);
        return seen;
    }

    @Test
    void eachServerIsTakenOutAndReplaced() throws Exception {
        fleet.begin();
        try (Load load = load()) {
            fleet.pack("r2");
            fleet.deploy("r2");
            fleet.assertAllServe("r2");
            Ran rollback = fleet.fleet("rollback");
            assertThat(rollback.exit()).as("%s", rollback).isZero();
            fleet.assertAllServe("r1");
            assertNothingLost(load, "r1", "r2");
        }
        Ran status = fleet.fleet("status");
        assertThat(status.exit()).as("%s", status).isZero();
        assertThat(status.out()).contains("server1  Web (Pkg)  r1       in (");
        assertThat(fleet.fleet("releases").out()).contains("current, good");
        assertClosedAndOpenedAgain();
    }

    /** HAProxy's check is answered as before, so that it goes on passing its clients to the page. */
    private void assertClosedAndOpenedAgain() throws Exception {
        java.nio.file.Path page = java.nio.file.Files.writeString(site.directory().resolve("down.html"), "<h1>back at noon</h1>");
        String config = fleet.servers.config().toString();
        try (Load load = load()) {
            Ran on = site.nary("fleet", "maintenance", "--ssh-config", config, "QA", "on", "--page", page.getFileName().toString(), "--monitor", "/monitor.htm", "--monitor-answer", "pass");
            assertThat(on.exit()).as("%s", on).isZero();
            assertThat(on.out()).isEqualTo("server1, Web (Pkg): closed for maintenance\nserver2, Web (Pkg): closed for maintenance\nserver3, Web (Pkg): closed for maintenance\n");
            assertThat(whole()).contains("503 Service Unavailable", "<h1>back at noon</h1>");
            Ran status = fleet.fleet("status");
            assertThat(status.exit()).as("%s", status).isEqualTo(1);
            assertThat(status.out()).contains("in (UP").contains("closed for maintenance by pid ");
            Ran off = site.nary("fleet", "maintenance", "--ssh-config", config, "QA", "off");
            assertThat(off.exit()).as("%s", off).isZero();
            assertThat(off.out()).contains("server3, Web (Pkg): open again");
            assertThat(whole()).contains("200 OK", "version=r1");
            assertThat(load.stop().failures()).extracting(Attempt::outcome).containsOnly(Outcome.WRONG_STATUS);
        }
    }

    /** Head and body of an answer through HAProxy. */
    private String whole() throws Exception {
        try (Wire wire = Wire.connect(fleet.haproxy.port())) {
            wire.send("GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
            return wire.all();
        }
    }

    @Tag("full")
    @Test
    void inPlaceNothingIsTakenOut() throws Exception {
        fleet.configure(fleet.haproxyBalancer(), "\"in-place\": true,");
        fleet.begin();
        try (Load load = load()) {
            fleet.pack("r2");
            fleet.deploy("r2", "--batch", "2");
            assertThat(fleet.answers()).containsExactly("r2", "r2", "r2");
            assertNothingLost(load, "r1", "r2");
        }
    }

    @Tag("full")
    @Test
    void theMonitorFileTakesServersOut() throws Exception {
        fleet.configure(FleetSite.monitorBalancer(), "");
        fleet.begin();
        try (Load load = load()) {
            fleet.pack("r2");
            fleet.deploy("r2");
            fleet.assertAllServe("r2");
            assertNothingLost(load, "r1", "r2");
        }
    }

    @Test
    void aReleaseThatFailsOnTheSecondServerIsUndone() throws Exception {
        fleet.begin();
        try (Load load = load()) {
            fleet.pack("r2", 2);
            Ran ran = fleet.fleet("deploy", "--release", "r2");
            assertThat(ran.exit()).as("%s", ran).isEqualTo(1);
            assertThat(ran.err()).contains("r2 was undone in QA: server2: health: server2: http://127.0.1.2:").contains(" answers HTTP/1.1 500");
            fleet.assertAllServe("r1");
            assertNothingLost(load, "r1", "r2");
        }
    }

    @Tag("full")
    @ParameterizedTest
    @ValueSource(strings = {"resume", "heal"})
    @Timeout(value = 40, unit = TimeUnit.MINUTES)
    void aDeployerThatIsKilledAtAnyStepLeavesNothingLost(String mending) throws Exception {
        fleet.begin();
        int last = 10 * FleetSite.COUNT;
        int only = 1 + new Random(Distribution.seed()).nextInt(last);
        String before = "r1";
        try (Load load = load()) {
            for (int step = Distribution.isFull() ? 1 : only; step <= (Distribution.isFull() ? last : only); step++) {
                String release = "k" + step;
                fleet.pack(release);
                killAt(step, release);
                boolean isOver = fleet.isOver(); // the last step is brief
                Ran ran = fleet.fleet(mending);
                assertThat(ran.exit()).as("killed at step %d: %s%s", step, ran, fleet.logs()).isEqualTo(isOver && mending.equals("resume") ? 3 : 0);
                if (isOver) assertThat(ran.out() + ran.err()).contains("nothing to " + mending);
                before = mending.equals("heal") && !isOver ? before : release;
                fleet.assertAllServe(before);
            }
            assertNothingLost(load, "r1");
        }
    }

    private void killAt(int step, String release) throws Exception {
        Running deploy = fleet.spawn("deploy", "--release", release);
        Until.holds("step " + step + " begins: " + deploy.saidSoFar(), LIMIT, () -> !deploy.isAlive() || fleet.isAt(step, release));
        Site.signal("KILL", pidOf(deploy));
        deploy.await(LIMIT);
    }

    /** The launcher has become the JVM. */
    private static long pidOf(Running running) {
        return running.pid();
    }

    @Tag("full")
    @Test
    void aReloadOfTheBalancerIsNoticed() throws Exception {
        fleet.configure(fleet.haproxyBalancer(), "\"hooks\": { \"beforeStop\": [ \"sleep\", \"2\" ] },");
        fleet.begin();
        fleet.pack("r2");
        try (Load load = load()) {
            Running deploy = fleet.spawn("deploy", "--release", "r2");
            Until.holds("server1 is out", LIMIT, () -> fleet.haproxy.stat("server1", "status").equals("MAINT"));
            fleet.haproxy.reload();
            Ran ran = deploy.await(LIMIT);
            assertThat(ran.exit()).as("%s", ran).isZero();
            assertThat(ran.err()).contains("haproxy had server1 in rotation again (it was reloaded: ");
            fleet.assertAllServe("r2");
            assertNothingLost(load, "r1", "r2");
        }
    }

    @Tag("full")
    @Test
    void twoOperatorsAtOnceAreKeptApart() throws Exception {
        fleet.configure(fleet.haproxyBalancer(), "\"hooks\": { \"beforeStop\": [ \"sleep\", \"2\" ] },");
        fleet.begin();
        fleet.pack("r2");
        Running first = fleet.spawn("deploy", "--release", "r2");
        Until.holds("the first has begun", LIMIT, () -> fleet.isAt(1, "r2"));
        Ran here = fleet.fleet("deploy", "--release", "r3");
        assertThat(here.exit()).as("%s", here).isEqualTo(3);
        assertThat(here.err()).contains("another nary fleet of this folder is at work: by ");
        java.nio.file.Path elsewhere = site.folder("elsewhere");
        for (String name : new String[] {"fleet.json", "package"}) Distribution.shell("cp -r '" + site.directory() + "/" + name + "' '" + elsewhere + "'");
        Ran there = site.nary(elsewhere, fleet.words("deploy", "--release", "r3").toArray(String[]::new));
        assertThat(there.exit()).as("%s", there).isEqualTo(3);
        assertThat(there.err()).containsPattern("server[123] is locked: by .* \\(pid \\d+\\) since ");
        assertThat(first.await(LIMIT).exit()).isZero();
        fleet.assertAllServe("r2");
    }

    @Tag("full")
    @Test
    void aServerWhoseSshHangsIsGivenUpAndNothingElseIsTouched() throws Exception {
        fleet.begin();
        fleet.pack("r2");
        try (Load load = load()) {
            fleet.servers.freeze(2);
            Ran ran = fleet.fleet("deploy", "--release", "r2");
            fleet.servers.thaw(2);
            assertThat(ran.exit()).as("%s", ran).isEqualTo(1);
            assertThat(ran.err()).contains("r2 was undone in QA: server2: ");
            fleet.assertAllServe("r1");
            assertNothingLost(load, "r1");
        }
    }

    @Tag("full")
    @Test
    void aServerThatDiesWhileItIsOutIsNamedAndTheOthersGoBack() throws Exception {
        fleet.configure(fleet.haproxyBalancer(), "\"hooks\": { \"beforeStop\": [ \"sleep\", \"2\" ] },");
        fleet.begin();
        fleet.pack("r2");
        try (Load load = load()) {
            Running deploy = fleet.spawn("deploy", "--release", "r2");
            Until.holds("server2 is about to be stopped", LIMIT, () -> fleet.hasBegun("stop", 2, "r2"));
            fleet.servers.die(2);
            Ran ran = deploy.await(LIMIT);
            assertThat(ran.exit()).as("%s%s", ran, fleet.logs()).isEqualTo(1);
            assertThat(ran.err()).contains("r2 was undone in QA: server2: stop: server2: ", "server2 is out of rotation or could not be brought back: stop: ");
            assertThat(fleet.current(1)).isEqualTo("r1");
            assertThat(fleet.current(3)).isEqualTo("r1");
            for (int i = 1; i <= 3; i += 2) fleet.haproxy.awaitStatus("server" + i, "UP");
            assertThat(fleet.haproxy.stat("server2", "status")).isEqualTo("MAINT");
            Ran status = fleet.fleet("status");
            assertThat(status.exit()).as("%s", status).isEqualTo(1);
            assertThat(status.out()).contains("could not bring all servers back: nary fleet heal tries again");
            fleet.servers.startAgain(2);
            Ran heal = fleet.fleet("heal");
            assertThat(heal.exit()).as("%s%s", heal, fleet.logs()).isZero();
            fleet.assertAllServe("r1");
            assertNothingLost(load, "r1", "r2");
        }
    }

    @Tag("full")
    @Test
    void aReleaseThatHasNoRoomOnAServerTakesNobodyOut() throws Exception {
        fleet.withDisk(2, "2m", disk -> {
            fleet.begin();
            fleet.pack("r2");
            java.nio.file.Files.write(site.directory().resolve("package/big"), new byte[3 << 20]);
            try (Load load = load()) {
                Ran ran = fleet.fleet("deploy", "--release", "r2");
                assertThat(ran.exit()).as("%s%s", ran, fleet.logs()).isEqualTo(1);
                assertThat(ran.err()).contains("r2 was undone in QA: server2: prepare: server2: ").contains("no space for ");
                assertThat(fleet.hasBegun("remove", 2, "r2")).isFalse();
                assertThat(disk.resolve("releases")).isDirectoryNotContaining(it -> it.getFileName().toString().contains("r2"));
                fleet.assertAllServe("r1");
                assertNothingLost(load, "r1");
            }
        });
    }

    @Tag("full")
    @Test
    void aDiskThatIsFullInMidRollIsNoReasonNotToGoBack() throws Exception {
        fleet.withDisk(2, "4m", disk -> {
            String fill = "case $NARY_SERVER in server2) dd if=/dev/zero of=$HOME/site/fill bs=4k 2>/dev/null;; esac; true";
            fleet.configure(fleet.haproxyBalancer(), "\"hooks\": { \"beforeStop\": [ \"sh\", \"-c\", \"" + fill + "\" ] },");
            fleet.begin();
            fleet.pack("r2", 2);
            try (Load load = load()) {
                Ran ran = fleet.fleet("deploy", "--release", "r2");
                assertThat(ran.exit()).as("%s%s", ran, fleet.logs()).isEqualTo(1);
                assertThat(ran.err()).contains("r2 was undone in QA: server2: health: ", "server2 is back on r1");
                assertThat(java.nio.file.Files.getFileStore(disk).getUsableSpace()).isLessThan(64 << 10);
                fleet.assertAllServe("r1");
                assertNothingLost(load, "r1", "r2");
            }
        });
    }

    @Tag("full")
    @Test
    void ctrlCBringsAllBack() throws Exception {
        fleet.configure(fleet.haproxyBalancer(), "\"hooks\": { \"beforeStop\": [ \"sleep\", \"1\" ] },");
        fleet.begin();
        fleet.pack("r2");
        try (Load load = load()) {
            Running deploy = fleet.spawn("deploy", "--release", "r2");
            Until.holds("the second server is out", LIMIT, () -> fleet.isAt(13, "r2"));
            deploy.interrupt();
            Ran ran = deploy.await(LIMIT);
            assertThat(ran.exit()).as("%s%s", ran, fleet.logs()).isEqualTo(130);
            fleet.assertAllServe("r1");
            assertNothingLost(load, "r1", "r2");
        }
    }
}
