package nary.cli;

import java.io.IOException;
import nary.config.ConfigException;
import nary.control.Client;
import nary.control.NoDaemon;
import nary.control.Reply;
import nary.control.Request;

/** {@code nary deploy-abort}. */
final class DeployAbortVerb implements Verb {

    @Override
    public Options options() {
        return new Options("deploy-abort", "Abort the deploy in progress; the old generation goes on serving.").app();
    }

    @Override
    public ExitCode run(Arguments arguments, Context context) throws UsageError, ConfigException, NoDaemon, IOException, InterruptedException {
        try (Client client = Daemons.connect(arguments, context);
                Progress progress = new Progress(context.console(), "aborting")) {
            return progress.end((Reply.Ended) client.await(client.send(new Request.Abort()), progress::show));
        }
    }
}
