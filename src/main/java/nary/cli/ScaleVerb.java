package nary.cli;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import nary.config.ConfigException;
import nary.control.Client;
import nary.control.NoDaemon;
import nary.control.Reply;
import nary.control.Request;
import nary.control.ScaleChange;

/** {@code nary scale}. Ctrl+C undoes an increase. */
final class ScaleVerb implements Verb {

    @Override
    public Options options() {
        return new Options("scale", "Change the number of workers: new ones serve when they are ready, surplus ones drain before they stop.")
                .words("[APP] N", "N: how many workers; +N: so many more, -N: so many fewer; APP: an app of nary.yml, or the app's control socket (default: the only app here)", 2);
    }

    @Override
    public ExitCode run(Arguments arguments, Context context) throws UsageError, ConfigException, NoDaemon, IOException, InterruptedException {
        ScaleChange change = change(arguments, context.caller());
        Optional<String> app = arguments.words().stream().filter(word -> !word.equals(count(arguments))).findFirst();
        try (Client client = Daemons.connect(Selection.one(arguments, app, context.caller()).ipc(), context.caller());
                Progress progress = new Progress(context.console(), "scaling")) {
            client.send(new Request.Follow());
            long id = DeployVerb.sendRevocably(new Request.Scale(change), "scale", client, context.console());
            return progress.end((Reply.Ended) client.await(id, progress::show));
        }
    }

    /** The word that is a number, before or after the app's; else the first, which is said to be none. */
    private static String count(Arguments arguments) {
        List<String> words = arguments.words();
        return words.stream().filter(word -> word.matches("[-+]?[0-9]+")).findFirst().orElse(words.isEmpty() ? "" : words.getFirst());
    }

    static ScaleChange change(Arguments arguments, Caller caller) throws UsageError {
        String text = count(arguments);
        if (text.isEmpty()) throw new UsageError("how many workers? e.g. nary scale 4, or nary scale +1");
        boolean isRelative = text.startsWith("+") || text.startsWith("-");
        String digits = isRelative ? text.substring(1) : text;
        int amount = Values.integer("N", digits, 1, 1000, isRelative ? "" : ", or +N or -N");
        Optional<Duration> timeout = Values.durationOr("none", "--timeout", arguments.value("--timeout").orElse("none"));
        return new ScaleChange(text.startsWith("-") ? -amount : amount, isRelative, timeout, "pid " + caller.pid());
    }
}
