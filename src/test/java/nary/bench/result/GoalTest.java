package nary.bench.result;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class GoalTest {
    private static final Optional<Spread> RATIO = Optional.of(Spread.of(List.of(0.97, 0.99, 1.01)));

    @Test
    void theMedianDecides() {
        assertThat(Goal.atLeast(0.98, "throughput", RATIO).isMet()).isTrue();
        assertThat(Goal.atLeast(1, "throughput", RATIO).isMet()).isFalse();
        assertThat(Goal.atMost(0.99, "p99", RATIO).isMet()).isTrue();
        assertThat(Goal.atMost(0.98, "p99", RATIO).isMet()).isFalse();
    }

    @Test
    void whatWasNotMeasuredIsNotMet() {
        assertThat(Goal.atMost(0, "failed", Optional.empty()).isMet()).isFalse();
        assertThat(Goal.atMost(0, "failed", Optional.empty()).toString()).startsWith("UNKNOWN").contains("not measured");
    }

    @Test
    void aLineHasVerdictRatioBoundAndWhatIsCompared() {
        assertThat(Goal.atLeast(0.98, "nary / bare", RATIO).toString().replaceAll(" +", " ")).isEqualTo("met 0.99 (0.97–1.01) ≥ 0.98 nary / bare");
    }
}
