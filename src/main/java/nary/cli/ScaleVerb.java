package nary.cli;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
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
                .option("--timeout", "S|none", "undo an increase, or kill what still drains, after this time, exit 5 (default none)")
                .words("N", "how many workers; +N: so many more, -N: so many fewer", "ipc-file", "the app's control socket (default nary.ipc)");
    }

    @Override
    public ExitCode run(Arguments arguments, Context context) throws UsageError, NoDaemon, IOException, InterruptedException {
        ScaleChange change = change(arguments, context.caller());
        Optional<String> ipc = arguments.words().stream().skip(1).findFirst();
        try (Client client = Daemons.connect(ipc, context.caller());
                Progress progress = new Progress(context.console(), "scaling")) {
            client.send(new Request.Follow());
            long id = DeployVerb.sendRevocably(new Request.Scale(change), "scale", client, context.console());
            return progress.end((Reply.Ended) client.await(id, progress::show));
        }
    }

    static ScaleChange change(Arguments arguments, Caller caller) throws UsageError {
        List<String> words = arguments.words();
        if (words.isEmpty()) throw new UsageError("how many workers? e.g. nary scale 4, or nary scale +1");
        String text = words.getFirst();
        boolean isRelative = text.startsWith("+") || text.startsWith("-");
        String digits = isRelative ? text.substring(1) : text;
        int amount = Values.integer("N", digits, 1, 1000, isRelative ? "" : ", or +N or -N");
        Optional<Duration> timeout = Values.durationOr("none", "--timeout", arguments.value("--timeout").orElse("none"));
        return new ScaleChange(text.startsWith("-") ? -amount : amount, isRelative, timeout, "pid " + caller.pid());
    }
}
