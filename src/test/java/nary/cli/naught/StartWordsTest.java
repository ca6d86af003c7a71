package nary.cli.naught;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import nary.cli.Caller;
import nary.cli.UsageError;
import nary.config.Launch;
import nary.config.Personality;
import nary.config.Readiness;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** naught's command lines, as naught reads them. */
class StartWordsTest {
    @TempDir Path directory;

    private StartWords words(String... line) throws UsageError {
        return StartWords.parse(List.of(line), new Caller(directory, Map.of("A", "1"), 1));
    }

    private Launch launch(String... line) throws Exception {
        return words(line).launch();
    }

    private String at(String name) {
        return directory.resolve(name).toString();
    }

    @Test
    void everyDefaultIsNaughts() throws Exception {
        Launch launch = launch("server.js");
        assertThat(launch.release().command()).containsExactly("node", at("server.js"));
        assertThat(launch.release().directory()).isEqualTo(directory.toString());
        assertThat(launch.release().environment()).containsEntry("A", "1");
        assertThat(launch.files()).isEqualTo(new Launch.Files(at("naught.ipc"), at("naught.pid"), at("naught.log"), at("stdout.log"), at("stderr.log")));
        assertThat(launch.settings().workerCount()).isEqualTo(1);
        assertThat(launch.settings().readiness()).isEqualTo(new Readiness.Online());
        assertThat(launch.settings().bootTimeout()).isEmpty();
        assertThat(launch.settings().stopTimeout()).isEmpty();
        assertThat(launch.settings().settle()).isZero();
        assertThat(launch.settings().drainTimeout()).isEqualTo(Duration.ofSeconds(30));
        assertThat(launch.settings().policy().personality()).isEqualTo(Personality.NAUGHT);
        assertThat(launch.typed()).contains("--max-log-size=10485760");
        assertThat(words("server.js").isDaemon()).isTrue();
        assertThat(words("server.js").removesOldIpc()).isFalse();
    }

    @Test
    void whatFollowsTheScriptIsItsOwn() throws Exception {
        Launch launch = launch("--node-args", " --a  --b ", "--worker-count=5", "server.js", "--worker-count", "9", "--");
        assertThat(launch.release().command()).containsExactly("node", "--a", "--b", at("server.js"), "--worker-count", "9", "--");
        assertThat(launch.settings().workerCount()).isEqualTo(5);
    }

    @Test
    void filesAreTheCallersButThePidFileIsTheDaemons() throws Exception {
        Files.createDirectory(directory.resolve("app"));
        Launch launch = launch("--cwd", "app", "--log", "l/n.log", "--stdout", "/dev/null", "--stderr", "-", "server.js");
        assertThat(launch.files()).isEqualTo(new Launch.Files(at("naught.ipc"), at("app/naught.pid"), at("l/n.log"), "/dev/null", "/dev/null"));
        assertThat(launch("--daemon-mode", "false", "--stdout", "-", "server.js").files().stdout()).isEqualTo(at("-"));
    }

    @Test
    void onlyTheWordTrueIsTrue() throws Exception {
        assertThat(words("--daemon-mode", "yes", "a.js").isDaemon()).isFalse();
        assertThat(words("--remove-old-ipc", "true", "a.js").removesOldIpc()).isTrue();
        assertThat(words("--remove-old-ipc", "1", "a.js").removesOldIpc()).isFalse();
    }

    @Test
    void numbersAreReadAsJavaScriptReadsThem() throws Exception {
        assertThat(Words.parse(List.of("--timeout", "0.3x"), "--timeout").timeout()).contains(Duration.ofMillis(300));
        assertThat(Words.parse(List.of("--timeout", ".5"), "--timeout").timeout()).contains(Duration.ofMillis(500));
        assertThat(Words.parse(List.of("--timeout", "-1"), "--timeout").timeout()).contains(Duration.ZERO);
        assertThat(Words.parse(List.of("--timeout", "1e999999"), "--timeout").timeout()).contains(Duration.ofSeconds(1));
        for (String none : List.of("none", "", "x3")) assertThat(Words.parse(List.of("--timeout", none), "--timeout").timeout()).isEmpty();
        assertThat(launch("--worker-count", "2nd", "a.js").settings().workerCount()).isEqualTo(2);
    }

    @Test
    void whatCannotBeIsAUsageError() {
        for (List<String> wrong : List.of(
                List.<String>of(), List.of("--color", "red", "a.js"), List.of("--log"), List.of("--worker-count", "0", "a.js"),
                List.of("--worker-count", "many", "a.js"), List.of("--max-log-size", "big", "a.js"), List.of("--stop-timeout", "soon", "a.js"))) {
            assertThatThrownBy(() -> launch(wrong.toArray(String[]::new))).as("%s", wrong).isInstanceOf(UsageError.class);
        }
    }
}
