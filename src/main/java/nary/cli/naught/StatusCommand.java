package nary.cli.naught;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import nary.cli.Context;
import nary.cli.UsageError;
import nary.control.Client;

/** {@code naught status}. */
record StatusCommand(Context context) {
    int run(List<String> line) throws UsageError, IOException {
        String ipcFile = Words.parse(line).onlyWord().orElse(Talk.IPC_FILE);
        Optional<Client> running = Talk.connect(ipcFile, context);
        if (running.isEmpty()) {
            Talk.sayNobodyListens(ipcFile, context);
            return Naught.FAILED;
        }
        try (Client client = running.get()) {
            Talk.showStatus(client, context.console());
            return Naught.DONE;
        }
    }
}
