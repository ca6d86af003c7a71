package nary.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import nary.config.Launch;
import nary.config.Output;
import nary.config.Personality;
import nary.config.Policy;
import nary.config.Readiness;
import nary.config.Release;
import nary.config.Settings;
import nary.config.Strategy;
import nary.posix.Posix;
import nary.posix.Signals;

/** The options of {@code nary start}, from words to a {@link Launch}. */
final class StartOptions {
    private static final Settings DEFAULTS = Settings.defaults();

    private StartOptions() {}

    static Options options() {
        Options options = new Options("start", "Start an app, supervise it, and return when all its workers are ready.")
                .option("--worker-count", "N|auto", "number of workers; auto: one for each CPU (default $NUM_WORKERS, else 1)")
                .option("--cwd", "DIR", "the app's directory (default: the caller's)")
                .repeated("--env", "KEY=VALUE", "set a variable in the app's environment; may be repeated")
                .option("--ipc-file", "FILE", "control socket (default nary.ipc)")
                .option("--pid-file", "FILE", "the supervisor's pid (default nary.pid, beside the control socket)")
                .option("--log", "FILE", "event log (default nary.log, beside the control socket)")
                .option("--stdout", "FILE", "the workers' output (default stdout.log, beside the control socket); {slot} in the name: a file for each; in the foreground - is this command's own")
                .option("--stderr", "FILE", "the workers' errors (default stderr.log, beside the control socket); - as for --stdout")
                .option("--daemon-mode", "true|false", "false: stay in the foreground (default true)")
                .option("--ready", "WHEN", "listen, online, notify, http:/PATH or delay:SECONDS: when a worker counts as ready (default listen)");
        return ConfinementOptions.addTo(OutputOptions.addTo(UpkeepOptions.addTo(policy(timing(options))))).command("COMMAND", "what to run, and its arguments; a .js, .mjs, .cjs, .jar, .py or .rb file is given to its interpreter");
    }

    private static Options timing(Options options) {
        return options.option("--boot-timeout", "S|none", "a worker must be ready within this time (default 60)")
                .option("--settle", "S", "how long the old workers wait after the traffic has moved, in case a new one dies (default 0.5)")
                .option("--drain-timeout", "S", "how long open connections of an old worker may last (default 30)")
                .option("--idle-grace", "S|off", "a connection quiet this long after an answer is idle (default 5)")
                .option("--stop-timeout", "S|none", "from the stop signal to SIGKILL of the worker's whole tree (default 30)")
                .option("--stop-signal", "NAME", "the signal that tells a worker to stop (default TERM)")
                .option("--backlog", "N", "shortest accept queue of a listener (default 4096)")
                .repeated("--port", "PORT", "manage only this port; may be repeated (default: all TCP)")
                .repeated("--listen", "ADDR", "open this address and pass it as LISTEN_FDS: 8080, 127.0.0.1:8080, [::]:8080; may be repeated")
                .option("--takeover", "auto|off", "off: leave the app's own bind and listen alone (default auto)")
                .option("--node-preload", "auto|off", "off: Node processes load nothing of nary's; their kept connections are cut at the stop (default auto)");
    }

    private static Options policy(Options options) {
        return options.option("--strategy", "NAME", "how deploys go about it: surge, first-ready, rolling or replace (default surge)")
                .option("--batch", "N|N%", "how many workers a rolling deploy exchanges at once (default 1)")
                .option("--respawn", "always|on-failure", "on-failure: a worker that exits with 0 has done its work (default always)")
                .option("--on-crash", "respawn|exit", "exit: when a worker fails, all stop gracefully and nary exits with its status (default respawn)")
                .option("--stall-timeout", "S|off", "replace a worker that accepts nothing for so long while connections wait (default off)")
                .option("--watchdog", "S|off", "replace a worker that does not say WATCHDOG=1 at least so often (default off)")
                .option("--hang-signal", "NAME", "what a hung worker gets 2 s before it is killed (default: QUIT to a JVM, nothing to others)");
    }

    static boolean isDaemon(Arguments arguments) throws UsageError {
        return Values.bool("--daemon-mode", arguments.value("--daemon-mode").orElse("true"));
    }

    static Launch launch(Arguments arguments, Caller caller, Supplier<Posix> posix) throws UsageError, IOException {
        var confinement = new ConfinementOptions(arguments, posix);
        return new Launch(
                release(arguments, caller, confinement.environment()),
                settings(arguments, caller),
                files(arguments, caller),
                OutputOptions.read(arguments),
                confinement.read(),
                caller.manager(),
                arguments.typed(),
                UpkeepOptions.hooks(arguments));
    }

    /** @param account what the workers' user brings along */
    private static Release release(Arguments arguments, Caller caller, Map<String, String> account) throws UsageError, IOException {
        List<String> command = arguments.words();
        if (command.isEmpty()) throw new UsageError("what shall run? e.g. nary start -- node server.js");
        Path directory = caller.resolve(arguments.value("--cwd").orElse("."));
        if (!Files.isDirectory(directory)) throw new UsageError("--cwd: there is no directory " + directory);
        Map<String, String> environment = new HashMap<>(caller.environment());
        if (arguments.value("--cwd").isPresent()) environment.put("PWD", directory.toString());
        environment.putAll(account);
        environment.putAll(Values.environment(arguments.values("--env")));
        List<String> whole = Interpreter.apply(command, directory, environment.getOrDefault("PATH", ""));
        return new Release(whole, directory.toString(), directory.toRealPath().toString(), environment);
    }

    private static Settings settings(Arguments arguments, Caller caller) throws UsageError {
        return new Settings(
                workerCount(arguments, caller),
                readiness(arguments),
                limit(arguments, "--boot-timeout", DEFAULTS.bootTimeout()),
                duration(arguments, "--settle", DEFAULTS.settle()),
                duration(arguments, "--drain-timeout", DEFAULTS.drainTimeout()),
                idleGrace(arguments),
                limit(arguments, "--stop-timeout", DEFAULTS.stopTimeout()),
                stopSignal(arguments),
                backlog(arguments),
                Values.ports(arguments.values("--port")),
                Values.addresses(arguments.values("--listen")),
                automatic(arguments, "--takeover") ? Settings.Takeover.AUTO : Settings.Takeover.OFF,
                automatic(arguments, "--node-preload") ? Settings.NodePreload.AUTO : Settings.NodePreload.OFF,
                policy(arguments));
    }

    private static int workerCount(Arguments arguments, Caller caller) throws UsageError {
        Optional<String> typed = arguments.value("--worker-count");
        if (typed.isPresent()) return Values.workerCount("--worker-count", typed.get(), 1);
        String inherited = caller.environment().getOrDefault("NUM_WORKERS", "");
        return inherited.isEmpty() ? DEFAULTS.workerCount() : Values.workerCount("NUM_WORKERS in the environment", inherited, 1);
    }

    private static Readiness readiness(Arguments arguments) throws UsageError {
        Optional<String> typed = arguments.value("--ready");
        return typed.isPresent() ? Values.parse("--ready", typed.get(), Readiness::parse) : DEFAULTS.readiness();
    }

    private static Duration duration(Arguments arguments, String option, Duration otherwise) throws UsageError {
        Optional<String> typed = arguments.value(option);
        return typed.isPresent() ? Values.duration(option, typed.get()) : otherwise;
    }

    private static Optional<Duration> limit(Arguments arguments, String option, Optional<Duration> otherwise) throws UsageError {
        Optional<String> typed = arguments.value(option);
        return typed.isPresent() ? Values.durationOr("none", option, typed.get()) : otherwise;
    }

    private static Optional<Duration> idleGrace(Arguments arguments) throws UsageError {
        Optional<String> typed = arguments.value("--idle-grace");
        return typed.isPresent() ? Values.durationOr("off", "--idle-grace", typed.get()) : DEFAULTS.idleGrace();
    }

    private static int stopSignal(Arguments arguments) throws UsageError {
        Optional<String> typed = arguments.value("--stop-signal");
        return typed.isPresent() ? Values.parse("--stop-signal", typed.get(), Signals::number) : DEFAULTS.stopSignal();
    }

    private static Policy policy(Arguments arguments) throws UsageError {
        Policy defaults = DEFAULTS.policy();
        Optional<Strategy> strategy = Values.optional("--strategy", arguments, Strategy::parse);
        return new Policy(
                strategy.orElse(defaults.strategy()),
                Values.batch(arguments, strategy).orElse(defaults.batch()),
                Values.optional("--respawn", arguments, Policy.Respawn::parse).orElse(defaults.respawn()),
                Values.optional("--on-crash", arguments, Policy.OnCrash::parse).orElse(defaults.onCrash()),
                Values.durationOr("off", "--stall-timeout", arguments.value("--stall-timeout").orElse("off")),
                Values.durationOr("off", "--watchdog", arguments.value("--watchdog").orElse("off")),
                Values.optional("--hang-signal", arguments, Signals::number),
                Personality.NARY,
                UpkeepOptions.expiry(arguments));
    }

    private static int backlog(Arguments arguments) throws UsageError {
        Optional<String> typed = arguments.value("--backlog");
        return typed.isPresent() ? Values.integer("--backlog", typed.get(), 1, 65535, "") : DEFAULTS.backlog();
    }

    private static boolean automatic(Arguments arguments, String option) throws UsageError {
        String typed = arguments.value(option).orElse("auto");
        return switch (typed) {
            case "auto" -> true;
            case "off" -> false;
            default -> throw new UsageError(option + ": '" + typed + "' is neither auto nor off");
        };
    }

    private static Launch.Files files(Arguments arguments, Caller caller) throws UsageError {
        Path ipc = caller.resolve(arguments.value("--ipc-file").orElse(Daemons.IPC_FILE));
        return new Launch.Files(
                ipc.toString(),
                file(arguments, caller, ipc, "--pid-file", "nary.pid"),
                file(arguments, caller, ipc, "--log", "nary.log"),
                output(arguments, caller, ipc, "--stdout", "stdout.log"),
                output(arguments, caller, ipc, "--stderr", "stderr.log"));
    }

    private static String output(Arguments arguments, Caller caller, Path ipc, String option, String name) throws UsageError {
        boolean isInherited = arguments.value(option).filter("-"::equals).isPresent();
        if (isInherited && isDaemon(arguments)) throw new UsageError(option + ": a daemon has no terminal; use - with --daemon-mode false, or name a file");
        String file = file(arguments, caller, ipc, option, name);
        boolean isInFolder = Path.of(file).resolveSibling("").toString().contains(Output.SLOT);
        if (isInFolder) throw new UsageError(option + ": " + Output.SLOT + " may stand in the name of the file, not of its folder: logs/app-" + Output.SLOT + ".log");
        return file;
    }

    private static String file(Arguments arguments, Caller caller, Path ipc, String option, String name) {
        return arguments.value(option).map(caller::resolve).orElse(ipc.resolveSibling(name)).toString();
    }
}
