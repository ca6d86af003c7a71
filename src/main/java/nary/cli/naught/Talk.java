package nary.cli.naught;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import nary.cli.Console;
import nary.cli.Context;
import nary.cli.Daemons;
import nary.control.Client;
import nary.control.ControlPath;
import nary.control.NoDaemon;
import nary.control.Request;
import nary.control.Status;
import nary.supervisor.Notice;
import nary.supervisor.Tally;

/** What the commands have in common: whom they talk to, and in what words. */
final class Talk {
    static final String IPC_FILE = "naught.ipc";

    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(10);
    /** The command says these in its own words, or they are another's. */
    private static final Set<String> UNSAID = Set.of(
            "Ready", "Shutdown", "Status", "DeployFailed", "AlreadyShuttingDown", "ErrorDeployInProgress", "ErrorNoDeployInProgress", "ErrorShuttingDown");

    private Talk() {}

    /** Empty if no server runs; that has been said then. */
    static Optional<Client> connect(String ipcFile, Context context) throws IOException {
        try {
            return Optional.of(Daemons.connect(context.caller().resolve(ipcFile), context.caller()));
        } catch (NoDaemon e) {
            return Optional.empty();
        }
    }

    /** @return true: something is there; false: nothing, so no server runs; either has been said */
    static boolean sayNobodyListens(String ipcFile, Context context) {
        Path path = context.caller().resolve(ipcFile);
        if (ControlPath.exists(path)) {
            sayDead(ipcFile, context.console());
            return true;
        }
        context.console().err("server not running");
        return false;
    }

    static void sayDead(String ipcFile, Console console) {
        console.err("unable to connect to ipc-file `" + ipcFile + "`");
        console.err("");
        console.err("1. the ipc file specified is invalid, or");
        console.err("2. the daemon process died unexpectedly");
    }

    static void show(Notice notice, Console console) {
        if (notice.tally().isPresent() && !UNSAID.contains(notice.name())) console.err(notice.name() + ". " + notice.text());
    }

    static boolean isStopping(Notice notice) {
        return notice.tally().flatMap(Tally::waitingFor).filter(Tally.SHUTDOWN::equals).isPresent();
    }

    static String online(int count) {
        return "workers online: " + count;
    }

    static void showStatus(Client client, Console console) throws IOException {
        client.send(new Request.Follow());
        Notice[] last = new Notice[1];
        Status status = client.status(ANSWER_LIMIT, notice -> {
            if (notice.name().equals("Status")) last[0] = notice;
        });
        Optional<Tally> tally = Optional.ofNullable(last[0]).flatMap(Notice::tally);
        int online = tally.map(Tally::online).orElse((int) status.workers().stream().filter(it -> it.state().equals("serving")).count());
        String state = status.app().state();
        if (tally.isPresent() && state.equals("online") && tally.get().booting() > 0) state = "booting";
        String doing = switch (state) {
            case "booting" -> "booting";
            case "deploying" -> "deploy in progress";
            case "stopping", "stopped" -> "shutting down";
            default -> "";
        };
        if (doing.isEmpty()) {
            console.out(online(online));
            return;
        }
        console.out(doing);
        tally.ifPresent(it -> console.out(it.text()));
    }
}
