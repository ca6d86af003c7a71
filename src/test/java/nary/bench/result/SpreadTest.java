package nary.bench.result;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class SpreadTest {
    @Test
    void theMedianIsTheMiddleOfAnyOrder() {
        assertThat(Spread.of(List.of(3.0, 1.0, 2.0))).isEqualTo(new Spread(2, 1, 3, 3));
        assertThat(Spread.of(List.of(4.0, 1.0, 2.0, 3.0)).median()).isEqualTo(2.5);
    }

    @Test
    void aSingleValueStandsAlone() {
        assertThat(Spread.of(List.of(1234.4))).hasToString("1,234");
        assertThat(Spread.of(List.of(0.5, 2.0))).hasToString("1.25 (0.50–2)");
    }

    @Test
    void numbersHaveThreeDigitsThatCount() {
        assertThat(List.of(0.0, 0.0123, 0.98, 12.34, 123456.0).stream().map(Spread::number))
                .containsExactly("0", "0.0123", "0.98", "12.3", "123,456");
    }

    @Test
    void nothingHasNoMedian() {
        assertThatThrownBy(() -> Spread.of(List.of())).isInstanceOf(IllegalArgumentException.class);
    }
}
