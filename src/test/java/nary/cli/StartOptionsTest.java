package nary.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import nary.config.Batch;
import nary.config.ConfigException;
import nary.config.Launch;
import nary.config.Personality;
import nary.config.Policy;
import nary.config.Readiness;
import nary.config.Settings;
import nary.config.Strategy;
import nary.posix.Address;
import nary.posix.sim.SimPosix;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StartOptionsTest {
    @TempDir
    Path directory;

    private final Map<String, String> environment = new HashMap<>(Map.of("PATH", "/usr/bin", "LANG", "C"));

    @BeforeEach
    void physical() throws IOException {
        directory = directory.toRealPath();
    }

    private Launch launch(String... words) throws UsageError, ConfigException, IOException {
        Caller caller = new Caller(directory, environment, 7);
        return StartOptions.launch(Given.typed(Arguments.parse(StartOptions.options(), words), caller), caller, () -> new SimPosix(0, 1));
    }

    private void refused(String message, String... words) {
        assertThatThrownBy(() -> launch(words)).isInstanceOf(UsageError.class).hasMessageContaining(message);
    }

    @Test
    void everyDefaultIsAsDocumented() throws Exception {
        Settings settings = launch("app").settings();
        assertThat(settings.workerCount()).isEqualTo(1);
        assertThat(settings.readiness()).isEqualTo(new Readiness.Listen());
        assertThat(settings.bootTimeout()).contains(Duration.ofSeconds(60));
        assertThat(settings.settle()).isEqualTo(Duration.ofMillis(500));
        assertThat(settings.drainTimeout()).isEqualTo(Duration.ofSeconds(30));
        assertThat(settings.idleGrace()).contains(Duration.ofSeconds(5));
        assertThat(settings.stopTimeout()).contains(Duration.ofSeconds(30));
        assertThat(launch("--stop-timeout", "none", "--boot-timeout=none", "app").settings().stopTimeout()).isEmpty();
        assertThat(settings.stopSignal()).isEqualTo(15);
        assertThat(settings.backlog()).isEqualTo(4096);
        assertThat(settings.ports()).isEmpty();
        assertThat(settings.listen()).isEmpty();
        assertThat(settings.takeover()).isEqualTo(Settings.Takeover.AUTO);
        assertThat(settings.nodePreload()).isEqualTo(Settings.NodePreload.AUTO);
        assertThat(StartOptions.isDaemon(Arguments.parse(StartOptions.options(), "app"))).isTrue();
    }

    @Test
    void theFilesLieBesideTheControlSocket() throws Exception {
        assertThat(launch("app").files()).isEqualTo(files(directory));
        assertThat(launch("--ipc-file", "run/nary.ipc", "--cwd", "/", "app").files()).isEqualTo(files(directory.resolve("run")));
        assertThat(launch("--log", "l/x.log", "app").files().log()).isEqualTo(directory + "/l/x.log");
    }

    @Test
    void onlyTheForegroundHasAnOutputOfItsOwn() throws Exception {
        assertThat(launch("--daemon-mode", "false", "--stdout", "-", "app").files().stdout()).isEqualTo(directory + "/-");
        refused("--stderr: a daemon has no terminal", "--stderr", "-", "app");
    }

    private static Launch.Files files(Path folder) {
        return new Launch.Files(
                folder + "/nary.ipc", folder + "/nary.pid", folder + "/nary.log", folder + "/stdout.log", folder + "/stderr.log");
    }

    @Test
    void everyOptionIsRead() throws Exception {
        Settings settings = launch(
                        "--worker-count", "3", "--ready", "http:/up", "--boot-timeout", "5m", "--settle", "0.25", "--drain-timeout=0",
                        "--idle-grace", "off", "--stop-timeout", "250ms", "--stop-signal", "SIGINT", "--backlog", "100", "--port", "80,81",
                        "--port", "82", "--listen", "8080", "--listen", "[::1]:90", "--takeover", "off", "--node-preload", "off", "--strategy", "rolling",
                        "--batch", "25%", "--respawn", "on-failure", "--on-crash", "exit", "--stall-timeout", "3", "--watchdog", "1.5", "--hang-signal", "ABRT", "app")
                .settings();
        assertThat(settings)
                .isEqualTo(new Settings(
                        3,
                        new Readiness.Http("/up"),
                        Optional.of(Duration.ofMinutes(5)),
                        Duration.ofMillis(250),
                        Duration.ZERO,
                        Optional.empty(),
                        Optional.of(Duration.ofMillis(250)),
                        2,
                        100,
                        List.of(80, 81, 82),
                        List.of(new Address("0.0.0.0", 8080, false), new Address("::1", 90, false)),
                        Settings.Takeover.OFF,
                        Settings.NodePreload.OFF,
                        new Policy(
                                Strategy.ROLLING,
                                new Batch(25, true),
                                Policy.Respawn.ON_FAILURE,
                                Policy.OnCrash.EXIT,
                                Optional.of(Duration.ofSeconds(3)),
                                Optional.of(Duration.ofMillis(1500)),
                                Optional.of(6),
                                Personality.NARY)));
    }

    @Test
    void theWorkerCountComesFromTheEnvironmentUnlessItIsGiven() throws Exception {
        environment.put("NUM_WORKERS", "4");
        assertThat(launch("app").settings().workerCount()).isEqualTo(4);
        assertThat(launch("--worker-count", "2", "app").settings().workerCount()).isEqualTo(2);
        assertThat(launch("--worker-count=auto", "app").settings().workerCount()).isEqualTo(Runtime.getRuntime().availableProcessors());
        environment.put("NUM_WORKERS", "many");
        refused("NUM_WORKERS in the environment: 'many' is not a number from 1 to 1000 or auto", "app");
    }

    @Test
    void wrongValuesAreNamedWithWhatToTypeInstead() {
        refused("--worker-count: '0' is not a number from 1 to 1000 or auto", "--worker-count", "0", "app");
        refused("--ready: 'soon' is no readiness; use listen", "--ready", "soon", "app");
        refused("--settle: 'x' is no duration; use seconds", "--settle", "x", "app");
        refused("--stop-signal: no such signal: FOO", "--stop-signal", "FOO", "app");
        refused("--node-preload: 'on' is neither auto nor off", "--node-preload", "on", "app");
        refused("--takeover: 'on' is neither auto nor off", "--takeover", "on", "app");
        refused("--env: 'A' has no value; use KEY=VALUE", "--env", "A", "app");
        refused("--port: '0' is not a number from 1 to 65535", "--port", "0", "app");
        refused("--listen: 'localhost' is no numeric IP address", "--listen", "localhost:80", "app");
        refused("--listen: '::1:80' needs brackets", "--listen", "::1:80", "app");
        refused("--cwd: there is no directory", "--cwd", "nowhere", "app");
        refused("what shall run? e.g. nary start -- node server.js", "--worker-count", "2");
    }

    @Test
    void theDirectoryKeepsItsSymlinksAndKnowsWhereTheyLead() throws Exception {
        Files.createDirectory(directory.resolve("r1"));
        Files.createSymbolicLink(directory.resolve("current"), Path.of("r1"));
        var release = launch("--cwd", "current", "--env", "A=1", "app").release();
        assertThat(release.directory()).isEqualTo(directory + "/current");
        assertThat(release.physical()).isEqualTo(directory + "/r1");
        assertThat(release.environment()).containsAllEntriesOf(Map.of("A", "1", "LANG", "C", "PWD", directory + "/current"));
    }

    @Test
    void aScriptThatIsNotExecutableIsGivenToItsInterpreter() throws Exception {
        assertThat(launch("server.js", "-x").release().command()).containsExactly("node", "server.js", "-x");
        assertThat(launch("a.mjs").release().command()).containsExactly("node", "a.mjs");
        assertThat(launch("a.cjs").release().command()).containsExactly("node", "a.cjs");
        assertThat(launch("app.jar").release().command()).containsExactly("java", "-jar", "app.jar");
        assertThat(launch("./app.py").release().command()).containsExactly("python3", "./app.py");
        assertThat(launch("app.rb").release().command()).containsExactly("ruby", "app.rb");
        assertThat(launch("js").release().command()).containsExactly("js");
        Path script = Files.createFile(directory.resolve("run.py"));
        assertThat(script.toFile().setExecutable(true)).isTrue();
        assertThat(launch("./run.py").release().command()).containsExactly("./run.py");
    }

    @Test
    void aDeployKeepsWhatItDoesNotName() throws Exception {
        var caller = new Caller(directory, environment, 7);
        var nothing = DeployVerb.change(Arguments.parse(new DeployVerb().options()), caller);
        assertThat(nothing).isEqualTo(nary.control.DeployChange.none("pid 7"));
        var all = DeployVerb.change(
                Arguments.parse(
                        new DeployVerb().options(), "--worker-count", "2", "--override-env", "true", "--env", "A=1", "--cwd", "x", "--timeout", "9", "i.ipc"),
                caller);
        assertThat(all.workerCount()).isEqualTo(2);
        assertThat(all.environment()).isEqualTo(Map.of("A", "1"));
        assertThat(all.inherited()).isEqualTo(environment);
        assertThat(all.directory()).contains(directory + "/x");
        assertThat(all.timeout()).contains(Duration.ofSeconds(9));
    }
}
