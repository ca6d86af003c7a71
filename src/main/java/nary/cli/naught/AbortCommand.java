package nary.cli.naught;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import nary.cli.Console;
import nary.cli.Context;
import nary.cli.UsageError;
import nary.control.Client;
import nary.control.Reply;
import nary.control.Request;
import nary.supervisor.Outcome;

/** {@code naught deploy-abort}. */
record AbortCommand(Context context) {
    int run(List<String> line) throws UsageError, IOException {
        String ipcFile = Words.parse(line).onlyWord().orElse(Talk.IPC_FILE);
        Optional<Client> running = Talk.connect(ipcFile, context);
        if (running.isEmpty()) {
            Talk.sayNobodyListens(ipcFile, context);
            return Naught.FAILED;
        }
        try (Client client = running.get()) {
            client.send(new Request.Follow());
            long id = client.send(new Request.Abort());
            var ended = (Reply.Ended) client.await(id, notice -> Talk.show(notice, context.console()));
            return end(ended.outcome());
        }
    }

    private int end(Outcome outcome) {
        Console console = context.console();
        if (outcome instanceof Outcome.Refused) {
            console.err("no deploy in progress");
            return Naught.FAILED;
        }
        // too late to go back: those that hung were killed, which is what the abort of a hanging deploy is for
        if (!(outcome instanceof Outcome.Done)) console.err(outcome.text());
        console.err("deploy aborted");
        return Naught.DONE;
    }
}
