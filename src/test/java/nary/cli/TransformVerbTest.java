package nary.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TransformVerbTest {
    @TempDir
    Path folder;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final Map<String, String> environment = new HashMap<>();
    private boolean isTerminal;

    @BeforeEach
    void files() throws IOException {
        write("app.json", "{\"a\": 1, \"secret\": \"#{TOKEN}\"}\n");
        write("app.DEV.json", "{\"a\": 2}");
        write("app.QA.json", "{\"a\": 3}");
        environment.put("TOKEN", "hunter2");
    }

    private void write(String name, String text) throws IOException {
        Files.writeString(folder.resolve(name), text);
    }

    private String read(String name) throws IOException {
        return Files.readString(folder.resolve(name));
    }

    private int run(String... words) throws UsageError, IOException {
        var console = new Console(new PrintStream(out, true, StandardCharsets.UTF_8), new PrintStream(err, true, StandardCharsets.UTF_8), false, isTerminal);
        var parts = new Parts(FakeMain.class, () -> {
            throw new AssertionError("the operating system is not needed");
        }, () -> {
            throw new AssertionError("no engine is needed");
        }, () -> 1);
        var verb = new TransformVerb();
        return verb.run(Arguments.parse(verb.options(), words), new Context(console, new Caller(folder, environment, 1), parts)).number();
    }

    @Test
    void theResultGoesToStdoutAsItIs() throws Exception {
        assertThat(run("app.json", "app.DEV.json")).isZero();
        assertThat(out).hasToString("{\"a\": 2, \"secret\": \"hunter2\"}\n");
        assertThat(err.size()).isZero();
    }

    @Test
    void orToAFile() throws Exception {
        assertThat(run("app.json", "app.DEV.json", "app.QA.json", "-o", "new/out.json")).isZero();
        assertThat(read("new/out.json")).isEqualTo("{\"a\": 3, \"secret\": \"hunter2\"}\n");
        assertThat(run("-o", "app.json", "app.json", "app.DEV.json")).as("in place").isZero();
        assertThat(read("app.json")).contains("\"a\": 2");
        assertThat(out.size()).isZero();
    }

    @Test
    void eachTransformHasItsOutput() throws Exception {
        assertThat(run("app.json", "app.DEV.json", "app.QA.json", "--each", "built", "--set", "TOKEN=t")).isZero();
        assertThat(read("built/app.DEV.json")).isEqualTo("{\"a\": 2, \"secret\": \"t\"}\n");
        assertThat(read("built/app.QA.json")).isEqualTo("{\"a\": 3, \"secret\": \"t\"}\n");
    }

    @Test
    void nothingIsWrittenIfAnythingIsWrong() throws Exception {
        write("built.json", "old");
        write("bad.json", "{\"b\": null}");
        assertThat(run("app.json", "bad.json", "-o", "built.json")).isEqualTo(1);
        assertThat(read("built.json")).isEqualTo("old");
        assertThat(err).hasToString("nary transform: bad.json:1:2: nothing to remove: the source has no /b\n");
        assertThat(run("app.json", "app.DEV.json", "bad.json", "--each", "built")).isEqualTo(1);
        assertThat(folder.resolve("built")).doesNotExist();
        assertThat(folder.toFile().list()).noneMatch(name -> name.endsWith(".new"));
        err.reset();
        assertThat(run("app.json", "bad.json", "--lenient", "-o", "built.json")).isZero();
        assertThat(err).hasToString("nary transform: bad.json:1:2: warning: nothing to remove: the source has no /b\n");
    }

    @Test
    void theDiffHasNoSecretsAndWritesNothing() throws Exception {
        assertThat(run("app.json", "app.DEV.json", "--diff")).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8))
                .isEqualTo("--- app.json\n+++ app.json (changed)\n@@ -1,1 +1,1 @@\n-{\"a\": 1, \"secret\": \"********\"}\n+{\"a\": 2, \"secret\": \"********\"}\n");
        assertThat(read("app.json")).contains("\"a\": 1");
        out.reset();
        assertThat(run("app.json", "app.DEV.json", "--diff", "-o", "out.json")).isZero();
        assertThat(read("out.json")).contains("hunter2");
        assertThat(out.toString(StandardCharsets.UTF_8)).doesNotContain("hunter2");
    }

    @Test
    void coloursAreForTerminalsThatWantThem() throws Exception {
        run("app.json", "app.DEV.json", "--diff");
        assertThat(out.toString(StandardCharsets.UTF_8)).doesNotContain("\033");
        isTerminal = true;
        run("app.json", "app.DEV.json", "--diff");
        assertThat(out.toString(StandardCharsets.UTF_8)).contains("\033[31m-{", "\033[32m+{", "\033[36m@@");
        out.reset();
        environment.put("NO_COLOR", "1");
        run("app.json", "app.DEV.json", "--diff");
        assertThat(out.toString(StandardCharsets.UTF_8)).doesNotContain("\033");
    }

    @Test
    void variablesOfFilesCountMoreThanTheEnvironmentAndLessThanOptions() throws Exception {
        write("vars", "TOKEN=from file\nOTHER=x\n");
        run("app.json", "--vars", "vars");
        assertThat(out.toString(StandardCharsets.UTF_8)).contains("from file");
        run("app.json", "--set", "TOKEN=typed=x", "--vars", "vars");
        assertThat(out.toString(StandardCharsets.UTF_8)).contains("typed=x");
        environment.clear();
        assertThat(run("app.json")).isEqualTo(1);
        assertThat(err).hasToString("nary transform: app.json:1:21: no variable TOKEN: set it by --set TOKEN=VALUE, --vars FILE or the environment\n");
        write("vars", "rubbish\n");
        err.reset();
        assertThat(run("app.json", "--vars", "vars")).isEqualTo(1);
        assertThat(err.toString(StandardCharsets.UTF_8)).startsWith("nary transform: ").contains("vars:1:1: 'rubbish' has no value");
        assertThatThrownBy(() -> run("app.json", "--vars", "none")).isInstanceOf(IOException.class).hasMessageContaining("--vars: there is no file");
    }

    @Test
    void wrongCommandLines() {
        assertThatThrownBy(this::run).isInstanceOf(UsageError.class).hasMessageStartingWith("which file?");
        assertThatThrownBy(() -> run("app.json", "--each", "x")).isInstanceOf(UsageError.class).hasMessageStartingWith("--each needs transforms");
        assertThatThrownBy(() -> run("app.json", "app.DEV.json", "--each", "x", "-o", "y")).isInstanceOf(UsageError.class).hasMessageContaining("leave out -o");
        assertThatThrownBy(() -> run("app.json", "app.DEV.json", "--each", ".")).isInstanceOf(UsageError.class).hasMessageContaining("app.DEV.json would be overwritten by its own result");
        assertThatThrownBy(() -> run("app.json", "app.DEV.json", "-o", "app.DEV.json")).isInstanceOf(UsageError.class).hasMessageContaining("would be overwritten");
        assertThatThrownBy(() -> run("app.json", "app.DEV.json", "x/../app.DEV.json", "--each", "x")).isInstanceOf(UsageError.class).hasMessageContaining("two transforms are named app.DEV.json");
        assertThatThrownBy(() -> run("app.json", "-o", ".")).isInstanceOf(UsageError.class).hasMessageContaining("is a folder");
        assertThatThrownBy(() -> run("app.json", "--set", "x")).isInstanceOf(UsageError.class).hasMessage("--set: 'x' has no name or no value; use --set NAME=VALUE");
        assertThatThrownBy(() -> run("app.json", "--format", "ymal")).isInstanceOf(UsageError.class).hasMessage("--format: 'ymal' is none of xml, json, yaml, properties, env, ini; did you mean yaml?");
        assertThatThrownBy(() -> run("nothing.json")).isInstanceOf(NoSuchFileException.class);
    }
}
