package nary.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import nary.config.ConfigException;
import nary.config.Maintenance;
import nary.config.Suggest;
import nary.control.Client;
import nary.control.NoDaemon;
import nary.supervisor.Outcome;

/** {@code nary maintenance on|off}. */
final class MaintenanceVerb implements Verb {
    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(10);
    private static final List<String> WORDS = List.of("on", "off");

    @Override
    public Options options() {
        return new Options("maintenance", "Answer new connections with a page and 503, while requests under way finish; off: they go to the workers again. "
                        + "A file app_offline.htm in the app's directory does the same as long as it is there.")
                .words("on|off [APP]", "APP: an app of nary.yml, or the app's control socket (default: the only app here)", 2);
    }

    @Override
    public ExitCode run(Arguments arguments, Context context) throws UsageError, ConfigException, NoDaemon, IOException {
        List<String> words = arguments.words();
        Optional<Maintenance> how = isOn(words.stream().findFirst()) ? Optional.of(how(arguments, context.caller())) : Optional.empty();
        Path ipc = Selection.one(arguments, words.stream().skip(1).findFirst(), context.caller()).ipc();
        try (Client client = Daemons.connect(ipc, context.caller())) {
            Outcome outcome = client.close(how, "pid " + context.caller().pid(), ANSWER_LIMIT);
            context.console().err(outcome.text());
            return ExitCode.of(outcome);
        }
    }

    /** @param word as typed */
    static boolean isOn(Optional<String> word) throws UsageError {
        String what = word.orElseThrow(() -> new UsageError("on or off?"));
        if (!WORDS.contains(what)) throw new UsageError("'" + what + "' is neither on nor off" + Suggest.text(what, WORDS));
        return what.equals("on");
    }

    static Maintenance how(Arguments arguments, Caller caller) throws UsageError {
        Optional<String> page = arguments.value("--page").map(it -> caller.directory().resolve(it).normalize().toString());
        if (page.isPresent() && !Files.isReadable(Path.of(page.get()))) throw new UsageError("--page: there is no file " + page.get() + " that can be read");
        Optional<String> monitor = arguments.value("--monitor");
        if (monitor.filter(it -> !it.startsWith("/")).isPresent()) throw new UsageError("--monitor: a path begins with /, e.g. --monitor /health");
        String answer = arguments.value("--monitor-answer").orElse("fail");
        if (!List.of("fail", "pass").contains(answer)) throw new UsageError("--monitor-answer: '" + answer + "' is neither fail nor pass");
        if (answer.equals("pass") && monitor.isEmpty()) throw new UsageError("--monitor-answer pass: to which request? e.g. --monitor /health");
        Duration retry = Values.duration("--retry-after", arguments.value("--retry-after").orElse("30"));
        return new Maintenance(page, retry, monitor, answer.equals("pass"));
    }
}
