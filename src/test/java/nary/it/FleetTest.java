package nary.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import nary.demo.load.Load;
import nary.demo.load.Plan;
import nary.demo.load.Recording;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

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
        return Load.start(Plan.of(fleet.haproxy.port()).withClients(6, 6));
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
    @Test
    void aDeployerThatIsKilledLeavesNothingLost() throws Exception {
        fleet.begin();
        Random random = new Random(Distribution.seed());
        int last = 10 * FleetSite.COUNT;
        String before = "r1";
        try (Load load = load()) {
            for (int step = Distribution.isFull() ? 1 : 1 + random.nextInt(last); step <= last; step += Distribution.isFull() ? 1 : last) {
                boolean isHealed = random.nextBoolean();
                String release = "k" + step;
                fleet.pack(release);
                killAt(step, release);
                Ran ran = fleet.fleet(isHealed ? "heal" : "resume");
                assertThat(ran.exit()).as("killed at step %d: %s%s", step, ran, fleet.logs()).isZero();
                String expected = isHealed ? before : release;
                fleet.assertAllServe(expected);
                before = expected;
            }
            assertNothingLost(load, "r1");
        }
    }

    private void killAt(int step, String release) throws Exception {
        Running deploy = fleet.spawn("deploy", "--release", release);
        Until.holds("step " + step + " begins: " + deploy.saidSoFar(), LIMIT, () -> !deploy.isAlive() || isAt(step, release));
        Site.signal("KILL", pidOf(deploy));
        deploy.await(LIMIT);
    }

    private boolean isAt(int step, String release) throws Exception {
        return java.nio.file.Files.exists(fleet.lastRun().resolve("journal.jsonl"))
                && java.nio.file.Files.readString(fleet.lastRun().resolve("journal.jsonl")).contains("\"release\":\"" + release + "\"")
                && fleet.begun() >= step;
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
        Running deploy = fleet.spawn("deploy", "--release", "r2");
        Until.holds("server1 is out", LIMIT, () -> fleet.haproxy.stat("server1", "status").equals("MAINT"));
        fleet.haproxy.reload();
        Ran ran = deploy.await(LIMIT);
        assertThat(ran.exit()).as("%s", ran).isZero();
        assertThat(ran.err()).contains("haproxy had server1 in rotation again (it was reloaded: ");
        fleet.assertAllServe("r2");
    }

    @Tag("full")
    @Test
    void twoOperatorsAtOnceAreKeptApart() throws Exception {
        fleet.configure(fleet.haproxyBalancer(), "\"hooks\": { \"beforeStop\": [ \"sleep\", \"2\" ] },");
        fleet.begin();
        fleet.pack("r2");
        Running first = fleet.spawn("deploy", "--release", "r2");
        Until.holds("the first has begun", LIMIT, () -> isAt(1, "r2"));
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
    void ctrlCBringsAllBack() throws Exception {
        fleet.configure(fleet.haproxyBalancer(), "\"hooks\": { \"beforeStop\": [ \"sleep\", \"1\" ] },");
        fleet.begin();
        fleet.pack("r2");
        try (Load load = load()) {
            Running deploy = fleet.spawn("deploy", "--release", "r2");
            Until.holds("the second server is out", LIMIT, () -> isAt(13, "r2"));
            deploy.interrupt();
            Ran ran = deploy.await(LIMIT);
            assertThat(ran.exit()).as("%s%s", ran, fleet.logs()).isEqualTo(130);
            fleet.assertAllServe("r1");
            assertNothingLost(load, "r1", "r2");
        }
    }
}
