package nary.fleet.roll;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import nary.control.Refusal;
import nary.fleet.plan.Member;
import nary.fleet.plan.State;
import nary.fleet.plan.Verdict;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The engine on real files and processes; only ssh and the balancer are stand-ins. */
class DeploymentTest {
    @TempDir
    private Path root;

    private Yard yard;

    @BeforeEach
    void build() throws Exception {
        yard = new Yard(root, 3);
        yard.pack("1");
        assertThat(yard.deploy(Yard.wish("r1")).verdict()).contains(Verdict.DONE);
        assertThat(yard.picture()).isEqualTo(yard.all("r1"));
        yard.told.clear();
    }

    @Test
    void aReleaseIsOnEveryServerWithItsSharedPathsAndRecordedAsGood() throws Exception {
        yard.pack("2");
        assertThat(yard.deploy(Yard.wish("r2")).verdict()).contains(Verdict.DONE);
        assertThat(yard.picture()).isEqualTo(yard.all("r2"));
        Path site = yard.site("web2");
        assertThat(site.resolve("current/version")).hasContent("2");
        assertThat(site.resolve("current/data/first")).as("what all releases share is not replaced").hasContent("brought by 1");
        assertThat(site.resolve("releases/r1/version")).hasContent("1");
        assertThat(Files.readString(site.resolve(".fleet/releases"))).contains("r1\tgood", "r2\tgood");
        assertThat(site.resolve(".fleet/lock")).doesNotExist();
    }

    @Test
    void whatIsThereAlreadyIsLeftAlone() throws Exception {
        State state = yard.deploy(Yard.wish("r1"));
        assertThat(state.verdict()).contains(Verdict.DONE);
        assertThat(yard.told).containsExactlyInAnyOrder("web1 has r1 already", "web2 has r1 already", "web3 has r1 already");
    }

    @Test
    void aReleaseThatFailsOnTheSecondServerIsUndoneOnAll() throws Exception {
        yard.pack("2", "web2");
        State state = yard.deploy(Yard.wish("r2"));
        assertThat(state.verdict()).contains(Verdict.FAILED);
        assertThat(state.reason()).startsWith("web2: health: web2: 'cat ../../run/serving' exited with 1");
        assertThat(yard.picture()).isEqualTo(yard.all("r1"));
        assertThat(yard.site("web3").resolve("releases/r2")).doesNotExist();
        assertThat(Files.readString(yard.site("web1").resolve(".fleet/releases"))).contains("r2\tgood", "r2\tundone");
    }

    @Test
    void oneFailureMayBeAllowedAndFinishedServersMayKeepTheRelease() throws Exception {
        yard.pack("2", "web2");
        assertThat(yard.deploy(Yard.wish("r2", 1, 1, false)).verdict()).contains(Verdict.DONE_IN_PART);
        assertThat(yard.picture()).containsExactly("web1: r2, serves r2, in", "web2: r1, serves r1, in", "web3: r2, serves r2, in");
        yard.pack("3", "web3");
        assertThat(yard.deploy(Yard.wish("r3", 1, 0, true)).verdict()).contains(Verdict.FAILED);
        assertThat(yard.picture()).containsExactly("web1: r3, serves r3, in", "web2: r3, serves r3, in", "web3: r2, serves r2, in");
    }

    @Test
    void anUnhealthyServerGoesFirst() throws Exception {
        Files.delete(yard.site("web3").resolve("run/serving"));
        yard.pack("2");
        assertThat(yard.deploy(Yard.wish("r2")).verdict()).contains(Verdict.DONE);
        assertThat(yard.told.getFirst()).isEqualTo("web3 has r2");
    }

    @Test
    void theSameIdWithAnotherContentIsRefusedByTheServer() throws Exception {
        yard.pack("2");
        yard.deploy(Yard.wish("r2"));
        yard.pack("3");
        yard.deploy(Yard.wish("r3"));
        yard.pack("2 again, and different");
        State state = yard.deploy(Yard.wish("r2"));
        assertThat(state.verdict()).contains(Verdict.FAILED);
        assertThat(state.reason()).contains("release r2 is there already, with another content; choose another --release");
        assertThat(yard.picture()).isEqualTo(yard.all("r3"));
    }

    @Test
    void aServerThatWasOutBeforeStaysOut() throws Exception {
        Files.writeString(yard.root.resolve("balancer/web2"), "");
        yard.pack("2");
        State state = yard.deploy(Yard.wish("r2"));
        assertThat(state.verdict()).contains(Verdict.DONE);
        assertThat(yard.picture()).containsExactly("web1: r2, serves r2, in", "web2: r2, serves r2, out", "web3: r2, serves r2, in");
        assertThat(state.members().values().stream().filter(Member::wasOutBefore).map(Member::server)).containsExactly("web2");
    }

    @Test
    void aProcessThatRemainsIsNamed() throws Exception {
        yard.fleet("\"strategy\": { \"stopTimeout\": 0.3 },");
        Process left = new ProcessBuilder("sleep", "60").directory(yard.site("web1").resolve("current").toRealPath().toFile()).start();
        try {
            yard.pack("2");
            State state = yard.deploy(Yard.wish("r2"));
            assertThat(state.verdict()).contains(Verdict.FAILED);
            assertThat(state.reason()).isEqualTo("web1: stop: web1: of the site remains process " + left.pid() + ": sleep 60");
        } finally {
            left.destroyForcibly().waitFor();
        }
        assertThat(yard.heal()).isPresent();
        assertThat(yard.picture()).isEqualTo(yard.all("r1"));
    }

    @Test
    void aDeployerThatIsKilledAtAnyStepIsFinishedOrUndone() throws Exception {
        Random random = new Random(Long.getLong("nary.sim.seed", 1));
        for (int i = 2; i < 8; i++) {
            boolean isHealed = random.nextBoolean();
            String before = yard.current("web1");
            yard.pack("" + i);
            yard.stepsToLive = 1 + random.nextInt(30);
            String what = "killed at step " + yard.stepsToLive + ", then " + (isHealed ? "healed" : "resumed");
            boolean isKilled = false;
            try {
                yard.deploy(Yard.wish("r" + i));
            } catch (Yard.Killed e) {
                isKilled = true;
            }
            yard.stepsToLive = 0;
            if (isKilled) {
                assertThatThrownBy(() -> yard.deploy(Yard.wish("other"))).isInstanceOf(Refusal.class).hasMessageContaining("is not finished: nary fleet resume QA finishes it");
                if (isHealed) assertThat(yard.heal().orElseThrow().verdict()).as(what).contains(Verdict.HEALED);
                else assertThat(yard.resume().verdict()).as(what).contains(Verdict.DONE);
            }
            assertThat(yard.picture()).as(what).isEqualTo(yard.all(isKilled && isHealed ? before : "r" + i));
        }
    }

    @Test
    void aLockSaysWhoHoldsItAndOneOfADeadProcessOfThisMachineBreaks() throws Exception {
        Path lock = Files.createDirectories(yard.site("web2").resolve(".fleet/lock"));
        Files.writeString(lock.resolve("token"), "run-of-another\n");
        Files.writeString(lock.resolve("holder"), "{\"by\":\"eve@elsewhere\",\"machine\":\"another\",\"pid\":7,\"began\":\"\",\"run\":\"x\",\"since\":\"2026-01-01T00:00:00Z\"}\n");
        yard.pack("2");
        assertThatThrownBy(() -> yard.deploy(Yard.wish("r2"))).isInstanceOf(Refusal.class).hasMessage("web2 is locked: by eve@elsewhere (pid 7) since 2026-01-01T00:00:00Z");
        assertThat(yard.picture()).isEqualTo(yard.all("r1"));
        assertThat(yard.site("web1").resolve(".fleet/lock")).doesNotExist();
        Operator us = Operator.current();
        Files.writeString(lock.resolve("holder"), "{\"by\":\"us\",\"machine\":\"" + us.machine() + "\",\"pid\":1,\"began\":\"long ago\",\"run\":\"x\",\"since\":\"2026-01-01T00:00:00Z\"}\n");
        assertThat(yard.deploy(Yard.wish("r2")).verdict()).contains(Verdict.DONE);
    }

    @Test
    void configurationIsTransformedForTheEnvironment() throws Exception {
        yard.pack("2");
        Files.writeString(root.resolve("package/app.json"), "{\n  \"log\": \"info\",\n  \"url\": \"#{URL}\"\n}\n");
        Files.writeString(root.resolve("package/app.qa.json"), "{ \"log\": \"debug\" }");
        Files.writeString(root.resolve("package/app.Live.json"), "{ \"log\": \"error\" }");
        yard.transformer = new Transforms(java.util.Map.of("URL", "http://qa"));
        assertThat(yard.deploy(Yard.wish("r2")).verdict()).contains(Verdict.DONE);
        assertThat(yard.site("web1").resolve("current/app.json")).hasContent("{\n  \"log\": \"debug\",\n  \"url\": \"http://qa\"\n}");
        assertThat(yard.site("web1").resolve("current/app.qa.json")).doesNotExist();
        assertThat(yard.site("web1").resolve("current/app.Live.json")).exists();
    }

    @Test
    void aRollbackGoesToTheLastReleaseThatWasGoodEverywhere() throws Exception {
        for (String each : List.of("2", "3")) {
            yard.pack(each);
            yard.deploy(Yard.wish("r" + each));
        }
        yard.pack("4", "web2");
        yard.deploy(Yard.wish("r4"));
        Shelf shelf = Shelf.of(yard.fleet().targets("QA"), yard);
        assertThat(shelf.lastGood()).contains("r2");
        assertThatThrownBy(() -> shelf.mustBeGood("r4")).isInstanceOf(Refusal.class).hasMessageContaining("r4 is not recorded as good on").hasMessageContaining("good everywhere: r1, r2, r3");
        Trees.delete(yard.root.resolve("package"));
        var back = new Wish("QA", java.util.Optional.empty(), shelf.lastGood(), java.util.Optional.empty(), java.util.Optional.empty(), java.util.Optional.empty(), false, false, true);
        assertThat(yard.deploy(back).verdict()).contains(Verdict.DONE);
        assertThat(yard.picture()).isEqualTo(yard.all("r2"));
    }
}
