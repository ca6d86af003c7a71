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
import nary.config.AppFile;
import nary.config.ConfigException;
import nary.config.Launch;
import nary.config.Option;
import nary.config.OptionTable;
import nary.config.Origin;
import nary.posix.sim.SimPosix;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileOptionsTest {
    @TempDir
    Path folder;

    private Caller caller;

    @BeforeEach
    void elsewhere() throws IOException {
        folder = folder.toRealPath();
        caller = new Caller(Path.of("/"), new HashMap<>(Map.of("PATH", "/usr/bin", "A", "inherited")), 7);
    }

    private Launch launch(String text, String... typed) throws Exception {
        AppFile file = AppFile.read(Files.writeString(folder.resolve("nary.yml"), text), "nary.yml");
        return Roster.read(file, file.apps(), Arguments.parse(StartOptions.options(), typed), new Context(null, caller, new Parts(FakeMain.class, () -> new SimPosix(0, 1), null, () -> 1)))
                .getFirst()
                .launch();
    }

    private Launch typed(String... words) throws UsageError, ConfigException, IOException {
        return StartOptions.launch(Given.typed(Arguments.parse(StartOptions.options(), words), caller), caller, () -> new SimPosix(0, 1));
    }

    private void wrong(String text, String... lines) {
        assertThatThrownBy(() -> launch(text)).isInstanceOfSatisfying(ConfigException.class, e -> assertThat(e.lines()).containsExactly(lines));
    }

    @Test
    void typingADefaultIsAsTypingNothing() throws Exception {
        Launch plain = typed("app");
        for (Option option : OptionTable.keys()) {
            if (option.fallback().isEmpty()) continue;
            Launch spelled = typed(option.name() + "=" + option.fallback(), "app");
            assertThat(List.of(spelled.release(), spelled.settings(), spelled.files(), spelled.output(), spelled.confinement(), spelled.hooks()))
                    .as(option.name())
                    .isEqualTo(List.of(plain.release(), plain.settings(), plain.files(), plain.output(), plain.confinement(), plain.hooks()));
        }
    }

    /** A value that is no default, for each option. */
    private static final Map<String, String> OTHER = Map.ofEntries(
            Map.entry("--worker-count", "3"), Map.entry("--cwd", "/usr"), Map.entry("--env", "X=1"), Map.entry("--env-file", "/dev/null"), Map.entry("--ready", "delay:1"),
            Map.entry("--boot-timeout", "none"), Map.entry("--settle", "1"), Map.entry("--drain-timeout", "1"), Map.entry("--idle-grace", "off"), Map.entry("--stop-timeout", "250ms"),
            Map.entry("--stop-signal", "INT"), Map.entry("--strategy", "rolling"), Map.entry("--batch", "25%"), Map.entry("--respawn", "on-failure"), Map.entry("--on-crash", "exit"),
            Map.entry("--stall-timeout", "3"), Map.entry("--watchdog", "3"), Map.entry("--hang-signal", "ABRT"), Map.entry("--port", "80"), Map.entry("--listen", "80"),
            Map.entry("--backlog", "10"), Map.entry("--takeover", "off"), Map.entry("--node-preload", "off"), Map.entry("--ipc-file", "/run/x.ipc"), Map.entry("--pid-file", "/run/p"),
            Map.entry("--log", "/run/l"), Map.entry("--stdout", "/dev/null"), Map.entry("--stderr", "/dev/null"), Map.entry("--log-format", "json"), Map.entry("--max-log-size", "off"),
            Map.entry("--max-log-files", "3"), Map.entry("--max-log-age", "12h"), Map.entry("--log-overflow", "drop"), Map.entry("--user", "nobody"), Map.entry("--group", "nogroup"),
            Map.entry("--limit", "nofile=10"), Map.entry("--nice", "5"), Map.entry("--umask", "027"),
            Map.entry("--max-memory", "500M"), Map.entry("--max-age", "24h"), Map.entry("--cron", "0 4 * * *"), Map.entry("--watch", "src/**"), Map.entry("--on", "crashed=./alert.sh"),
            Map.entry("--on-timeout", "5"));

    private static List<Object> meaning(Launch launch) {
        return List.of(launch.release(), launch.settings(), launch.files(), launch.output(), launch.confinement(), launch.hooks());
    }

    @Test
    void everyRowOfTheTableIsReadFromTheCommandLineAndFromTheFile() throws Exception {
        caller = new Caller(folder, caller.environment(), 7);
        Launch plainFile = launch("command: app\n");
        for (Option option : OptionTable.keys()) {
            if (option.name().equals("--group") || option.name().equals("--env-file")) continue;
            String value = OTHER.get(option.name());
            assertThat(value).as(option.name() + " needs a value in this test").isNotNull();
            Launch line = typed(option.name() + "=" + value, "app");
            assertThat(meaning(line)).as(option.name()).isNotEqualTo(meaning(typed("app")));
            String yaml = option.kind() == Option.Kind.PAIR ? "{" + value.replace("=", ": ") + "}" : value;
            Launch file = launch("command: app\n" + option.key() + ": " + yaml + "\n");
            assertThat(List.of(file.settings(), file.files(), file.output(), file.confinement(), file.hooks(), file.release().environment(), file.release().directory()))
                    .as(option.name())
                    .isEqualTo(List.of(line.settings(), line.files(), line.output(), line.confinement(), line.hooks(), line.release().environment(), line.release().directory()))
                    .isNotEqualTo(List.of(plainFile.settings(), plainFile.files(), plainFile.output(), plainFile.confinement(), plainFile.hooks(), plainFile.release().environment(), plainFile.release().directory()));
        }
    }

    @Test
    void theLineCountsBeforeTheFileAndTheFileBeforeTheDefault() throws Exception {
        Launch launch = launch("command: app\nsettle: 2\nworker-count: 2\nenv: {A: 1, B: 1}\nport: [80, 81]\n", "--settle", "3", "--env", "B=2", "--port", "90");
        assertThat(launch.settings().settle()).isEqualTo(Duration.ofSeconds(3));
        assertThat(launch.settings().workerCount()).isEqualTo(2);
        assertThat(launch.settings().drainTimeout()).isEqualTo(Duration.ofSeconds(30));
        assertThat(launch.settings().ports()).containsExactly(90);
        assertThat(launch.release().environment()).containsAllEntriesOf(Map.of("A", "1", "B", "2", "PATH", "/usr/bin"));
        assertThat(launch.typed()).containsExactlyInAnyOrder("--settle=3", "--env=B=2", "--port=90");
        assertThat(launch.release().origin()).contains(new Origin(folder + "/nary.yml", "", List.of("--env=A=1", "--env=B=1", "--port=80", "--port=81", "--settle=2", "--worker-count=2")));
    }

    @Test
    void pathsOfTheFileBeginAtTheFile() throws Exception {
        Files.createDirectory(folder.resolve("app"));
        Files.writeString(folder.resolve(".env"), "A=file\nC=1\n");
        Launch launch = launch("command: ./run\ncwd: app\nstdout: logs/out.log\nenv-file: .env\nenv: {C: 2}\n");
        assertThat(launch.release().directory()).isEqualTo(folder + "/app");
        assertThat(launch.files().stdout()).isEqualTo(folder + "/logs/out.log");
        assertThat(launch.files().ipc()).isEqualTo(folder + "/nary.ipc");
        assertThat(launch.release().environment()).containsAllEntriesOf(Map.of("A", "file", "C", "2", "PWD", folder + "/app"));
        assertThat(launch.release().variables().files()).containsExactly(folder + "/.env");
        assertThat(launch("command: a\n").release().directory()).isEqualTo(folder.toString());
        assertThat(launch("apps: {web: {command: a}}\n").files().ipc()).isEqualTo(folder + "/.nary/web/nary.ipc");
    }

    @Test
    void whatIsWrongInTheFileIsToldWithItsPlaceAllAtOnce() throws Exception {
        wrong(
                "apps:\n  web:\n    command: a\n    settle: soon\n    worker-count: 0\n    listen: localhost:80\n    limit: {nofil: 1}\n    cwd: nowhere\n    user: nobdy\n"
                        + "  job:\n    command: b\n    strategy: surge\n    batch: 2\n    env-file: none.env\n    umask: 999\n",
                "nary.yml:4:13: settle: 'soon' is no duration; use seconds, e.g. 30 or 0.5, or 250ms, 5m, 1h",
                "nary.yml:5:19: worker-count: '0' is not a number from 1 to 1000 or auto (one for each CPU)",
                "nary.yml:6:13: listen: 'localhost' is no numeric IP address; use 8080, 127.0.0.1:8080 or [::]:8080",
                "nary.yml:7:20: limit: 'nofil' is no limit; there are " + String.join(", ", nary.config.Confinement.Limit.NAMES),
                "nary.yml:8:10: cwd: there is no directory " + folder + "/nowhere",
                "nary.yml:9:11: user: there is no user 'nobdy' on this system",
                "nary.yml:13:12: batch: surge begins with all at once; use the strategy rolling",
                "nary.yml:14:15: env-file: there is no file " + folder + "/none.env",
                "nary.yml:15:12: umask: '999' is no file mode mask; use e.g. 0022 or 0077");
        Files.writeString(folder.resolve("x.env"), "A\n");
        wrong("command: a\nenv-file: x.env\n", folder + "/x.env:1:1: 'A' has no value; write A=value");
        wrong("command: a\nstdout: '-'\n", "nary.yml:2:9: stdout: a daemon has no terminal; use - with --daemon-mode false, or name a file");
    }

    @Test
    void aWordIsTheAppOfTheFileAPathOrTheOnlyOneHere() throws Exception {
        Caller here = new Caller(folder, Map.of(), 7);
        Path ipc = folder.resolve("nary.ipc");
        assertThat(select(here)).isEqualTo(ipc);
        assertThat(select(here, "run/x.ipc")).isEqualTo(folder.resolve("run/x.ipc"));
        assertThat(select(here, "web")).isEqualTo(folder.resolve("web"));
        Files.writeString(folder.resolve("nary.yml"), "apps: {web: {command: a}, job: {command: b}}");
        assertThat(select(here, "web")).isEqualTo(folder.resolve(".nary/web/nary.ipc"));
        assertThat(select(here, "./web")).isEqualTo(folder.resolve("web"));
        assertThat(select(here, "x.ipc")).isEqualTo(folder.resolve("x.ipc"));
        assertThat(select(caller, "job", "--file", folder + "/nary.yml")).isEqualTo(folder.resolve(".nary/job/nary.ipc"));
        assertThatThrownBy(() -> select(here, "wbe")).hasMessage("there is no app 'wbe' in nary.yml; did you mean web? (nary.yml has web, job)");
        assertThatThrownBy(() -> select(here)).hasMessage("which app? nary.yml has web, job");
        assertThatThrownBy(() -> select(here, "--file", "x.yml")).hasMessage("there is no file x.yml");
        Files.createFile(ipc);
        assertThat(select(here)).isEqualTo(ipc);
        Files.delete(ipc);
        Files.writeString(folder.resolve("nary.yml"), "command: a\nipc-file: run/one.ipc");
        assertThat(select(here)).isEqualTo(folder.resolve("run/one.ipc"));
    }

    private static Path select(Caller caller, String... words) throws UsageError, ConfigException, IOException {
        Arguments arguments = Arguments.parse(new StatusVerb().options(), words);
        return Selection.one(arguments, arguments.word(), caller).ipc();
    }

    @Test
    void theExampleOfTheEventsPageIsRead() throws Exception {
        String docs = Files.readString(Path.of("docs/events.md"));
        int begin = docs.indexOf("```yaml\n") + "```yaml\n".length();
        Launch launch = launch(docs.substring(begin, docs.indexOf("```", begin)));
        assertThat(launch.hooks().all()).extracting(it -> it.text()).containsExactlyInAnyOrder("crashed=./alert.sh", "deployed=echo \"$NARY_TEXT\" >>deploys.txt");
        assertThat(launch.settings().policy().expiry().watch()).extracting(it -> it.text()).containsExactly("*.js", "src/**");
        assertThat(launch("command: app\non: [crashed=./alert.sh, crashed=./count.sh]\n").hooks().all()).hasSize(2);
    }
}
