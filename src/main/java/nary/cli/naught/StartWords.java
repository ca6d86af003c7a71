package nary.cli.naught;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import nary.cli.Caller;
import nary.cli.OutputOptions;
import nary.cli.UsageError;
import nary.cli.Values;
import nary.config.Confinement;
import nary.config.Launch;
import nary.config.Output;
import nary.config.Policy;
import nary.config.Readiness;
import nary.config.Release;
import nary.config.Settings;

/** The words of {@code naught start}, and the {@link Launch} they mean. */
final class StartWords {
    private static final String[] OPTIONS = {
        "--worker-count", "--ipc-file", "--pid-file", "--log", "--stdout", "--stderr", "--max-log-size", "--cwd", "--daemon-mode", "--remove-old-ipc",
        "--node-args", "--boot-timeout", "--drain-timeout", "--idle-grace", "--stop-timeout", "--max-log-files", "--max-log-age"
    };

    private static final String MAX_LOG_SIZE = "10485760";
    private static final String NOWHERE = "/dev/null";

    private final Words words;
    private final Caller caller;

    private StartWords(Words words, Caller caller) {
        this.words = words;
        this.caller = caller;
    }

    static StartWords parse(List<String> line, Caller caller) throws UsageError {
        Words words = Words.parse(line, OPTIONS);
        if (words.rest().isEmpty()) throw new UsageError("no script");
        return new StartWords(words, caller);
    }

    /** As it was typed. */
    String ipcFile() {
        return words.option("--ipc-file", Talk.IPC_FILE);
    }

    boolean isDaemon() {
        return words.isTrue("--daemon-mode", true);
    }

    boolean removesOldIpc() {
        return words.isTrue("--remove-old-ipc", false);
    }

    Launch launch() throws UsageError, IOException {
        Path directory = caller.resolve(words.option("--cwd", "."));
        return new Launch(release(directory), settings(), files(directory), output(), Confinement.NONE, caller.manager(), typed());
    }

    private Release release(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) throw new IOException("ENOENT, chdir '" + directory + "'");
        Map<String, String> environment = new HashMap<>(caller.environment());
        environment.put("PWD", directory.toString());
        List<String> command = new ArrayList<>(List.of("node"));
        String arguments = words.option("--node-args", "").strip();
        if (!arguments.isEmpty()) command.addAll(List.of(arguments.split("\\s+")));
        command.add(caller.resolve(words.rest().getFirst()).toString());
        command.addAll(words.rest().subList(1, words.rest().size()));
        return new Release(command, directory.toString(), directory.toRealPath().toString(), environment);
    }

    private Settings settings() throws UsageError {
        Settings usual = Settings.defaults();
        String grace = words.option("--idle-grace", "");
        String drain = words.option("--drain-timeout", "");
        return new Settings(
                words.workerCount("1", 1),
                new Readiness.Online(),
                limit("--boot-timeout"),
                Duration.ZERO,
                drain.isEmpty() ? usual.drainTimeout() : Values.duration("--drain-timeout", drain),
                grace.isEmpty() ? usual.idleGrace() : Values.durationOr("off", "--idle-grace", grace),
                limit("--stop-timeout"),
                usual.stopSignal(),
                usual.backlog(),
                usual.ports(),
                usual.listen(),
                usual.takeover(),
                usual.nodePreload(),
                Policy.NAUGHT);
    }

    private Optional<Duration> limit(String option) throws UsageError {
        return Values.durationOr("none", option, words.option(option, "none"));
    }

    private Launch.Files files(Path directory) {
        return new Launch.Files(
                caller.resolve(ipcFile()).toString(),
                directory.resolve(words.option("--pid-file", "naught.pid")).normalize().toString(),
                log("--log", "naught.log"),
                log("--stdout", "stdout.log"),
                log("--stderr", "stderr.log"));
    }

    /** A daemon has no stream of its own that somebody reads. */
    private String log(String option, String otherwise) {
        String typed = words.option(option, otherwise);
        return typed.equals("-") && isDaemon() ? NOWHERE : caller.resolve(typed).toString();
    }

    private Output output() throws UsageError {
        return new Output(
                Output.Format.RAW,
                Optional.of(Math.max(1, Words.number(words.option("--max-log-size", MAX_LOG_SIZE)))),
                OutputOptions.maxFiles(Optional.ofNullable(words.options().get("--max-log-files"))),
                OutputOptions.maxAge(Optional.ofNullable(words.options().get("--max-log-age"))),
                Output.Overflow.WAIT);
    }

    /** As nary's own start would be given them. */
    private List<String> typed() throws UsageError {
        List<String> typed = new ArrayList<>(List.of("--ready=online", "--settle=0", "--boot-timeout=none", "--stop-timeout=none"));
        typed.add("--max-log-size=" + Words.number(words.option("--max-log-size", MAX_LOG_SIZE)));
        for (String name : List.of("--max-log-files", "--max-log-age")) if (words.options().containsKey(name)) typed.add(name + "=" + words.option(name, ""));
        return typed;
    }
}
