package nary.cli;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import nary.config.Launch;
import nary.config.Origin;
import nary.config.Policy;
import nary.config.Settings;

/** A systemd service for an app: systemd.service(5), systemd.exec(5), systemd.kill(5). */
final class UnitFile {
    /** These are said in another way, or as they are by now. */
    private static final Set<String> REPLACED = Set.of(
            "--daemon-mode", "--env", "--cwd", "--worker-count", "--ipc-file", "--pid-file", "--log", "--stdout", "--stderr");

    private static final Duration MARGIN = Duration.ofSeconds(15);
    private static final int WATCHDOG_SECONDS = 30;

    private final Launch launch;
    private final Facts facts;
    private final List<String> lines = new ArrayList<>();

    private UnitFile(Launch launch, Facts facts) {
        this.launch = launch;
        this.facts = facts;
    }

    /**
     * What the running supervisor is.
     *
     * @param launcher nary's own path
     * @param user empty for root
     * @param openFiles {@code soft:hard}
     */
    record Facts(String launcher, Optional<User> user, String openFiles, boolean usesLowPort) {}

    /** @param group where it is not the account's */
    record User(String name, Optional<Integer> group) {}

    static List<String> of(Launch launch, Facts facts) {
        UnitFile unit = new UnitFile(launch, facts);
        unit.head();
        unit.service();
        unit.lines.addAll(List.of("", "[Install]", "WantedBy=multi-user.target"));
        return unit.lines;
    }

    private void head() {
        lines.addAll(List.of(
                "# Written by nary unit. The app's environment is this one: what the shell that started it had besides, add where it is needed.",
                "[Unit]",
                "Description=" + oneLine(String.join(" ", launch.release().command())).replace("%", "%%") + " (nary)",
                "Wants=network-online.target",
                "After=network-online.target",
                ""));
    }

    private void service() {
        lines.addAll(List.of("[Service]", "Type=notify", "NotifyAccess=main"));
        facts.user().ifPresent(user -> {
            lines.add("User=" + user.name());
            user.group().ifPresent(group -> lines.add("Group=" + group));
            if (facts.usesLowPort()) lines.add("AmbientCapabilities=CAP_NET_BIND_SERVICE");
        });
        new TreeMap<>(launch.release().environment()).forEach((name, value) -> lines.add("Environment=" + quoted(name + "=" + value)));
        lines.add("ExecStart=" + words(start()));
        lines.add("ExecReload=" + words(List.of(facts.launcher(), "deploy", launch.files().ipc())));
        limits();
    }

    /** Every wait is nary's own, with its own limit; systemd's come a little later, for the case that nary itself hangs. */
    private void limits() {
        Settings settings = launch.settings();
        Optional<Duration> stop = settings.stopTimeout().map(it -> settings.drainTimeout().plus(it).plus(MARGIN));
        // the limit of a reload too
        Optional<Duration> start = settings.bootTimeout().flatMap(boot -> stop.map(it -> boot.plus(settings.settle()).plus(it)));
        lines.addAll(List.of(
                "TimeoutStartSec=" + seconds(start),
                "TimeoutStopSec=" + seconds(stop),
                "WatchdogSec=" + WATCHDOG_SECONDS,
                "Restart=on-failure",
                "RestartSec=1",
                "# SIGTERM to nary alone, which drains; SIGKILL to all that is left",
                "KillMode=mixed",
                "# nary replaces a worker that the kernel killed",
                "OOMPolicy=continue",
                "# a new version boots nicer than what serves, and nary may take that back",
                "LimitNICE=+0",
                "LimitNOFILE=" + facts.openFiles()));
        lines.addAll(hopeless());
    }

    private static String seconds(Optional<Duration> limit) {
        return limit.map(it -> "" + it.toSeconds()).orElse("infinity");
    }

    /** Not understood, or running already: again would be the same. With {@code --on-crash exit} the status is a worker's and may be any. */
    private List<String> hopeless() {
        boolean isNarysOwn = launch.settings().policy().onCrash() == Policy.OnCrash.RESPAWN;
        return isNarysOwn ? List.of("RestartPreventExitStatus=2 3") : List.of();
    }

    private List<String> start() {
        List<String> words = new ArrayList<>(List.of(facts.launcher(), "start", "--daemon-mode", "false"));
        Optional<Origin> origin = launch.release().origin();
        if (origin.isPresent()) {
            words.addAll(List.of("--file", origin.get().file()));
            launch.typed().stream().filter(option -> !option.startsWith("--daemon-mode=")).forEach(words::add);
            if (!origin.get().app().isEmpty()) words.add(origin.get().app());
            return words;
        }
        words.addAll(List.of("--cwd", launch.release().directory(), "--worker-count", workerCount()));
        files(words);
        launch.typed().stream().filter(option -> !REPLACED.contains(option.replaceFirst("=.*", ""))).forEach(words::add);
        words.add("--");
        words.addAll(launch.release().command());
        return words;
    }

    private String workerCount() {
        int count = launch.settings().workerCount();
        boolean isAuto = launch.typed().contains("--worker-count=auto") && count == Runtime.getRuntime().availableProcessors();
        return isAuto ? "auto" : "" + count;
    }

    private void files(List<String> words) {
        Launch.Files files = launch.files();
        Path ipc = Path.of(files.ipc());
        words.addAll(List.of("--ipc-file", files.ipc()));
        file(words, "--pid-file", files.pid(), ipc.resolveSibling("nary.pid"));
        file(words, "--log", files.log(), ipc.resolveSibling("nary.log"));
        file(words, "--stdout", files.stdout(), ipc.resolveSibling("stdout.log"));
        file(words, "--stderr", files.stderr(), ipc.resolveSibling("stderr.log"));
    }

    private static void file(List<String> words, String option, String file, Path usual) {
        if (!file.equals(usual.toString())) words.addAll(List.of(option, file));
    }

    /** A command line: {@code $} begins a variable there. */
    private static String words(List<String> words) {
        return words.stream().map(word -> quoted(word).replace("$", "$$")).collect(Collectors.joining(" "));
    }

    /** {@code %} begins a specifier everywhere; C escapes are read between quotes. */
    private static String quoted(String word) {
        String escaped = oneLine(word.replace("\\", "\\\\").replace("\"", "\\\"")).replace("%", "%%");
        boolean isPlain = escaped.equals(word) && word.matches("[-A-Za-z0-9_./:=,@+\\[\\]]+");
        return isPlain ? escaped : "\"" + escaped + "\"";
    }

    private static String oneLine(String text) {
        return text.replace("\n", "\\n").replace("\r", "\\r").replace("\t", "\\t");
    }
}
