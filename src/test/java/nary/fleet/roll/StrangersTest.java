package nary.fleet.roll;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import nary.control.Refusal;
import nary.fleet.plan.State;
import nary.fleet.plan.Verdict;
import nary.fleet.spec.Fleet;
import nary.fleet.spec.FleetFile;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an operator finds that this run has not made: another's locks, another's leavings, a server that died behind its back. */
class StrangersTest {
    @TempDir
    private Path root;

    private Yard yard;

    @BeforeEach
    void build() throws Exception {
        yard = new Yard(root, 3);
        yard.pack("1");
        assertThat(yard.deploy(Yard.wish("r1")).verdict()).contains(Verdict.DONE);
        yard.told.clear();
    }

    /** The same servers, from a folder that has no journal. */
    private Fleet elsewhere() throws Exception {
        Path folder = Files.createDirectories(root.resolve("elsewhere/package"));
        Files.writeString(folder.resolve("version"), "2");
        Path file = Files.copy(root.resolve("fleet.json"), folder.resolveSibling("fleet.json"));
        return FleetFile.read(file, "fleet.json");
    }

    @Test
    void whatADeadRunOfAnotherOperatorHasLeftOutIsNamedAndBroughtBack() throws Exception {
        yard.pack("2");
        yard.stepsToLive = 7;
        assertThatThrownBy(() -> yard.deploy(Yard.wish("r2"))).isInstanceOf(Yard.Killed.class);
        yard.stepsToLive = 0;
        assertThat(yard.isIn("web1")).isFalse();
        Path lock = Files.createDirectories(yard.site("web1").resolve(".fleet/lock"));
        Files.writeString(lock.resolve("holder"), "{\"by\":\"eve@far\",\"machine\":\"another\",\"pid\":7,\"began\":\"\",\"folder\":\"/home/eve/shop\",\"run\":\"x\",\"since\":\"2026-01-01T00:00:00Z\"}\n");
        Files.writeString(lock.resolve("token"), "of-eve\n");
        Fleet fleet = elsewhere();
        assertThatThrownBy(() -> yard.deployment().heal(fleet, "QA"))
                .isInstanceOf(Refusal.class)
                .hasMessageStartingWith("web1 is locked: by eve@far (pid 7) since 2026-01-01T00:00:00Z, from /home/eve/shop there. The journal of that run is there, not here");
        assertThatThrownBy(() -> yard.deployment().resume(fleet, "QA")).isInstanceOf(Refusal.class).hasMessageContaining("/home/eve/shop");
        Files.setLastModifiedTime(lock.resolve("token"), FileTime.from(Instant.now().minus(Duration.ofMinutes(2))));
        State state = yard.deployment().deploy(fleet, Yard.wish("r3")).state();
        assertThat(state.verdict()).contains(Verdict.DONE);
        assertThat(yard.picture()).isEqualTo(yard.all("r3"));
        assertThat(yard.told).anyMatch(it -> it.startsWith("web1 was still locked by a run that has died: by eve@far (pid 7)"));
        assertThat(yard.site("web1").resolve(".fleet/out")).doesNotExist();
    }

    @Test
    void whatARunOfThisFolderHasLeftLockedAtItsVeryEndIsUnlocked() throws Exception {
        Operator us = Operator.current();
        Path lock = Files.createDirectories(yard.site("web2").resolve(".fleet/lock"));
        String holder = "{\"by\":\"us\",\"machine\":\"" + us.machine() + "\",\"pid\":%d,\"began\":\"%s\",\"folder\":\"" + root + "\",\"run\":\"r\",\"since\":\"2026-01-01T00:00:00Z\"}\n";
        Files.writeString(lock.resolve("token"), "r\n");
        Files.writeString(lock.resolve("holder"), holder.formatted(us.pid(), us.began()));
        assertThatThrownBy(yard::heal).as("it lives").isInstanceOf(Refusal.class).hasMessageStartingWith("web2 is locked: by us (pid " + us.pid() + ")");
        assertThat(lock).exists();
        Files.writeString(lock.resolve("holder"), holder.formatted(1, "long ago"));
        assertThat(yard.heal()).isEmpty();
        assertThat(lock).doesNotExist();
        Files.createDirectories(lock);
        Files.writeString(lock.resolve("token"), "r\n");
        Files.writeString(lock.resolve("holder"), holder.formatted(1, "long ago"));
        assertThatThrownBy(yard::resume).isInstanceOf(Refusal.class).hasMessageStartingWith("nothing to resume: the last run, ");
        assertThat(lock).doesNotExist();
    }

    @Test
    void theCurrentReleaseWithAnotherContentIsRefused() throws Exception {
        yard.pack("1, and more");
        State state = yard.deploy(Yard.wish("r1"));
        assertThat(state.verdict()).contains(Verdict.FAILED);
        assertThat(state.reason()).contains("release r1 is there already, with another content; choose another --release");
        assertThat(yard.picture()).isEqualTo(yard.all("r1"));
    }

    @Test
    void aServerThatDiedAfterItsTurnIsNamedAtTheEnd() throws Exception {
        String kill = "case $NARY_SERVER in web3) rm -f " + yard.site("web1") + "/run/serving;; esac";
        yard.fleet("\"hooks\": { \"afterStart\": [ \"sh\", \"-c\", \"" + kill + "\" ] },");
        yard.pack("2");
        Deployment.Outcome outcome = yard.deployment().deploy(yard.fleet(), Yard.wish("r2"));
        assertThat(outcome.state().verdict()).contains(Verdict.DONE);
        assertThat(outcome.unwell()).singleElement().asString().startsWith("web1 is not well: 'cat ../../run/serving' exited with 1");
    }

    @Test
    void ctrlCBeforeTheRollBeginsEndsWhatItWaitsFor() throws Exception {
        yard.fleet("\"hooks\": { \"beforeDeploy\": [ \"sh\", \"-c\", \"touch begun; exec sleep 300\" ] },");
        yard.pack("2");
        Deployment deployment = yard.deployment();
        var thrown = new AtomicReference<Throwable>();
        Fleet fleet = yard.fleet();
        Thread thread = Thread.ofVirtual().start(() -> {
            try {
                deployment.deploy(fleet, Yard.wish("r2"));
            } catch (Exception e) {
                thrown.set(e);
            }
        });
        for (int i = 0; i < 600 && Files.notExists(root.resolve("begun")); i++) Thread.sleep(100);
        deployment.interrupt();
        assertThat(thread.join(Duration.ofSeconds(60))).isTrue();
        assertThat(thrown.get()).isInstanceOf(InterruptedException.class);
        assertThat(yard.picture()).isEqualTo(yard.all("r1"));
        assertThat(yard.site("web2").resolve(".fleet/lock")).doesNotExist();
        yard.fleet("");
        assertThat(yard.deploy(Yard.wish("r2")).verdict()).contains(Verdict.DONE);
    }
}
