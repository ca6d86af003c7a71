package nary.cli;

import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import nary.config.ConfigException;
import nary.config.Numbers;
import nary.config.Strategy;
import nary.control.Client;
import nary.control.DeployChange;
import nary.control.NoDaemon;
import nary.control.Refusal;
import nary.control.Reply;
import nary.control.Request;

/** {@code nary deploy}. Ctrl+C aborts the deploy; a lost connection does not. */
final class DeployVerb implements Verb {

    @Override
    public Options options() {
        return new Options("deploy", "Boot a new generation, move the traffic to it, drain and stop the old one. A failure leaves the old one serving.").app();
    }

    @Override
    public ExitCode run(Arguments arguments, Context context) throws UsageError, ConfigException, Refusal, NoDaemon, IOException, InterruptedException {
        DeployChange wish = change(arguments, context.caller());
        Selection app = Selection.one(arguments, arguments.word(), context.caller());
        try (Client client = Daemons.connect(app.ipc(), context.caller())) {
            Optional<Redefinition> its = Redefinition.of(client, app, context);
            return deploy(its.isPresent() ? redefined(wish, its.get()) : wish, "deploying", client, context.console());
        }
    }

    /** What is typed counts before what the file says. */
    static DeployChange redefined(DeployChange wish, Redefinition its) {
        DeployChange change = wish.with(its.definition());
        return wish.workerCount() == 0 ? change.withWorkerCount(its.workerCount()) : change;
    }

    static ExitCode deploy(DeployChange change, String doing, Client client, Console console) throws IOException, InterruptedException {
        try (Progress progress = new Progress(console, doing)) {
            client.send(new Request.Follow());
            long id = sendRevocably(new Request.Deploy(change), "deploy", client, console);
            return progress.end((Reply.Ended) client.await(id, progress::show));
        } finally {
            Interrupts.leave();
        }
    }

    static DeployChange change(Arguments arguments, Caller caller) throws UsageError {
        boolean isOverriding = Values.bool("--override-env", arguments.value("--override-env").orElse("false"));
        Optional<Strategy> strategy = Values.optional("--strategy", arguments, Strategy::parse);
        return new DeployChange(
                Values.optional("--worker-count", arguments, text -> Numbers.workers(text, 0)).orElse(0),
                Values.environment(arguments.values("--env")),
                isOverriding ? caller.environment() : Map.of(),
                arguments.value("--cwd").map(directory -> caller.resolve(directory).toString()),
                false,
                strategy,
                Values.batch(arguments, strategy),
                Optional.empty(),
                Values.durationOr("none", "--timeout", arguments.value("--timeout").orElse("none")),
                "pid " + caller.pid());
    }

    /** The first Ctrl+C aborts and waits for the result, the second only leaves. @return the request's number */
    static long sendRevocably(Request request, String what, Client client, Console console) throws IOException {
        var isAborting = new AtomicBoolean();
        return Interrupts.askRevocably(() -> client.send(request), _ -> {
            if (isAborting.getAndSet(true)) Runtime.getRuntime().halt(ExitCode.INTERRUPTED.number());
            console.err("aborting the " + what);
            try {
                client.send(new Request.Abort());
            } catch (IOException e) {
                console.err("the abort could not be sent: " + e.getMessage());
                Runtime.getRuntime().halt(ExitCode.INTERRUPTED.number());
            }
        });
    }
}
