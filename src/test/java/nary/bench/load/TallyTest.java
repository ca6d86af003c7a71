package nary.bench.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import nary.demo.load.Outcome;
import org.junit.jupiter.api.Test;

class TallyTest {
    private final Tally tally = new Tally();

    @Test
    void aKeptConnectionThatEndedUnderARequestIsAFailureHere() {
        tally.add(Outcome.OK, 1_000_000);
        tally.add(Outcome.CLOSED_WHILE_IDLE, 1_000_000);
        tally.add(Outcome.RESET, 1_000_000);
        assertThat(tally.ok()).isEqualTo(1);
        assertThat(tally.failed()).isEqualTo(2);
        assertThat(tally.failures()).isEqualTo("1 connection reset, 1 closed while idle, asked again");
    }

    @Test
    void theGeneratorsOwnTroubleIsNotTheServers() {
        tally.add(Outcome.LOCAL, 0);
        assertThat(tally.failed()).isZero();
    }

    @Test
    void percentilesAreMilliseconds() {
        for (int i = 1; i <= 1000; i++) tally.add(Outcome.OK, i * 1_000_000L);
        assertThat(tally.percentile(50)).isCloseTo(500, within(1.0));
        assertThat(tally.percentile(99.9)).isCloseTo(999, within(1.0));
        assertThat(tally.slowest()).isCloseTo(1000, within(1.0));
        assertThat(tally.slowerThan(900)).isBetween(99L, 101L);
    }
}
