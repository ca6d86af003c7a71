package nary.config;

import static nary.config.Option.Kind.DURATION;
import static nary.config.Option.Kind.NUMBER;
import static nary.config.Option.Kind.PAIR;
import static nary.config.Option.Kind.PATH;
import static nary.config.Option.Kind.SIZE;
import static nary.config.Option.Kind.TEXT;
import static nary.config.Option.Kind.WORD;
import static nary.config.Option.flag;
import static nary.config.Option.option;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Every option of every command, once: help, the command line, the keys of {@code nary.yml}, its schema and docs/options.md are made from
 * these rows. A new option is a row here and one place that reads it.
 */
public final class OptionTable {
    private static final String FLEET = "fleet ";

    private OptionTable() {}

    /** Options that belong together. @param title a heading */
    public record Group(String title, List<Option> options) {}

    /** The options of {@code nary start}. Those that are no keys concern the command alone. */
    public static List<Group> start() {
        return List.of(
                new Group("What is run", app()),
                new Group("Readiness and time", timing()),
                new Group("Deploys and failures", policy()),
                new Group("Restarts nobody asks for, and hooks", upkeep()),
                new Group("Sockets", sockets()),
                new Group("Files", files()),
                new Group("Output", output()),
                new Group("Users and limits", confinement()),
                new Group("The command itself", startItself()));
    }

    private static List<Option> app() {
        return List.of(
                option("--worker-count", NUMBER, "N|auto", "number of workers, 1 to 1000; auto: one for each CPU").fallback("1").otherwise("$NUM_WORKERS, else 1").byDeploy(),
                option("--cwd", PATH, "DIR", "the app's directory; kept as typed, resolved again at each deploy").otherwise("the caller's, or the file's").byDeploy(),
                option("--env", PAIR, "KEY=VALUE", "set a variable in the app's environment").repeated().byDeploy().more("configuration.md#the-environment"),
                option("--env-file", PATH, "FILE", "a file of variables, KEY=VALUE in each line; read again at each deploy").repeated().byDeploy().more("configuration.md#env-files"));
    }

    private static List<Option> timing() {
        return List.of(
                option("--ready", TEXT, "WHEN", "when a worker counts as ready: listen, online, notify, http:/PATH or delay:SECONDS").fallback("listen").byDeploy().more("reference.md#readiness"),
                option("--boot-timeout", DURATION, "S|none", "a worker must be ready within this time").fallback("60").byDeploy(),
                option("--settle", DURATION, "S", "how long the old workers wait after the traffic has moved, in case a new one dies").fallback("0.5").byDeploy(),
                option("--drain-timeout", DURATION, "S", "how long open connections of an old worker may last").fallback("30").byDeploy(),
                option("--idle-grace", DURATION, "S|off", "a connection quiet this long after an answer is idle; off: none ever is").fallback("5").forLife(),
                option("--stop-timeout", DURATION, "S|none", "from the stop signal to SIGKILL of the worker's whole tree").fallback("30").byDeploy(),
                option("--stop-signal", TEXT, "NAME", "the signal that tells a worker to stop").fallback("TERM").forLife());
    }

    private static List<Option> policy() {
        return List.of(
                option("--strategy", WORD, "surge|first-ready|rolling|replace", "how deploys go about it").fallback("surge").byDeploy().more("reference.md#strategies"),
                option("--batch", TEXT, "N|N%", "how many workers a rolling deploy exchanges at once").fallback("1").byDeploy().more("reference.md#strategies"),
                option("--respawn", WORD, "always|on-failure", "on-failure: a worker that exits with 0 has done its work; when all have, nary ends with 0").fallback("always").byDeploy(),
                option("--on-crash", WORD, "respawn|exit", "exit: when a worker fails, all stop gracefully and nary exits with its status, 128 and the number for a signal").fallback("respawn").byDeploy(),
                option("--stall-timeout", DURATION, "S|off", "replace a worker that accepts nothing for so long while connections wait").fallback("off").forLife().more("reference.md#stalled-workers"),
                option("--watchdog", DURATION, "S|off", "replace a worker that does not say WATCHDOG=1 at least so often").fallback("off").byDeploy().more("reference.md#what-a-worker-may-say"),
                option("--hang-signal", TEXT, "NAME", "what a hung worker gets 2 s before it is killed, so that it leaves evidence").otherwise("QUIT to a JVM, nothing to others").forLife());
    }

    private static List<Option> upkeep() {
        return List.of(
                option("--max-memory", SIZE, "SIZE|off", "replace a worker whose processes use more together (PSS), e.g. 500M").fallback("off").forLife().more("events.md#restarts-nobody-asked-for"),
                option("--max-age", DURATION, "AGE|off", "replace a worker that has been ready for so long, e.g. 24h; at least a second").fallback("off").forLife().more("events.md#restarts-nobody-asked-for"),
                option("--cron", TEXT, "SCHEDULE|off", "restart all workers at these times, as in crontab(5): '0 4 * * *'").fallback("off").forLife().more("events.md#restarts-nobody-asked-for"),
                option("--watch", TEXT, "GLOB", "deploy when a file below the app's directory changes: '*.js', 'src/**'").repeated().forLife().more("events.md#restarts-nobody-asked-for"),
                option("--on", PAIR, "EVENT COMMAND", "run a shell command at ready, deployed, failed, crashed, stalled or stopped").repeated().forLife().more("events.md#hooks"),
                option("--on-timeout", DURATION, "S", "how long such a command may take before it is killed").fallback("30").forLife().more("events.md#hooks"));
    }

    private static List<Option> sockets() {
        return List.of(
                option("--port", NUMBER, "PORT", "manage only this port").repeated().otherwise("all TCP").forLife(),
                option("--listen", TEXT, "ADDR", "open this address and pass it as LISTEN_FDS: 8080, 127.0.0.1:8080, [::]:8080").repeated().forLife(),
                option("--backlog", NUMBER, "N", "shortest accept queue of a listener; the kernel bounds it by net.core.somaxconn").fallback("4096").forLife(),
                option("--takeover", WORD, "auto|off", "off: leave the app's own bind and listen alone").fallback("auto").forLife(),
                option("--node-preload", WORD, "auto|off", "off: Node processes load nothing of nary's; their kept connections are cut at the stop").fallback("auto").forLife().more("reference.md#the-node-preload"));
    }

    private static List<Option> files() {
        return List.of(
                option("--ipc-file", PATH, "FILE", "control socket; the other files lie beside it unless they are named").fallback("nary.ipc").forLife(),
                option("--pid-file", PATH, "FILE", "the supervisor's pid").fallback("nary.pid").forLife(),
                option("--log", PATH, "FILE", "event log").fallback("nary.log").forLife(),
                option("--stdout", PATH, "FILE", "the workers' output; {slot} in the name: a file for each; /dev/null discards it; in the foreground - is this command's own").fallback("stdout.log").forLife().more("output.md"),
                option("--stderr", PATH, "FILE", "the workers' errors, as for --stdout; may be the same file").fallback("stderr.log").forLife());
    }

    private static List<Option> output() {
        return List.of(
                option("--log-format", WORD, "raw|text|json", "how the workers' lines are written: text and json add time, slot, generation and pid").fallback("raw").forLife(),
                option("--max-log-size", SIZE, "SIZE|off", "rotate a log before it exceeds this: bytes, or 512K, 10M, 1G").fallback("10485760").forLife(),
                option("--max-log-files", NUMBER, "N|all", "how many rotated files of each log are kept").fallback("all").forLife(),
                option("--max-log-age", DURATION, "AGE|off", "delete rotated files older than this, e.g. 12h, 30d").fallback("off").forLife(),
                option("--log-overflow", WORD, "wait|drop", "when the disk is full or slow: wait, workers stand still; drop, lines are dropped and counted").fallback("wait").forLife().more("output.md#a-full-or-slow-disk"));
    }

    private static List<Option> confinement() {
        return List.of(
                option("--user", TEXT, "NAME", "the workers' user, with its groups, HOME, USER, LOGNAME and SHELL; nary stays what it is").otherwise("nary's own").forLife().more("reference.md#users-and-limits"),
                option("--group", TEXT, "NAME", "the workers' group").otherwise("the user's").forLife(),
                option("--limit", PAIR, "NAME=SOFT[:HARD]", "a resource limit of the workers, e.g. nofile=4096 or core=unlimited").repeated().otherwise("nary's own").forLife(),
                option("--nice", NUMBER, "N", "added to the workers' niceness, -20 to 19").fallback("0").forLife(),
                option("--umask", TEXT, "0NNN", "the workers' file mode mask, octal").otherwise("nary's own").forLife());
    }

    private static List<Option> startItself() {
        return List.of(
                option("--daemon-mode", WORD, "true|false", "false: stay in the foreground, for containers and systemd").fallback("true"),
                file());
    }

    /** The file with the apps. */
    private static Option file() {
        return option("--file", PATH, "FILE", "the file that the app is defined in").otherwise("nary.yml, nary.yaml or nary.json here").more("configuration.md");
    }

    private static Option timeout(String about) {
        return option("--timeout", DURATION, "S|none", about).fallback("none");
    }

    private static Option batch() {
        return option("--batch", TEXT, "N|N%", "how many workers are exchanged at once").otherwise("the app's");
    }

    /** The options of a command, in the order of its help. Made anew each time, so that a command pays for its own only. */
    public static List<Option> of(String command) {
        return switch (command) {
            case "start" -> all(start());
            case "deploy" -> deploy();
            case "restart" -> List.of(batch(), timeout("give up after this time, exit 5"), file());
            case "scale" -> List.of(timeout("undo an increase, or kill what still drains, after this time, exit 5"), file());
            case "stop" -> List.of(timeout("kill what still runs after this time; each worker has its own --stop-timeout"), file());
            case "deploy-abort", "unit" -> List.of(file());
            case "status" -> List.of(flag("--json", "the same as data, on one line for each app"), file());
            case "logs" -> logs();
            case "maintenance" -> maintenance();
            case "events" -> List.of(
                    flag("-f", "go on with what comes, until Ctrl+C or the app's end"),
                    option("-n", NUMBER, "N", "only the last N events").otherwise("all; with -f: 10"),
                    flag("--json", "one JSON object a line: time, kind, generation, slot, worker, pid, reason, text"),
                    file());
            case "transform" -> transform();
            case "env" -> List.of(
                    flag("--diff", "what the next deploy would change: lines with - are now, with + then"),
                    flag("--reveal", "show secrets as they are"),
                    file());
            case "up" -> List.of(file());
            case "down" -> List.of(timeout("kill what still runs of an app after this time"), file());
            case "install" -> List.of(option("--as", WORD, "nary|naught", "the link's name; under naught the commands are those of naught").fallback("nary"));
            default -> command.startsWith(FLEET) ? FleetOptions.of(command.substring(FLEET.length())) : List.of();
        };
    }

    private static List<Option> deploy() {
        return List.of(
                option("--worker-count", NUMBER, "N|auto", "number of workers from now on; 0 keeps it").fallback("0"),
                option("--env", PAIR, "KEY=VALUE", "set a variable for this and later generations").repeated(),
                option("--override-env", WORD, "true|false", "true: take over the whole environment of this command; nothing is removed").fallback("false"),
                option("--cwd", PATH, "DIR", "the new directory, kept for later deploys").otherwise("the app's, resolved again"),
                option("--strategy", WORD, "surge|first-ready|rolling|replace", "how it goes about it").otherwise("the app's").more("reference.md#strategies"),
                option("--batch", TEXT, "N|N%", "how many workers a rolling deploy exchanges at once").otherwise("the app's"),
                timeout("abort the deploy after this time, exit 5"),
                file());
    }

    private static List<Option> maintenance() {
        List<Option> all = new ArrayList<>(closing());
        all.add(file());
        return all;
    }

    /** What an app that is closed answers. */
    static List<Option> closing() {
        return List.of(
                option("--page", PATH, "FILE", "what is answered, HTML").otherwise("a sentence of nary's own"),
                option("--retry-after", DURATION, "S", "the answer's Retry-After").fallback("30"),
                option("--monitor", TEXT, "/PATH", "what a load balancer asks"),
                option("--monitor-answer", WORD, "fail|pass", "fail: 503 to it too; pass: 200, so that the balancer leaves the server in").fallback("fail"));
    }

    private static List<Option> logs() {
        return List.of(
                flag("-f", "go on with what comes, until Ctrl+C or the app's end"),
                option("-n", NUMBER, "N", "only the last N lines").otherwise("all; with -f: 10"),
                flag("--err", "only stderr"),
                option("--worker", NUMBER, "SLOT", "only the worker of this slot; needs --log-format text or json, or {slot} in the files' names"),
                flag("--reopen", "print nothing; nary opens its logs again, after logrotate has moved them (as SIGUSR1 does)"),
                file());
    }

    private static List<Option> transform() {
        return List.of(
                option("-o", PATH, "FILE", "write the result there, whole or not at all").otherwise("stdout"),
                option("--each", PATH, "DIR", "no chain: write the source as each TRANSFORM makes it to DIR, under the name of TRANSFORM"),
                flag("--diff", "show what changes, without secrets; nothing is written unless -o or --each says where"),
                option("--set", PAIR, "NAME=VALUE", "a variable; counts more than --vars, which counts more than the environment").repeated(),
                option("--vars", PATH, "FILE", "a file of variables, NAME=VALUE in each line").repeated().more("configuration.md#env-files"),
                flag("--lenient", "warn where a transform matches nothing, rather than fail"),
                option("--format", WORD, "xml|json|yaml|properties|env|ini", "the format of SOURCE").otherwise("told by its name"));
    }

    private static List<Option> all(List<Group> groups) {
        List<Option> all = new ArrayList<>();
        for (Group group : groups) all.addAll(group.options());
        return all;
    }

    /** The keys of an app in the file, other than {@code command} and {@code name}. */
    public static List<Option> keys() {
        List<Option> keys = all(start());
        keys.removeIf(option -> !option.isKey());
        return keys;
    }

    /** @param name with its dashes */
    public static Optional<Option> startOption(String name) {
        return all(start()).stream().filter(option -> option.name().equals(name)).findFirst();
    }
}
