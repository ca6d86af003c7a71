package nary.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class OptionsTest {
    @Test
    void quickIsShorterAndBothLengthsMayBeNamed() {
        assertThat(Options.of().seconds()).isGreaterThan(Options.of("--quick").seconds());
        assertThat(Options.of("--quick", "--seconds", "7").seconds()).isEqualTo(7);
        assertThat(Options.of("--rounds", "15").rounds()).isEqualTo(15);
        assertThat(Options.of("--rounds", "15").seconds()).isEqualTo(Options.of().seconds());
    }

    @Test
    void onlyOneOrAll() {
        assertThat(Options.of("--only", "logs").wants("logs")).isTrue();
        assertThat(Options.of("--only", "logs").wants("scale")).isFalse();
        assertThat(Options.NAMES).allMatch(Options.of()::wants);
    }

    @Test
    void whatIsNotUnderstoodIsSaid() {
        assertThatThrownBy(() -> Options.of("--fast")).hasMessageContaining("not understood: --fast");
        assertThatThrownBy(() -> Options.of("--only", "logz")).hasMessageContaining("no benchmark is named logz");
        assertThatThrownBy(() -> Options.of("--seconds", "0")).hasMessageContaining("--seconds wants a whole number");
        assertThatThrownBy(() -> Options.of("--rounds", "-1")).hasMessageContaining("--rounds wants a whole number");
        assertThatThrownBy(() -> Options.of("--only")).hasMessageContaining("--only wants a value");
    }
}
