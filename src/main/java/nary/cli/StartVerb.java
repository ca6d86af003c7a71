package nary.cli;

import java.io.IOException;
import java.nio.file.Path;
import nary.config.Launch;
import nary.control.Client;
import nary.control.NoDaemon;
import nary.control.Refusal;
import nary.control.Reply;

/** {@code nary start}: spawns the daemon, shows what it says until the app is online or has failed. */
final class StartVerb implements Verb {

    @Override
    public Options options() {
        return StartOptions.options();
    }

    @Override
    public ExitCode run(Arguments arguments, Context context) throws UsageError, Refusal, IOException, InterruptedException {
        boolean isDaemon = StartOptions.isDaemon(arguments);
        Launch launch = StartOptions.launch(arguments, context.caller(), context.parts().posix());
        refuseIfRunning(Path.of(launch.files().ipc()));
        ConfinementOptions.check(launch.confinement());
        return isDaemon ? spawn(launch, context) : new Foreground(context).run(launch);
    }

    private static void refuseIfRunning(Path ipc) throws Refusal {
        try (Client client = Client.connect(ipc)) {
            throw new Refusal("already running: pid " + client.hello().pid() + " at " + ipc);
        } catch (NoDaemon | IOException e) {
            // free, or something that the daemon, which holds the lock, can tell better
        }
    }

    private static ExitCode spawn(Launch launch, Context context) throws IOException, InterruptedException {
        try (Progress progress = new Progress(context.console(), "starting");
                DaemonProcess daemon = Interrupts.askRevocably(() -> DaemonProcess.spawn(launch, context), DaemonProcess::cancel)) {
            Reply.Ended ended = daemon.awaitStarted(progress::show);
            ExitCode code = progress.end(ended);
            if (code == ExitCode.DONE && !daemon.isCancelled()) return code;
            daemon.awaitEnd();
            return daemon.isCancelled() ? ExitCode.INTERRUPTED : code;
        }
    }
}
