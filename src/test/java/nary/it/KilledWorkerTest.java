package nary.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import nary.it.StatusView.Row;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** SIGKILL to a worker, old or new, in each phase of a deploy. */
@Tag("it")
class KilledWorkerTest {
    @RegisterExtension
    final Site site = new Site();

    @Test
    @DisplayName("a new worker killed while it boots: the deploy fails, the old version serves, nobody noticed")
    void newWhileBooting() throws Exception {
        Faults.started(site, 2);
        try (Faults faults = Faults.watch(site)) {
            Running deploy = deployBehindGate();
            kill(await("booting", 2));
            fails(deploy, "was ended by signal SIGKILL before it was ready; generation 1 serves with 2 workers as before");
            faults.assertUnnoticed("v000");
            assertServing(1, 2);
            faults.assertNothingLeft();
        }
    }

    @Test
    @DisplayName("an old worker killed while the new ones boot is replaced, and the deploy goes on")
    void oldWhileNewBoots() throws Exception {
        Faults.started(site, 2, "--settle", "0.1");
        try (Faults faults = Faults.watch(site)) {
            Running deploy = deployBehindGate();
            await("booting", 2);
            Row victim = await("serving", 1);
            kill(victim);
            Until.holds("its slot is filled", Faults.LIMIT, () -> rows("serving", 1).stream().filter(r -> r.pid() != victim.pid()).count() == 2);
            openGate("");
            succeeds(deploy);
            faults.assertOneProcessLost("v000", "v001");
            assertServing(2, 2);
            faults.assertNothingLeft();
        }
    }

    @Test
    @DisplayName("a new worker killed when it is ready and its sibling is not: the deploy fails, nobody noticed")
    void newWhenReady() throws Exception {
        Faults.started(site, 2);
        try (Faults faults = Faults.watch(site)) {
            Running deploy = deployBehindGate();
            openGate(".0");
            kill(await("ready", 2));
            fails(deploy, "was ended by signal SIGKILL; generation 1 serves with 2 workers as before");
            faults.assertUnnoticed("v000");
            assertServing(1, 2);
            faults.assertNothingLeft();
        }
    }

    @Test
    @DisplayName("a new worker killed while it settles: the traffic goes back to the old version")
    void newWhileSettling() throws Exception {
        Faults.started(site, 2, "--settle", "60");
        try (Faults faults = Faults.watch(site)) {
            Running deploy = deploy();
            await("standby", 1);
            kill(await("serving", 2));
            fails(deploy, "was ended by signal SIGKILL; generation 1 serves with 2 workers as before");
            faults.assertOneProcessAndItsQueueLost(2, "v000", "v001");
            assertServing(1, 2);
            faults.assertNothingLeft();
        }
    }

    @Test
    @DisplayName("an old worker killed while it stands by: the deploy goes on, nobody noticed")
    void oldWhileStandingBy() throws Exception {
        Faults.started(site, 2, "--settle", "3");
        try (Faults faults = Faults.watch(site)) {
            Running deploy = deploy();
            Row victim = await("standby", 1);
            Until.holds("it has nothing to do", Faults.LIMIT, () -> row(victim).stream().allMatch(r -> r.connections() == 0));
            kill(victim);
            succeeds(deploy);
            faults.assertUnnoticed("v000", "v001");
            assertServing(2, 2);
            faults.assertNothingLeft();
        }
    }

    @Test
    @DisplayName("a new worker killed while the old ones drain: they take the traffic back and finish what they had")
    void newWhileDraining() throws Exception {
        Faults.started(site, 2, "--settle", "0.1");
        try (Faults faults = Faults.watch(site)) {
            List<Wire> slow = occupyAll(3000);
            Running deploy = deploy();
            await("draining", 1);
            kill(await("serving", 2));
            fails(deploy, "was ended by signal SIGKILL; generation 1 serves with 2 workers as before");
            for (Wire wire : slow) assertThat(wire.answer()).contains("version=v000 ");
            faults.assertOneProcessAndItsQueueLost(2, "v000", "v001");
            assertServing(1, 2);
            faults.assertNothingLeft();
        }
    }

    @Test
    @DisplayName("an old worker killed while it drains takes its connections along, and the deploy is done")
    void oldWhileDraining() throws Exception {
        Faults.started(site, 1, "--settle", "0.1");
        try (Faults faults = Faults.watch(site)) {
            List<Wire> slow = occupyAll(30_000);
            Running deploy = deploy();
            kill(await("draining", 1));
            succeeds(deploy);
            for (Wire wire : slow) wire.close();
            faults.assertUnnoticed("v000", "v001");
            assertServing(2, 1);
            faults.assertNothingLeft();
        }
    }

    @Test
    @DisplayName("a new worker killed while the old ones stop is replaced; the new version serves, and the exit code is 1")
    void newWhileStopping() throws Exception {
        Faults.started(site, 2, "--settle", "0.1", "--stop-timeout", "2", "--env", "MISBEHAVE=ignore-term");
        try (Faults faults = Faults.watch(site)) {
            Running deploy = deploy();
            await("stopping", 1);
            kill(await("serving", 2));
            fails(deploy, "was ended by signal SIGKILL after the point of no return; the new version serves (generation 2 serves with 2 workers)");
            faults.assertOneProcessLost("v000", "v001");
            assertServing(2, 2);
            faults.assertNothingLeft();
        }
    }

    @Test
    @DisplayName("an old worker killed while it stops: the deploy is done, nobody noticed")
    void oldWhileStopping() throws Exception {
        Faults.started(site, 2, "--settle", "0.1", "--stop-timeout", "20", "--env", "MISBEHAVE=ignore-term");
        try (Faults faults = Faults.watch(site)) {
            Running deploy = deploy();
            Until.holds("both are told to stop", Faults.LIMIT, () -> rows("stopping", 1).size() == 2);
            for (Row row : rows("stopping", 1)) kill(row);
            succeeds(deploy);
            faults.assertUnnoticed("v000", "v001");
            assertServing(2, 2);
            faults.assertNothingLeft();
        }
    }

    private Running deploy() throws IOException {
        return site.spawn(site.directory(), "deploy", "--env", "VERSION=v001", "--env", "MISBEHAVE=");
    }

    private Running deployBehindGate() throws IOException {
        return site.spawn(site.directory(), "deploy", "--env", "VERSION=v001", "--env", "FAULT=gate=" + site.directory().resolve("gate"));
    }

    private void openGate(String slot) throws IOException {
        Files.createFile(Path.of(site.directory().resolve("gate") + slot));
    }

    private static void fails(Running deploy, String reason) throws Exception {
        Ran ran = deploy.await(Faults.LIMIT);
        assertThat(ran.exit()).as("%s", ran).isEqualTo(1);
        assertThat(ran.err().lines().filter(line -> line.contains(reason))).as("%s", ran).hasSize(1);
    }

    private static void succeeds(Running deploy) throws Exception {
        Ran ran = deploy.await(Faults.LIMIT);
        assertThat(ran.exit()).as("%s", ran).isZero();
        assertThat(ran.out()).contains("generation 2 serves");
    }

    /** So many requests that each worker has one that it will answer only after a while. */
    private List<Wire> occupyAll(int millis) throws Exception {
        List<Wire> slow = new ArrayList<>();
        for (int i = 0; i < 16; i++) slow.add(occupy(millis));
        Until.holds("each worker is busy", Faults.LIMIT, () -> {
            // on a slow machine the first are answered before it is seen that they were asked
            slow.add(occupy(millis));
            return site.status().serving().stream().allMatch(row -> row.connections() > 1);
        });
        return slow;
    }

    private Wire occupy(int millis) throws Exception {
        Wire wire = Wire.connect(site.port());
        wire.send("GET /slow?ms=" + millis + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        return wire;
    }

    private static void kill(Row worker) throws Exception {
        Site.signal("KILL", worker.pid());
    }

    private Row await(String state, int generation) throws Exception {
        Until.holds("a worker of generation " + generation + " is " + state, Faults.LIMIT, () -> !rows(state, generation).isEmpty());
        return rows(state, generation).getFirst();
    }

    private List<Row> rows(String state, int generation) throws Exception {
        return site.status().workers().stream()
                .filter(row -> row.state().equals(state) && row.generation() == generation && row.pid() > 0)
                .toList();
    }

    private java.util.Optional<Row> row(Row worker) throws Exception {
        return site.status().workers().stream().filter(row -> row.pid() == worker.pid()).findFirst();
    }

    private void assertServing(int generation, int workers) throws Exception {
        Until.holds("generation " + generation + " serves", Faults.LIMIT, () -> {
            StatusView now = site.status();
            return now.state().equals("online") && now.generation() == generation && now.serving().size() == workers;
        });
    }
}
