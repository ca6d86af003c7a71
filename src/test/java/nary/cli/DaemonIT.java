package nary.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The commands as real processes, around an engine that runs nothing. */
@Tag("it")
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class DaemonIT {
    @TempDir
    Path folder;

    private record Ended(int code, String text) {}

    private Process spawn(String... words) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path", "") + File.pathSeparator + System.getProperty("surefire.test.class.path", ""),
                "nary.cli.FakeMain"));
        command.addAll(List.of(words));
        ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
        builder.environment().putAll(Map.of("XDG_RUNTIME_DIR", folder.toString(), "PWD", folder.toString()));
        return builder.start();
    }

    private Ended run(String... words) throws IOException, InterruptedException {
        return end(spawn(words));
    }

    private static Ended end(Process process) throws IOException, InterruptedException {
        process.onExit().orTimeout(20, TimeUnit.SECONDS).exceptionally(_ -> process.destroyForcibly());
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Ended(process.waitFor(), text);
    }

    private void signal(long pid, String name) throws IOException, InterruptedException {
        assertThat(new ProcessBuilder("kill", "-" + name, "" + pid).start().waitFor()).isZero();
    }

    private long daemonPid() throws IOException {
        return Long.parseLong(Files.readString(folder.resolve("nary.pid")).strip());
    }

    private void assertNothingLeft() {
        for (String name : List.of("nary.ipc", "nary.pid", "nary.ipc.lock")) assertThat(folder.resolve(name)).doesNotExist();
        assertThat(folder.resolve("nary")).isEmptyDirectory();
    }

    @AfterEach
    void end() throws IOException, InterruptedException {
        if (Files.exists(folder.resolve("nary.pid"))) ProcessHandle.of(daemonPid()).ifPresent(ProcessHandle::destroyForcibly);
    }

    @Test
    void startStatusListStop() throws Exception {
        assertThat(run("start", "--", "app")).isEqualTo(new Ended(0, "worker 1.0 boots\n1 worker serves\n"));
        assertThat(run("start", "--", "app")).isEqualTo(new Ended(3, "nary start: already running: pid " + daemonPid() + " at " + folder + "/nary.ipc\n"));
        assertThat(run("status").text()).contains("node server.js", "serving", "next try in 8 s");
        assertThat(run("ls").text()).contains("/srv/current");
        assertThat(run("stop")).isEqualTo(new Ended(0, "stopped\n"));
        assertNothingLeft();
        assertThat(run("ls").text()).isEqualTo("nothing runs\n");
    }

    @Test
    void aFailedBootLeavesNothing() throws Exception {
        Ended ended = run("start", "--", "false");
        assertThat(ended.code()).isEqualTo(1);
        assertThat(ended.text()).endsWith("  | Error: no module\n  |     at 1.0\nthe app did not boot: exit code 1\n");
        assertNothingLeft();
    }

    @Test
    void ctrlCDuringStartStopsItAgain() throws Exception {
        Process start = spawn("start", "--", "never");
        while (!Files.exists(folder.resolve("nary.pid"))) Thread.sleep(10);
        Thread.sleep(300);
        long daemon = daemonPid();
        signal(start.pid(), "INT");
        assertThat(end(start).code()).isEqualTo(130);
        assertThat(ProcessHandle.of(daemon)).isEmpty();
        assertNothingLeft();
    }

    @Test
    void aKilledDaemonsFilesAreReplacedWithoutAFlag() throws Exception {
        assertThat(run("start", "--", "app").code()).isZero();
        long first = daemonPid();
        signal(first, "KILL");
        while (ProcessHandle.of(first).isPresent()) Thread.sleep(5);
        assertThat(run("status").code()).isEqualTo(4);
        assertThat(run("ls").text()).isEqualTo("nothing runs\n");
        assertThat(run("start", "--", "app").code()).isZero();
        assertThat(daemonPid()).isNotEqualTo(first);
    }

    @Test
    void garbageAtTheControlSocketsPathIsRefused() throws Exception {
        Files.writeString(folder.resolve("nary.ipc"), "mine");
        Ended ended = run("start", "--", "app");
        assertThat(ended.code()).isEqualTo(3);
        assertThat(ended.text()).contains("is no control socket").hasLineCount(1);
        assertThat(Files.readString(folder.resolve("nary.ipc"))).isEqualTo("mine");
    }

    @Test
    void oneOfTwoStartsAtOnceIsRefused() throws Exception {
        Process a = spawn("start", "--", "app");
        Process b = spawn("start", "--", "app");
        assertThat(List.of(end(a).code(), end(b).code())).containsExactlyInAnyOrder(0, 3);
    }

    @Test
    void ctrlCDuringDeployAbortsIt() throws Exception {
        assertThat(run("start", "--", "app").code()).isZero();
        Process deploy = spawn("deploy");
        while (!Files.readString(folder.resolve("nary.log")).contains("worker 2.0 boots")) Thread.sleep(10);
        signal(deploy.pid(), "INT");
        Ended ended = end(deploy);
        assertThat(ended.code()).isEqualTo(130);
        assertThat(ended.text()).endsWith("aborting the deploy\naborted: generation 1 serves as before\n");
    }

    @Test
    void termStopsTheDaemonAndHupDeploys() throws Exception {
        assertThat(run("start", "--", "app").code()).isZero();
        long daemon = daemonPid();
        signal(daemon, "HUP");
        while (run("deploy-abort").code() != 0) Thread.sleep(10);
        signal(daemon, "TERM");
        while (ProcessHandle.of(daemon).isPresent()) Thread.sleep(5);
        assertNothingLeft();
    }

    @Test
    void theForegroundEndsWithTheEnginesCode() throws Exception {
        assertThat(run("start", "--daemon-mode", "false", "--", "false").code()).isEqualTo(1);
        Process foreground = spawn("start", "--daemon-mode=false", "--", "app");
        while (run("status").code() != 0) Thread.sleep(10);
        signal(foreground.pid(), "TERM");
        Ended ended = end(foreground);
        assertThat(ended).isEqualTo(new Ended(0, "worker 1.0 boots\n1 worker serves\n"));
        assertNothingLeft();
    }
}
