package nary.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Set;
import nary.demo.load.Load;
import nary.demo.load.Plan;
import nary.demo.load.Recording;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A bad new version never replaces a good old one. */
@Tag("it")
class BadVersionTest {
    @RegisterExtension
    final Site site = new Site();

    @Test
    @DisplayName("a version that crashes at once is refused with its last words, and the old one serves")
    void crashesAtOnce() throws Exception {
        Ran ran = failingDeploy("MISBEHAVE=crash");
        assertThat(ran.said()).contains("I am a version that crashes at once").containsPattern("exit(ed with|s with|ed)? *7|status 7|code 7| 7");
    }

    @Test
    @DisplayName("a version that hangs before it listens is given up at the boot timeout")
    void hangsBeforeListen() throws Exception {
        Ran ran = failingDeploy("MISBEHAVE=hang");
        assertThat(ran.said()).contains("not ready after");
        assertThat(ran.took()).isBetween(Duration.ofSeconds(2), Duration.ofSeconds(20));
    }

    @Test
    @DisplayName("a version that dies within the settle time gives the traffic back to the old one")
    void diesWhileSettling() throws Exception {
        Ran ran = failingDeploy("MISBEHAVE=die:400");
        assertThat(ran.said()).contains("I die after listening");
    }

    @Test
    @DisplayName("a version that binds another port is never ready, and the reason names the port that is missed")
    void bindsAnotherPort() throws Exception {
        Ran ran = failingDeploy("MISBEHAVE=port:" + Site.freePort());
        assertThat(ran.said()).contains("not ready after").contains("" + site.port());
    }

    @Test
    @DisplayName("a version that binds an overlapping address is refused at its bind")
    void bindsAnOverlappingAddress() throws Exception {
        Ran ran = failingDeploy("MISBEHAVE=overlap");
        assertThat(ran.said()).contains("0.0.0.0:" + site.port());
    }

    @Test
    @DisplayName("an inspector's port alone does not make a version ready")
    void inspectorIsNotTheApp() throws Exception {
        Ran ran = failingDeploy("MISBEHAVE=hang", "NODE_OPTIONS=--inspect=127.0.0.1:" + Site.freePort());
        assertThat(ran.said()).contains("not ready after");
    }

    @Test
    @DisplayName("an app that runs with node --inspect is deployed like any other")
    void inspectedAppsAreDeployed() throws Exception {
        site.start(Server.NODE, 2, "--env", "NODE_OPTIONS=--inspect=127.0.0.1:" + Site.freePort());
        Deploys deploys = new Deploys(site);
        try (Load load = Load.start(Plan.of(site.port()).withClients(4, 0))) {
            for (int i = 0; i < 3; i++) deploys.next();
            Recording seen = load.stop();
            assertThat(seen.failures()).isEmpty();
            deploys.assertOnlyServingVersionsAnswered(seen);
        }
        deploys.assertHappened();
    }

    @Test
    @DisplayName("a version that ignores SIGTERM is killed at the stop timeout when it is replaced")
    void ignoresTheStopSignal() throws Exception {
        site.start(Server.NODE, 1, "--stop-timeout", "1", "--env", "MISBEHAVE=ignore-term");
        Ran ran = site.deploy("--env", "VERSION=v001");
        assertThat(ran.exit()).as("%s", ran).isZero();
        assertThat(site.get("/")).contains("version=v001 ");
        site.assertNothingElseLives();
    }

    @Test
    @DisplayName("an app that crashes at its first start leaves nothing running and shows its last words")
    void crashesAtStart() throws Exception {
        Ran ran = site.tryStart(Server.NODE, 2, "--env", "MISBEHAVE=crash");
        assertThat(ran.exit()).as("%s", ran).isEqualTo(1);
        assertThat(ran.said()).contains("I am a version that crashes at once");
        site.assertNothingLives();
        assertThat(site.nary("status").exit()).isEqualTo(4);
    }

    /** Under load: the deploy fails with 1, the same old processes serve, nobody noticed, and a good version can follow. */
    private Ran failingDeploy(String... environment) throws Exception {
        site.start(Server.NODE, 2, "--boot-timeout", "2", "--settle", "1");
        Set<Long> before = site.status().pids();
        Ran ran;
        Recording seen;
        try (Load load = Load.start(Plan.of(site.port()).withClients(4, 0))) {
            ran = site.deploy(words(environment));
            seen = load.stop();
        }
        assertThat(ran.exit()).as("%s", ran).isEqualTo(1);
        assertThat(site.status().pids()).as("the old processes").isEqualTo(before);
        site.assertNothingElseLives();
        assertThat(site.get("/")).contains("version=v000 ");
        if (!environment[0].contains("die")) {
            assertThat(seen.failures()).isEmpty();
            assertThat(seen.byVersion()).containsOnlyKeys("v000");
        }
        Ran good = site.deploy("--env", "VERSION=v002");
        assertThat(good.exit()).as("the failed version's variables do not stay: %s", good).isZero();
        assertThat(site.get("/")).contains("version=v002 ");
        return ran;
    }

    private static String[] words(String... environment) {
        String[] words = new String[2 + 2 * environment.length];
        words[0] = "--env";
        words[1] = "VERSION=v001";
        for (int i = 0; i < environment.length; i++) {
            words[2 + 2 * i] = "--env";
            words[3 + 2 * i] = environment[i];
        }
        return words;
    }
}
