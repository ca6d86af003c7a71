package nary.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class SizesTest {
    @Test
    void bytesAndUnits() {
        assertThat(List.of("1", "10485760", "512K", "10M", "10MB", "10mib", "1.5G", "0.5k").stream().map(Sizes::parse))
                .containsExactly(1L, 10_485_760L, 524_288L, 10_485_760L, 10_485_760L, 10_485_760L, 1_610_612_736L, 512L);
    }

    @Test
    void whatIsNoSizeIsNamed() {
        for (String text : List.of("", "M", "-1", "10 X", "1e9", "0", "0.1", "9999999999G", "1..2"))
            assertThatThrownBy(() -> Sizes.parse(text)).as(text).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("'" + text + "'");
    }
}
