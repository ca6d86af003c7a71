package nary.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {
    @Test
    void wholeNumbersAreLongsOthersDoubles() throws Exception {
        assertThat(Json.read("[0, 12, -7, 3e2, 12.000, 0.176, -2.5, 9007199254740992]"))
                .isEqualTo(List.of(0L, 12L, -7L, 300L, 12L, 0.176, -2.5, 1L << 53));
        assertThat(Json.read("[9007199254740994]")).isEqualTo(List.of(9007199254740994.0));
    }

    @ParameterizedTest
    @ValueSource(strings = {"1x", "1.", "-", "01", "1e", "- 1", "1.5.5", "+1", ".5", "NaN", "1e999", "-1e999", "[1 2]"})
    void whatIsNoNumberIsRefused(String text) {
        assertThatThrownBy(() -> Json.read(text)).isInstanceOf(WireException.class);
    }

    @Test
    void numbersComeBack() throws Exception {
        Random random = new Random(1);
        for (int i = 0; i < 100_000; i++) {
            long whole = random.nextLong() >> 11 + random.nextInt(52);
            Duration time = Duration.ofMillis(random.nextLong() >>> 20 + random.nextInt(44));
            Fields back = Fields.parse(Json.write(Fields.map("whole", whole, "time", Fields.seconds(time))));
            assertThat(back.number("whole")).isEqualTo(whole);
            assertThat(back.seconds("time")).isEqualTo(time);
        }
    }

    @Test
    void aFieldIsTakenOnlyIfItFits() throws Exception {
        Fields fields = new Fields(Map.of("half", 0.5, "large", 1L << 40, "endless", 1e300, "text", "5"));
        assertThatThrownBy(() -> fields.number("half")).hasMessage("field 'half': a whole number is wanted");
        assertThatThrownBy(() -> fields.integer("large")).hasMessage("field 'large': a whole number is wanted");
        assertThatThrownBy(() -> fields.seconds("endless")).hasMessage("field 'endless': a number of seconds is wanted");
        assertThatThrownBy(() -> fields.number("text")).hasMessage("field 'text': a whole number is wanted");
        assertThatThrownBy(() -> fields.integer("none")).hasMessage("field 'none': a whole number is wanted");
    }

    @Test
    void secondsHaveThreeDigitsOfFraction() {
        for (long millis : new long[] {0, 5, 176, 12_000, 61_050, -5, -1_500}) assertThat(new Seconds(millis)).hasToString(BigDecimal.valueOf(millis, 3).toPlainString());
        assertThat(Json.write(List.of(new Seconds(176)))).isEqualTo("[0.176]");
    }
}
