package nary.cli.naught;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import nary.cli.Console;
import nary.cli.Context;
import nary.cli.Departure;
import nary.cli.UsageError;
import nary.control.Client;
import nary.control.Reply;
import nary.control.Request;
import nary.supervisor.Notice;
import nary.supervisor.Outcome;

/** {@code naught stop}: returns when the workers and the daemon are gone. */
record StopCommand(Context context) {
    int run(List<String> line) throws UsageError, IOException, InterruptedException {
        Words words = Words.parse(line, "--timeout", "--pid-file");
        String ipcFile = words.onlyWord().orElse(Talk.IPC_FILE);
        Optional<Client> running = Talk.connect(ipcFile, context);
        if (running.isEmpty()) return Talk.sayNobodyListens(ipcFile, context) ? Naught.FAILED : Naught.DONE;
        try (Client client = running.get()) {
            client.send(new Request.Follow());
            long id = client.send(new Request.Stop(words.timeout(), "pid " + context.caller().pid()));
            var ended = (Reply.Ended) client.await(id, new Listener(context.console())::hear);
            if (ended.outcome() instanceof Outcome.Done) Departure.awaitDaemon(client);
            else context.console().err(ended.outcome().text());
            return ended.outcome() instanceof Outcome.Done ? Naught.DONE : Naught.FAILED;
        }
    }

    /** Only who comes to a stop that goes on already is told so. */
    private static final class Listener {
        private final Console console;
        private boolean hasHeard;

        Listener(Console console) {
            this.console = console;
        }

        void hear(Notice notice) {
            if (!hasHeard && notice.name().equals("AlreadyShuttingDown")) {
                console.err("Waiting for shutdown already in progress.");
                console.err("If it hangs, Ctrl+C this command and try it again with --timeout 1");
            }
            hasHeard |= Talk.isStopping(notice);
            Talk.show(notice, console);
        }
    }
}
