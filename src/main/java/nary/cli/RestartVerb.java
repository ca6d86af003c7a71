package nary.cli;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import nary.config.Batch;
import nary.control.DeployChange;
import nary.control.NoDaemon;

/** {@code nary restart}: new processes of the version that serves, slot by slot. */
final class RestartVerb implements Verb {

    @Override
    public Options options() {
        return new Options("restart", "Replace all workers by new ones of the same version, a batch at a time. A failure leaves the old ones serving.")
                .option("--batch", "N|N%", "how many workers are exchanged at once (default: the app's)")
                .option("--timeout", "S|none", "give up after this time, exit 5 (default none)")
                .word("ipc-file", "the app's control socket (default nary.ipc)");
    }

    @Override
    public ExitCode run(Arguments arguments, Context context) throws UsageError, NoDaemon, IOException, InterruptedException {
        Optional<Duration> timeout = Values.durationOr("none", "--timeout", arguments.value("--timeout").orElse("none"));
        Optional<Batch> batch = Values.optional("--batch", arguments, Batch::parse);
        DeployChange change = DeployChange.restart(batch, timeout, "pid " + context.caller().pid());
        return DeployVerb.run(change, "restarting", arguments, context);
    }
}
