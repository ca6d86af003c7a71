package nary.cli;

import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import nary.config.Strategy;
import nary.control.Client;
import nary.control.DeployChange;
import nary.control.NoDaemon;
import nary.control.Reply;
import nary.control.Request;

/** {@code nary deploy}. Ctrl+C aborts the deploy; a lost connection does not. */
final class DeployVerb implements Verb {

    @Override
    public Options options() {
        return new Options("deploy", "Boot a new generation, move the traffic to it, drain and stop the old one. A failure leaves the old one serving.")
                .option("--worker-count", "N|auto", "number of workers; 0 keeps it (default 0)")
                .repeated("--env", "KEY=VALUE", "set a variable for this and later generations; may be repeated")
                .option("--override-env", "true|false", "true: take over the whole environment of this command; nothing is removed (default false)")
                .option("--cwd", "DIR", "the new directory, kept for later deploys (default: the app's, resolved again)")
                .option("--strategy", "NAME", "surge, first-ready, rolling or replace (default: the app's)")
                .option("--batch", "N|N%", "how many workers a rolling deploy exchanges at once (default: the app's)")
                .option("--timeout", "S|none", "abort the deploy after this time, exit 5 (default none)")
                .word("ipc-file", "the app's control socket (default nary.ipc)");
    }

    @Override
    public ExitCode run(Arguments arguments, Context context) throws UsageError, NoDaemon, IOException, InterruptedException {
        return run(change(arguments, context.caller()), "deploying", arguments, context);
    }

    static ExitCode run(DeployChange change, String doing, Arguments arguments, Context context)
            throws NoDaemon, IOException, InterruptedException {
        try (Client client = Daemons.connect(arguments.word(), context.caller());
                Progress progress = new Progress(context.console(), doing)) {
            client.send(new Request.Follow());
            long id = client.send(new Request.Deploy(change));
            abortAtInterrupt(client, context.console(), "the deploy");
            return progress.end((Reply.Ended) client.await(id, progress::show));
        }
    }

    static DeployChange change(Arguments arguments, Caller caller) throws UsageError {
        boolean isOverriding = Values.bool("--override-env", arguments.value("--override-env").orElse("false"));
        Optional<Strategy> strategy = Values.optional("--strategy", arguments, Strategy::parse);
        return new DeployChange(
                Values.workerCount("--worker-count", arguments.value("--worker-count").orElse("0"), 0),
                Values.environment(arguments.values("--env")),
                isOverriding ? caller.environment() : Map.of(),
                arguments.value("--cwd").map(directory -> caller.resolve(directory).toString()),
                false,
                strategy,
                Values.batch(arguments, strategy),
                Values.durationOr("none", "--timeout", arguments.value("--timeout").orElse("none")),
                "pid " + caller.pid());
    }

    /** The first Ctrl+C aborts and waits for the result, the second only leaves. @param what e.g. {@code the deploy} */
    static void abortAtInterrupt(Client client, Console console, String what) {
        var isAborting = new AtomicBoolean();
        Interrupts.on("INT", () -> {
            if (isAborting.getAndSet(true)) Runtime.getRuntime().halt(ExitCode.INTERRUPTED.number());
            console.err("aborting " + what);
            try {
                client.send(new Request.Abort());
            } catch (IOException e) {
                console.err("the abort could not be sent: " + e.getMessage());
                Runtime.getRuntime().halt(ExitCode.INTERRUPTED.number());
            }
        });
    }
}
