package nary.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import nary.config.Addresses;
import nary.config.Batch;
import nary.config.ConfigException;
import nary.config.Confinement;
import nary.config.Durations;
import nary.config.FileApp;
import nary.config.Hooks;
import nary.config.Launch;
import nary.config.Numbers;
import nary.config.Origin;
import nary.config.Output;
import nary.config.Personality;
import nary.config.Policy;
import nary.config.Readiness;
import nary.config.Release;
import nary.config.Settings;
import nary.config.Strategy;
import nary.config.Variables;
import nary.posix.Posix;
import nary.posix.Signals;

/** What is {@link Given} about an app, from words to a {@link Launch}. The rows of the option table that are keys are read here. */
final class StartOptions {
    private static final Settings DEFAULTS = Settings.defaults();
    private static final int MOST_BACKLOG = 65_535;
    private static final int MOST_PORTS = 65_535;

    private final Given given;
    private final Caller caller;
    private final ConfinementOptions confinement;

    private StartOptions(Given given, Caller caller, Supplier<Posix> posix) {
        this.given = given;
        this.caller = caller;
        this.confinement = new ConfinementOptions(given, posix);
    }

    static Options options() {
        return new Options("start", "Start an app, supervise it, and return when all its workers are ready: a command, or an app of nary.yml.")
                .command("COMMAND", "what to run, and its arguments; a .js, .mjs, .cjs, .jar, .py or .rb file is given to its interpreter; or the name of an app of nary.yml; or nothing: all of its apps");
    }

    static boolean isDaemon(Arguments arguments) throws UsageError {
        return Values.bool("--daemon-mode", arguments.value("--daemon-mode").orElse("true"));
    }

    /** @throws UsageError for a wrong value of the command line; @throws ConfigException with all that is wrong in files */
    static Launch launch(Given given, Caller caller, Supplier<Posix> posix) throws UsageError, ConfigException, IOException {
        Launch launch = new StartOptions(given, caller, posix).read();
        given.check();
        return launch;
    }

    private Launch read() throws UsageError, ConfigException, IOException {
        Settings settings = settings();
        Launch.Files files = files();
        Output output = OutputOptions.read(given);
        Hooks hooks = UpkeepOptions.hooks(given);
        Confinement its = confinement.read();
        return new Launch(release(), settings, files, output, its, caller.manager(), given.typed(), hooks);
    }

    private Release release() throws UsageError, ConfigException, IOException {
        if (given.command().isEmpty() && given.app().isEmpty()) throw new UsageError("what shall run? e.g. nary start -- node server.js");
        Path directory = given.path("--cwd").orElse(given.base());
        if (!Files.isDirectory(directory)) given.wrong("--cwd", "there is no directory " + directory);
        Variables variables = variables(directory);
        List<String> whole = Interpreter.apply(given.command(), directory, variables.all().getOrDefault("PATH", ""));
        return new Release(whole, directory.toString(), directory.toRealPath().toString(), variables, Optional.empty(), given.app().map(StartOptions::origin));
    }

    static Origin origin(FileApp app) {
        List<String> said = new ArrayList<>();
        new TreeMap<>(app.options()).forEach((name, values) -> values.forEach(value -> said.add(name + "=" + value.text())));
        return new Origin(app.file().toString(), app.name(), said);
    }

    private Variables variables(Path directory) throws UsageError, ConfigException, IOException {
        Map<String, String> inherited = new HashMap<>(caller.environment());
        if (!directory.equals(caller.directory())) inherited.put("PWD", directory.toString());
        inherited.putAll(confinement.environment());
        Map<String, String> set = new LinkedHashMap<>();
        given.readAll("--env", Values::pair).forEach(pair -> set.put(pair.getKey(), pair.getValue()));
        List<String> files = given.paths("--env-file").stream().map(Path::toString).toList();
        for (String file : files) if (!Files.isRegularFile(Path.of(file))) given.wrong("--env-file", "there is no file " + file);
        Variables variables = new Variables(inherited, files, Map.of(), set);
        given.check();
        return variables.read();
    }

    private Settings settings() throws UsageError {
        return new Settings(
                workerCount(),
                given.read("--ready", Readiness::parse).orElse(DEFAULTS.readiness()),
                limit("--boot-timeout", "none", DEFAULTS.bootTimeout()),
                given.read("--settle", Durations::parse).orElse(DEFAULTS.settle()),
                given.read("--drain-timeout", Durations::parse).orElse(DEFAULTS.drainTimeout()),
                limit("--idle-grace", "off", DEFAULTS.idleGrace()),
                limit("--stop-timeout", "none", DEFAULTS.stopTimeout()),
                given.read("--stop-signal", Signals::number).orElse(DEFAULTS.stopSignal()),
                given.read("--backlog", text -> Numbers.integer(text, 1, MOST_BACKLOG, "")).orElse(DEFAULTS.backlog()),
                given.readAll("--port", StartOptions::ports).stream().flatMap(List::stream).toList(),
                given.readAll("--listen", Addresses::parse),
                automatic("--takeover") ? Settings.Takeover.AUTO : Settings.Takeover.OFF,
                automatic("--node-preload") ? Settings.NodePreload.AUTO : Settings.NodePreload.OFF,
                policy());
    }

    private int workerCount() throws UsageError {
        if (given.has("--worker-count")) return given.read("--worker-count", text -> Numbers.workers(text, 1)).orElse(DEFAULTS.workerCount());
        String inherited = caller.environment().getOrDefault("NUM_WORKERS", "");
        if (inherited.isEmpty()) return DEFAULTS.workerCount();
        return Values.parse("NUM_WORKERS in the environment", inherited, text -> Numbers.workers(text, 1));
    }

    private static List<Integer> ports(String text) {
        return Arrays.stream(text.split(",")).map(each -> Numbers.integer(each.strip(), 1, MOST_PORTS, "")).toList();
    }

    /** @param none the word that means: without limit */
    private Optional<Duration> limit(String option, String none, Optional<Duration> otherwise) throws UsageError {
        return given.read(option, text -> text.equals(none) ? Optional.<Duration>empty() : Optional.of(Durations.parse(text))).orElse(otherwise);
    }

    private Policy policy() throws UsageError {
        Policy defaults = DEFAULTS.policy();
        Optional<Strategy> strategy = given.read("--strategy", Strategy::parse);
        return new Policy(
                strategy.orElse(defaults.strategy()),
                batch(strategy).orElse(defaults.batch()),
                given.read("--respawn", Policy.Respawn::parse).orElse(defaults.respawn()),
                given.read("--on-crash", Policy.OnCrash::parse).orElse(defaults.onCrash()),
                limit("--stall-timeout", "off", defaults.stallTimeout()),
                limit("--watchdog", "off", defaults.watchdog()),
                given.read("--hang-signal", Signals::number),
                Personality.NARY,
                UpkeepOptions.expiry(given));
    }

    private Optional<Batch> batch(Optional<Strategy> strategy) throws UsageError {
        Optional<Batch> batch = given.read("--batch", Batch::parse);
        boolean isMeaningless = batch.isPresent() && strategy.filter(it -> it.window() == Strategy.Window.ALL).isPresent();
        if (isMeaningless) given.wrong("--batch", Values.meaningless(strategy.get()));
        return batch;
    }

    private boolean automatic(String option) throws UsageError {
        return given.read(option, StartOptions::isAutomatic).orElse(true);
    }

    private static boolean isAutomatic(String text) {
        return switch (text) {
            case "auto" -> true;
            case "off" -> false;
            default -> throw new IllegalArgumentException("'" + text + "' is neither auto nor off");
        };
    }

    private Launch.Files files() throws UsageError {
        Path ipc = ipc(given);
        return new Launch.Files(
                ipc.toString(),
                file(ipc, "--pid-file", "nary.pid"),
                file(ipc, "--log", "nary.log"),
                output(ipc, "--stdout", "stdout.log"),
                output(ipc, "--stderr", "stderr.log"));
    }

    /** Where the app's control socket is. */
    static Path ipc(Given given) {
        return given.path("--ipc-file").orElse(given.home().resolve(Daemons.IPC_FILE));
    }

    private String output(Path ipc, String option, String name) throws UsageError {
        boolean isInherited = given.value(option).filter("-"::equals).isPresent();
        if (isInherited && given.isDaemon()) given.wrong(option, "a daemon has no terminal; use - with --daemon-mode false, or name a file");
        String file = file(ipc, option, name);
        boolean isInFolder = Path.of(file).resolveSibling("").toString().contains(Output.SLOT);
        if (isInFolder) given.wrong(option, Output.SLOT + " may stand in the name of the file, not of its folder: logs/app-" + Output.SLOT + ".log");
        return file;
    }

    private String file(Path ipc, String option, String name) {
        return given.path(option).orElse(ipc.resolveSibling(name)).toString();
    }
}
