package nary.cli.naught;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import nary.cli.Console;
import nary.cli.Context;
import nary.cli.Interrupts;
import nary.cli.UsageError;
import nary.control.Client;
import nary.control.DeployChange;
import nary.control.Reply;
import nary.control.Request;
import nary.supervisor.Notice;
import nary.supervisor.Outcome;

/** {@code naught deploy}. Ctrl+C aborts. */
final class DeployCommand {
    private final Context context;
    private final Console console;
    /** The last of those that end a deploy, or say why it does not begin. */
    private String last = "";

    private boolean isStopping;

    DeployCommand(Context context) {
        this.context = context;
        this.console = context.console();
    }

    int run(List<String> line) throws UsageError, IOException {
        Words words = Words.parse(line, "--worker-count", "--override-env", "--timeout", "--cwd");
        String ipcFile = words.onlyWord().orElse(Talk.IPC_FILE);
        DeployChange change = change(words);
        Optional<Client> running = Talk.connect(ipcFile, context);
        if (running.isEmpty()) {
            Talk.sayNobodyListens(ipcFile, context);
            return Naught.FAILED;
        }
        try (Client client = running.get()) {
            client.send(new Request.Follow());
            long id = client.send(new Request.Deploy(change));
            abortAtInterrupt(client);
            var ended = (Reply.Ended) client.await(id, this::hear);
            return end(ended.outcome(), client);
        }
    }

    private DeployChange change(Words words) throws UsageError {
        return new DeployChange(
                words.workerCount("0", 0),
                Map.of(),
                words.isTrue("--override-env", true) ? context.caller().environment() : Map.of(),
                Optional.of(context.caller().resolve(words.option("--cwd", ".")).toString()),
                false,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                words.timeout(),
                "pid " + context.caller().pid());
    }

    private void hear(Notice notice) {
        switch (notice.name()) {
            case "Ready", "DeployFailed", "Shutdown", "ErrorDeployInProgress", "ErrorShuttingDown" -> last = notice.name();
            default -> {}
        }
        isStopping |= Talk.isStopping(notice);
        Talk.show(notice, console);
    }

    private int end(Outcome outcome, Client client) throws IOException {
        return switch (outcome) {
            case Outcome.Done _ -> done();
            case Outcome.Aborted _ -> isStopping ? neverUp() : done();
            case Outcome.Refused refused -> refused(refused, client);
            // the new version serves: that is not what a failed deploy means
            case Outcome.Failed _, Outcome.TimedOut _ when last.equals("Ready") -> {
                console.err(outcome.text());
                yield done();
            }
            case Outcome.Failed failed -> failed(failed.text());
            case Outcome.TimedOut timedOut -> failed(timedOut.text());
        };
    }

    private int done() {
        console.err("done");
        return Naught.DONE;
    }

    private int failed(String reason) {
        // naught's own reasons are in its log; those of the daemon, such as a directory that is not there, nowhere else
        if (!last.equals("DeployFailed")) console.err(reason);
        console.out("Deploy failed. Check stderr.log and usage of 'online' and 'shutdown' events.");
        return Naught.FAILED;
    }

    private int neverUp() {
        console.err("Bootup never succeeded. Check stderr.log and usage of 'online' and 'shutdown' events.");
        return Naught.FAILED;
    }

    /** Another deploy, the boot or the stop goes on: its end is this command's. */
    private int refused(Outcome.Refused refused, Client client) throws IOException {
        if (!last.startsWith("Error")) return failed(refused.text());
        console.err(last.equals("ErrorShuttingDown") ? "ErrorShuttingDown. The server is being stopped." : "Deploy already in progress. Press Ctrl+C to abort.");
        boolean isHeard = client.follow(notice -> {
            hear(notice);
            return !last.startsWith("Error");
        });
        if (!isHeard || last.equals("Shutdown")) return neverUp();
        return last.equals("Ready") ? done() : failed("");
    }

    /** The first Ctrl+C aborts and waits for the result, the second only leaves. */
    private void abortAtInterrupt(Client client) {
        var isAborting = new AtomicBoolean();
        Interrupts.on("INT", () -> {
            if (isAborting.getAndSet(true)) Runtime.getRuntime().halt(Naught.INTERRUPTED);
            console.err("aborting deploy");
            try {
                client.send(new Request.Abort());
            } catch (IOException e) {
                console.err("the abort could not be sent: " + e.getMessage());
                Runtime.getRuntime().halt(Naught.INTERRUPTED);
            }
        });
    }
}
