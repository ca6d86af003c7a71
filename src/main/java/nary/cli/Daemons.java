package nary.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import nary.config.ConfigException;
import nary.control.Client;
import nary.control.NoDaemon;
import nary.control.Registry;

/** Finding the daemon that a command is for. */
public final class Daemons {
    static final String IPC_FILE = "nary.ipc";

    private Daemons() {}

    /** Of the app that the command's word names, or of the only one here. */
    static Client connect(Arguments arguments, Context context) throws UsageError, ConfigException, NoDaemon, IOException {
        return connect(Selection.one(arguments, arguments.word(), context.caller()).ipc(), context.caller());
    }

    /** By its control socket; where that was deleted with its directory, by the registry. */
    public static Client connect(Path ipc, Caller caller) throws NoDaemon, IOException {
        try {
            return Client.connect(ipc);
        } catch (NoDaemon notThere) {
            Client found = Registry.of(caller.environment()).find(ipc);
            if (found != null) return found;
            throw notThere;
        }
    }

    /** As {@link #connect}; empty if none runs. */
    static Optional<Client> find(Path ipc, Caller caller) throws IOException {
        try {
            return Optional.of(connect(ipc, caller));
        } catch (NoDaemon none) {
            return Optional.empty();
        }
    }
}
