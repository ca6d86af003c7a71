package nary.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import nary.demo.load.Load;
import nary.demo.load.Plan;
import nary.demo.load.Recording;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Servers that bind in unusual ways are deployed like any other. */
@Tag("it")
class AddressesTest {
    @RegisterExtension
    final Site site = new Site();

    @ParameterizedTest(name = "{0}: three deploys under load drop nothing")
    @ValueSource(strings = {"prefork", "probe", "again", "dual", "pair", "shared"})
    void deploysDropNothing(String mode) throws Exception {
        String app = Distribution.get().source("python/binds.py").toString();
        Ran start = site.nary(
                "start", "--worker-count", "2", "--env", "VERSION=v000", "--", "/usr/bin/python3", app, mode, "" + site.port());
        assertThat(start.exit()).as("%s", start).isZero();
        Deploys deploys = new Deploys(site);
        try (Load load = Load.start(Plan.of(site.port()).withClients(16, 0).withPause(Duration.ofMillis(5)))) {
            for (int i = 0; i < 3; i++) deploys.next();
            Recording seen = load.stop();
            assertThat(seen.failures()).isEmpty();
            deploys.assertOnlyServingVersionsAnswered(seen);
        }
        assertThat(site.status().generation()).isEqualTo(4);
        assertThat(site.nary("stop").exit()).isZero();
        site.assertNothingLives();
    }
}
