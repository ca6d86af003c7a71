package nary.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import nary.config.Hooks.Hook;
import nary.config.Hooks.Occasion;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class HooksTest {
    @ParameterizedTest
    @EnumSource
    void isReadAsItIsTyped(Occasion occasion) {
        Hook hook = Hook.parse(occasion.text() + "=curl -d \"$NARY_TEXT\" http://x/");
        assertThat(hook).isEqualTo(new Hook(occasion, "curl -d \"$NARY_TEXT\" http://x/"));
        assertThat(Hook.parse(hook.text())).isEqualTo(hook);
    }

    @Test
    void whatIsWrongIsSaid() {
        assertThatThrownBy(() -> Hook.parse("crash=x")).hasMessage("'crash' is nothing that a hook can be for; use ready, deployed, failed, crashed, stalled, stopped");
        assertThatThrownBy(() -> Hook.parse("crashed=")).hasMessageContaining("has no command");
        assertThatThrownBy(() -> Hook.parse("crashed")).hasMessageContaining("has no command");
    }
}
