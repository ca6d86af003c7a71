package nary.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import nary.config.Strategy;
import nary.demo.load.Load;
import nary.demo.load.Outcome;
import nary.demo.load.Plan;
import nary.demo.load.Recording;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** New connections that have to wait outside: at a stop, and where a server cannot take a queue over. By root's means, and by an ordinary user's. */
@Tag("it")
class StopTest {
    private static final Duration LIMIT = Duration.ofSeconds(20);

    @RegisterExtension
    final Site site = new Site();

    private void as(String user) throws Exception {
        if (user.equals("ordinary") && !Distribution.isOrdinary()) site.asNobody(List.of());
    }

    @ParameterizedTest(name = "a stop under load by {0} user: each request is answered or refused, none is reset")
    @ValueSource(strings = {"the test's", "ordinary"})
    void stopUnderLoad(String user) throws Exception {
        as(user);
        site.start(Server.NODE, 2);
        Recording seen;
        try (Load load = Load.start(Plan.of(site.port()).withClients(16, 0).withPause(Duration.ofMillis(2)).withTimeout(LIMIT))) {
            Until.holds("the load runs", LIMIT, () -> load.asked() > 200);
            Ran stop = site.nary("stop");
            assertThat(stop.exit()).as("%s", stop).isZero();
            assertThat(stop.said()).doesNotContain("EPERM", "failed");
            seen = load.stop();
        }
        assertThat(seen.ok()).isGreaterThan(200);
        assertThat(seen.failures()).allSatisfy(it -> assertThat(it.outcome()).isEqualTo(Outcome.REFUSED));
        site.assertNothingLives();
    }

    @ParameterizedTest(name = "replace of a server that cannot take a queue over, by {0} user: nothing is lost")
    @ValueSource(strings = {"the test's", "ordinary"})
    void replaceWithoutInheritance(String user) throws Exception {
        as(user);
        site.start(Server.NETTY, 1, "--strategy", Strategy.REPLACE.text());
        Deploys deploys = new Deploys(site);
        try (Load load = Load.start(Plan.of(site.port()).withClients(16, 0).withPause(Duration.ofMillis(5)).withTimeout(LIMIT))) {
            for (int i = 0; i < 3; i++) {
                deploys.next();
                long asked = load.asked();
                Until.holds("the new version answers those that waited", LIMIT, () -> load.asked() > asked + 100);
            }
            Recording seen = load.stop();
            assertThat(seen.failures()).isEmpty();
            deploys.assertOnlyServingVersionsAnswered(seen);
        }
        deploys.assertHappened();
    }
}
