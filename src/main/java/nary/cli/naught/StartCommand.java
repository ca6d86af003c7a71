package nary.cli.naught;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import nary.cli.Console;
import nary.cli.Context;
import nary.cli.DaemonProcess;
import nary.cli.Interrupts;
import nary.cli.UsageError;
import nary.config.Launch;
import nary.control.Client;
import nary.control.ControlPath;
import nary.control.Reply;
import nary.supervisor.Notice;
import nary.supervisor.Outcome;
import nary.supervisor.Tally;

/** {@code naught start}. */
final class StartCommand {
    private final Context context;
    private final Console console;
    private int online;
    private boolean hasBegun;

    StartCommand(Context context) {
        this.context = context;
        this.console = context.console();
    }

    int run(List<String> line) throws UsageError, IOException, InterruptedException {
        StartWords words = StartWords.parse(line, context.caller());
        Optional<Client> running = Talk.connect(words.ipcFile(), context);
        if (running.isPresent()) return refuse(running.get());
        if (!isFree(words)) return Naught.FAILED;
        try {
            Launch launch = words.launch();
            for (String file : List.of(launch.files().ipc(), launch.files().log(), launch.files().stderr(), launch.files().stdout())) Folders.makeParentOf(Path.of(file));
            return words.isDaemon() ? startDaemon(launch) : new Foreground(context).run(launch);
        } catch (FileSystemException e) {
            return unable(Folders.text(e));
        } catch (IOException e) {
            return unable(String.valueOf(e.getMessage()));
        }
    }

    private int refuse(Client running) throws IOException {
        try (running) {
            Talk.showStatus(running, console);
            return Naught.FAILED;
        }
    }

    /** False, and said, if what a dead daemon left is in the way. */
    private boolean isFree(StartWords words) throws IOException {
        Path ipc = context.caller().resolve(words.ipcFile());
        if (!ControlPath.exists(ipc)) return true;
        if (!words.removesOldIpc()) {
            Talk.sayDead(words.ipcFile(), console);
            return false;
        }
        console.err("unable to connect to ipc-file `" + words.ipcFile() + "`");
        console.err("");
        console.err("removing the ipc-file and attempting to continue");
        Files.delete(ipc);
        return true;
    }

    private int startDaemon(Launch launch) throws IOException, InterruptedException {
        try (DaemonProcess daemon = DaemonProcess.spawn(launch, context)) {
            Interrupts.on("INT", daemon::cancel);
            Reply.Ended ended = daemon.awaitStarted(this::hear);
            if (ended.outcome() instanceof Outcome.Done && !daemon.isCancelled()) {
                console.out(Talk.online(online));
                return Naught.DONE;
            }
            daemon.awaitEnd();
            return daemon.isCancelled() ? cancelled(ended) : failed(ended);
        }
    }

    private void hear(Notice notice) {
        hasBegun |= notice.tally().isPresent();
        online = notice.tally().map(Tally::online).orElse(online);
        Talk.show(notice, console);
    }

    private int cancelled(Reply.Ended ended) {
        console.err(ended.outcome().text());
        return Naught.INTERRUPTED;
    }

    private int failed(Reply.Ended ended) {
        if (hasBegun) {
            console.err("The server crashed without booting. Check stderr.log.");
            return Naught.FAILED;
        }
        ended.lastErrors().forEach(console::err);
        return unable(ended.outcome().text());
    }

    private int unable(String reason) {
        console.err("unable to start daemon: " + reason);
        return Naught.FAILED;
    }
}
