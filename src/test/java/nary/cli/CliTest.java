package nary.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import nary.control.FakeEngine;
import nary.supervisor.Outcome;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CliTest {
    @TempDir
    Path folder;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private int run(String... words) throws InterruptedException {
        var console = new Console(new PrintStream(out, true, StandardCharsets.UTF_8), new PrintStream(err, true, StandardCharsets.UTF_8), false);
        var parts = new Parts(
                FakeMain.class,
                () -> {
                    throw new AssertionError("no process is wanted here");
                },
                () -> FakeEngine::start,
                () -> 1);
        return new Cli(console, parts).run(words);
    }

    @Test
    void eachOutcomeHasItsExitCode() {
        assertThat(ExitCode.of(new Outcome.Done("")).number()).isZero();
        assertThat(ExitCode.of(new Outcome.Failed("", Optional.empty())).number()).isEqualTo(1);
        assertThat(ExitCode.of(new Outcome.Refused("")).number()).isEqualTo(3);
        assertThat(ExitCode.of(new Outcome.TimedOut("")).number()).isEqualTo(5);
        assertThat(ExitCode.of(new Outcome.Aborted("")).number()).isEqualTo(130);
        assertThat(ExitCode.USAGE.number()).isEqualTo(2);
        assertThat(ExitCode.NO_DAEMON.number()).isEqualTo(4);
    }

    @Test
    void aWrongCommandLineIsOneLineAndExitCode2() throws Exception {
        assertThat(run("strt")).isEqualTo(2);
        assertThat(err).hasToString("nary: there is no command 'strt'; did you mean start? (nary help shows all commands)\n");
        err.reset();
        assertThat(run("status", "--jsn")).isEqualTo(2);
        assertThat(err).hasToString("nary status: there is no option --jsn; did you mean --json? (nary help status)\n");
    }

    @Test
    void withoutADaemonTheExitCodeIs4() throws Exception {
        for (String verb : new String[] {"status", "deploy", "deploy-abort", "stop"}) assertThat(run(verb, folder + "/nary.ipc")).isEqualTo(4);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("nary stop: no daemon runs here: there is no " + folder + "/nary.ipc\n");
        Files.writeString(folder.resolve("nary.ipc"), "garbage");
        assertThat(run("status", folder + "/nary.ipc")).isEqualTo(4);
        assertThat(Files.readString(folder.resolve("nary.ipc"))).isEqualTo("garbage");
    }

    @Test
    void helpAndVersionGoToStdout() throws Exception {
        assertThat(run("help")).isZero();
        assertThat(run("help", "deploy")).isZero();
        assertThat(run("deploy", "--help")).isZero();
        assertThat(run("--version")).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8)).contains("deploy-abort", "--override-env", "nary 0.1.0").doesNotContain("daemon ", "train");
        assertThat(err.size()).isZero();
    }

    @Test
    void theDemoFailsAsItsRunFails() throws Exception {
        assertThat(run("demo")).isEqualTo(1);
    }
}
