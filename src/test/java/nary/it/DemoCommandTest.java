package nary.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

@Tag("it")
class DemoCommandTest {
    @RegisterExtension
    final Site site = new Site();

    @Test
    @DisplayName("nary demo deploys ten times without a failed request, in less than a minute, and leaves nothing behind")
    void demoPasses() throws Exception {
        Ran ran = site.nary("demo");
        assertThat(ran.exit()).as("%s", ran).isZero();
        assertThat(ran.out()).contains("deploys done: 10 of 10", "PASSED", "answers of blue", "answers of green", "Nothing is left behind");
        assertThat(ran.took()).isLessThan(Duration.ofSeconds(60));
        site.assertNothingLives();
    }

    @Test
    @DisplayName("nary demo interrupted by Ctrl+C leaves nothing behind")
    void interruptedDemoCleansUp() throws Exception {
        Running demo = site.spawn(site.directory(), "demo");
        Until.holds("it deploys", Duration.ofSeconds(30), () -> demo.saidSoFar().contains("Deploy 2 of"));
        demo.interrupt();
        Ran ran = demo.await(Duration.ofSeconds(30));
        assertThat(ran.exit()).as("%s", ran).isNotZero();
        site.assertNothingLives();
    }
}
