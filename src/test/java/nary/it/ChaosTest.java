package nary.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import nary.chaos.Chaos;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A minute of {@code bench/chaos}. */
@Tag("it")
class ChaosTest {
    private static final int SECONDS = 40;

    @TempDir
    Path directory;

    @Test
    @DisplayName("a minute of commands and faults at random, under load: the books of requests, processes, descriptors, exit codes and events balance")
    void theBooksBalance() throws Exception {
        Distribution distribution = Distribution.get();
        Path ground = Files.createDirectory(directory.toRealPath().resolve("ground"));
        Distribution.hand(directory);
        Distribution.hand(ground);
        Chaos chaos = new Chaos(distribution.launcher(), distribution.built("chaosserver"), distribution.prefix(), ground, Distribution.seed(), System.out);
        assertThat(chaos.run(SECONDS)).as("the books balance, bench/chaos --seed %d; see the output", Distribution.seed()).isTrue();
    }
}
