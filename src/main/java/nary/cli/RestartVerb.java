package nary.cli;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import nary.config.Batch;
import nary.config.ConfigException;
import nary.control.Client;
import nary.control.DeployChange;
import nary.control.NoDaemon;

/** {@code nary restart}: new processes of the version that serves, slot by slot. */
final class RestartVerb implements Verb {

    @Override
    public Options options() {
        return new Options("restart", "Replace all workers by new ones of the same version, a batch at a time. A failure leaves the old ones serving.").app();
    }

    @Override
    public ExitCode run(Arguments arguments, Context context) throws UsageError, ConfigException, NoDaemon, IOException, InterruptedException {
        Optional<Duration> timeout = Values.durationOr("none", "--timeout", arguments.value("--timeout").orElse("none"));
        Optional<Batch> batch = Values.optional("--batch", arguments, Batch::parse);
        DeployChange change = DeployChange.restart(batch, timeout, "pid " + context.caller().pid());
        try (Client client = Daemons.connect(arguments, context)) {
            return DeployVerb.deploy(change, "restarting", client, context.console());
        }
    }
}
