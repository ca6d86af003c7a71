package nary.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GlobTest {
    @ParameterizedTest
    @CsvSource({
        "*.js,a.js,true", "*.js,src/deep/a.js,true", "*.js,a.ts,false", "src/*.js,src/a.js,true", "src/*.js,src/deep/a.js,false",
        "src/*.js,a.js,false", "src/**,src/deep/a.js,true", "src/**,other/a.js,false", "**/*.js,a.js,true", "**/*.js,src/a.js,true",
        "server.js,src/server.js,true", "lib/{a;b}.js,lib/c.js,false"
    })
    void whatIsMeant(String glob, String path, boolean isMeant) {
        assertThat(Glob.parse(glob.replace(';', ',')).matches(Path.of(path))).isEqualTo(isMeant);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/etc/*", "../x", "src/{a", "[a"})
    void whatIsNoPatternIsSaid(String glob) {
        assertThatThrownBy(() -> Glob.parse(glob)).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("use e.g. *.js");
    }

    @Test
    void theTextStays() {
        assertThat(Glob.parse("src/**").text()).isEqualTo("src/**");
    }
}
