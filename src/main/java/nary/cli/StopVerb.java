package nary.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import nary.config.ConfigException;
import nary.control.Client;
import nary.control.NoDaemon;
import nary.control.Reply;
import nary.control.Request;

/** {@code nary stop}: returns when the workers and the daemon are gone. */
final class StopVerb implements Verb {

    @Override
    public Options options() {
        return new Options("stop", "Stop the app: no new connections, those that are open are drained, then the workers and the daemon end.").app();
    }

    @Override
    public ExitCode run(Arguments arguments, Context context) throws UsageError, ConfigException, NoDaemon, IOException, InterruptedException {
        Optional<Duration> timeout = Values.durationOr("none", "--timeout", arguments.value("--timeout").orElse("none"));
        return stop(Selection.one(arguments, arguments.word(), context.caller()).ipc(), timeout, context);
    }

    static ExitCode stop(Path ipc, Optional<Duration> timeout, Context context) throws NoDaemon, IOException, InterruptedException {
        try (Client client = Daemons.connect(ipc, context.caller());
                Progress progress = new Progress(context.console(), "stopping")) {
            client.send(new Request.Follow());
            long id = client.send(new Request.Stop(timeout, "pid " + context.caller().pid()));
            var ended = (Reply.Ended) client.await(id, progress::show);
            if (ExitCode.of(ended.outcome()).equals(ExitCode.DONE)) Departure.awaitDaemon(client);
            return progress.end(ended);
        }
    }
}
