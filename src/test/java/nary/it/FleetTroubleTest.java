package nary.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import nary.demo.load.Load;
import nary.demo.load.Plan;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Servers that die after their turn, disks that are full from the beginning, several balancers, too few servers: who is told what, and who is left out. */
@Tag("it")
@Tag("full")
class FleetTroubleTest {
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

    private static Load load(LoadBalancing haproxy) {
        return Load.start(Plan.of(haproxy.port()).withClients(6, 6).withPause(Duration.ofMillis(20)));
    }

    private static void assertNothingLost(Load load) throws Exception {
        assertThat(load.stop().failures()).isEmpty();
    }

    private static void assertExit(Ran ran, int exit) {
        assertThat(ran.exit()).as("%s", ran).isEqualTo(exit);
    }

    private void slow(double seconds) throws Exception {
        fleet.configure(fleet.haproxyBalancer(), "\"hooks\": { \"beforeStop\": [ \"sleep\", \"" + seconds + "\" ] },");
    }

    /** The guard takes no other out, all goes back; the dead one is brought back when it lives again. */
    @Test
    void aServerThatDiesAfterItsTurnIsNamedAndTheOthersGoBack() throws Exception {
        slow(2);
        fleet.begin();
        fleet.pack("r2");
        Running deploy = fleet.spawn("deploy", "--release", "r2");
        Until.holds("server2 is about to be stopped", LIMIT, () -> fleet.hasBegun("stop", 2, "r2"));
        fleet.servers.die(1);
        Ran ran = deploy.await(LIMIT);
        assertExit(ran, 1);
        assertThat(ran.err()).contains("server3 waits: the balancer has only 1 of the 2 other servers up: server1 is DOWN", "server1 is out of rotation or could not be brought back: on its way back, ");
        assertThat(ran.err()).contains("r2 was undone in QA: server3: look: the balancer has only 1 of the 2 other servers up: server1 is DOWN", "server2 is back on r1");
        for (int i = 2; i <= 3; i++) {
            assertThat(fleet.current(i)).isEqualTo("r1");
            fleet.haproxy.awaitStatus("server" + i, "UP");
        }
        assertThat(fleet.fleet("status").out()).contains("could not bring all servers back: nary fleet heal tries again");
        fleet.servers.startAgain(1);
        assertExit(fleet.fleet("heal"), 0);
        fleet.assertAllServe("r1");
    }

    @Test
    void aServerThatDiesAtTheVeryEndIsNamedThoughTheRollIsDone() throws Exception {
        slow(2);
        fleet.begin();
        fleet.pack("r2");
        Running deploy = fleet.spawn("deploy", "--release", "r2");
        Until.holds("server3 is about to be stopped", LIMIT, () -> fleet.hasBegun("stop", 3, "r2"));
        fleet.servers.die(1);
        Ran ran = deploy.await(LIMIT);
        assertExit(ran, 1);
        assertThat(ran.err()).contains("server1 is not well: server1: connection refused", "QA has r2: 3 servers");
        for (int i = 2; i <= 3; i++) {
            assertThat(fleet.current(i)).isEqualTo("r2");
            fleet.haproxy.awaitStatus("server" + i, "UP");
        }
    }

    @Test
    void whatIsClosedForMaintenanceIsDeployedInPlaceBehindThePage() throws Exception {
        fleet.configure(fleet.haproxyBalancer(), "\"in-place\": true,");
        fleet.begin();
        fleet.pack("r2");
        assertExit(site.nary("fleet", "maintenance", "--ssh-config", fleet.servers.config().toString(), "qa", "on", "--monitor", "/health", "--monitor-answer", "pass"), 0);
        assertExit(fleet.fleet("deploy", "--release", "r2"), 0);
        assertThat(fleet.fleet("status").out()).contains("r2", "closed for maintenance by pid ");
        assertExit(site.nary("fleet", "maintenance", "--ssh-config", fleet.servers.config().toString(), "qa", "off"), 0);
        fleet.assertAllServe("r2");
    }

    private static void fill(Path disk) throws Exception {
        Distribution.shell("dd if=/dev/zero of='" + disk + "/fill' bs=4k 2>/dev/null || true");
    }

    @Test
    void aFullDiskKeepsNobodyFromBeingHealedPrunedOrDeployed() throws Exception {
        fleet.withDisk(2, "8m", disk -> {
            slow(2);
            fleet.begin();
            fleet.pack("r2");
            Files.write(site.directory().resolve("package/big"), new byte[1 << 20]);
            Running deploy = fleet.spawn("deploy", "--release", "r2");
            Until.holds("server3 is about to be stopped", LIMIT, () -> fleet.hasBegun("stop", 3, "r2"));
            Site.signal("KILL", deploy.pid());
            deploy.await(LIMIT);
            Distribution.shell("rm -r '" + disk + "/.fleet/lock'");
            fill(disk);
            Ran heal = fleet.fleet("heal");
            assertExit(heal, 0);
            assertThat(heal.err()).contains("server2: site cannot be locked: ").contains("No space left on device");
            fleet.assertAllServe("r1");
            assertThat(disk.resolve(".fleet/lock")).doesNotExist();
            fleet.pack("r3");
            Ran part = fleet.fleet("deploy", "--release", "r3", "--max-failures", "1");
            assertExit(part, 1);
            assertThat(part.err()).contains("server2 failed: prepare: server2: site cannot be locked: ", "QA has r3 on 2 servers; others failed and went back");
            assertThat(fleet.answers()).containsExactly("r3", "r1", "r3");
            Ran prune = fleet.fleet("prune", "--keep", "2");
            assertExit(prune, 0);
        });
    }

    @Test
    void behindTwoBalancersAServerIsOutOnlyWhenBothAgree() throws Exception {
        try (LoadBalancing second = LoadBalancing.start(fleet.addresses(), "/monitor.htm")) {
            String both = fleet.haproxyBalancer() + ", { \"type\": \"haproxy\", \"name\": \"second\", \"socket\": \"" + second.tcp() + "\" }";
            fleet.configure(both, "\"hooks\": { \"beforeStop\": [ \"sleep\", \"1\" ] },");
            fleet.begin();
            fleet.pack("r2");
            try (Load one = load(fleet.haproxy);
                    Load two = load(second)) {
                Running deploy = fleet.spawn("deploy", "--release", "r2");
                for (int i = 1; i <= FleetSite.COUNT; i++) {
                    int number = i;
                    Until.holds("server" + i + " is about to be stopped", LIMIT, () -> fleet.hasBegun("stop", number, "r2"));
                    for (LoadBalancing each : new LoadBalancing[] {fleet.haproxy, second}) assertThat(each.stat("server" + i, "status")).isEqualTo("MAINT");
                }
                assertExit(deploy.await(LIMIT), 0);
                fleet.assertAllServe("r2");
                for (int i = 1; i <= FleetSite.COUNT; i++) assertThat(second.stat("server" + i, "status")).isEqualTo("UP");
                assertNothingLost(one);
                assertNothingLost(two);
            }
            fleet.pack("r3");
        }
        try (Load load = load(fleet.haproxy)) {
            Ran ran = fleet.fleet("deploy", "--release", "r3");
            assertExit(ran, 1);
            assertThat(ran.err()).contains("second: HAProxy does not answer: ");
            for (int i = 1; i <= FleetSite.COUNT; i++) assertThat(fleet.hasBegun("remove", i, "r3")).isFalse();
            fleet.assertAllServe("r2");
            assertNothingLost(load);
        }
    }

    @Test
    void theLastHealthyServerIsNeverTakenOut() throws Exception {
        fleet.begin();
        fleet.pack("r2");
        for (int i = 2; i <= 3; i++) fleet.haproxy.say("set server app/server" + i + " state maint");
        try (Load load = load(fleet.haproxy)) {
            Ran ran = fleet.fleet("deploy", "--release", "r2");
            assertExit(ran, 1);
            assertThat(ran.err()).contains("r2 was undone in QA: server1: look: without it the balancer would have no other server up (server2 is MAINT, server3 is MAINT), and 1 must be");
            assertThat(fleet.hasBegun("remove", 1, "r2")).isFalse();
            assertThat(fleet.answers()).containsExactly("r1", "r1", "r1");
            for (int i = 2; i <= 3; i++) assertThat(fleet.haproxy.stat("server" + i, "status")).isEqualTo("MAINT");
            for (int i = 2; i <= 3; i++) fleet.haproxy.say("set server app/server" + i + " state ready");
            fleet.awaitAllUp();
            Ran all = fleet.fleet("deploy", "--release", "r2", "--batch", "100%");
            assertExit(all, 0);
            assertThat(all.err()).containsPattern("server\\d waits: without it the balancer would have no other server up \\(server\\d is \\w+");
            fleet.assertAllServe("r2");
            assertNothingLost(load);
        }
    }
}
