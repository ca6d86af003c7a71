package nary.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CadenceTest {
    private final Cadence cadence = new Cadence(5_000, 1000, 4);

    @Test
    void sendersTakeTurns() {
        assertThat(cadence.due(0, 0)).isEqualTo(5_000);
        assertThat(cadence.due(1, 0)).isEqualTo(1_005_000);
        assertThat(cadence.due(3, 0)).isEqualTo(3_005_000);
        assertThat(cadence.due(0, 1)).isEqualTo(4_005_000);
    }

    @Test
    void theRateIsKeptOverAnHour() {
        assertThat(cadence.due(0, 3600L * 1000 / 4) - cadence.begin()).isEqualTo(3_600_000_000_000L);
    }
}
