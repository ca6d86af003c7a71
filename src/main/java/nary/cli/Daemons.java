package nary.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import nary.control.Client;
import nary.control.NoDaemon;
import nary.control.Registry;

/** Finding the daemon that a command is for. */
public final class Daemons {
    static final String IPC_FILE = "nary.ipc";

    private Daemons() {}

    /** By its control socket; where that was deleted with its directory, by the registry. */
    public static Client connect(Optional<String> ipcFile, Caller caller) throws NoDaemon, IOException {
        Path ipc = caller.resolve(ipcFile.orElse(IPC_FILE));
        try {
            return Client.connect(ipc);
        } catch (NoDaemon notThere) {
            Client found = Registry.of(caller.environment()).find(ipc);
            if (found != null) return found;
            throw notThere;
        }
    }
}
