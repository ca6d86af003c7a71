package nary.cli;

import java.io.IOException;
import nary.control.Client;
import nary.control.NoDaemon;
import nary.control.Reply;
import nary.control.Request;

/** {@code nary deploy-abort}. */
final class DeployAbortVerb implements Verb {

    @Override
    public Options options() {
        return new Options("deploy-abort", "Abort the deploy in progress; the old generation goes on serving.")
                .word("ipc-file", "the app's control socket (default nary.ipc)");
    }

    @Override
    public ExitCode run(Arguments arguments, Context context) throws UsageError, NoDaemon, IOException, InterruptedException {
        try (Client client = Daemons.connect(arguments.word(), context.caller());
                Progress progress = new Progress(context.console(), "aborting")) {
            return progress.end((Reply.Ended) client.await(client.send(new Request.Abort()), progress::show));
        }
    }
}
