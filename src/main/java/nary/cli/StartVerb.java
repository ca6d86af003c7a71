package nary.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import nary.config.AppFile;
import nary.config.ConfigException;
import nary.config.FileApp;
import nary.config.Launch;
import nary.control.Client;
import nary.control.NoDaemon;
import nary.control.Refusal;
import nary.control.Reply;

/** {@code nary start}: spawns the daemon, shows what it says until the app is online or has failed. A command, or apps of the file. */
final class StartVerb implements Verb {

    @Override
    public Options options() {
        return StartOptions.options();
    }

    @Override
    public ExitCode run(Arguments arguments, Context context) throws UsageError, ConfigException, Refusal, IOException, InterruptedException {
        Optional<AppFile> file = fileMeant(arguments, context.caller());
        if (file.isPresent()) return startApps(file.get(), arguments, context);
        return start(StartOptions.launch(Given.typed(arguments, context.caller()), context.caller(), context.parts().posix()), StartOptions.isDaemon(arguments), context);
    }

    /** Empty: the words are a command. The name of an app counts before a program of that name, unless {@code --} is before it. */
    private static Optional<AppFile> fileMeant(Arguments arguments, Caller caller) throws UsageError, ConfigException, IOException {
        List<String> words = arguments.words();
        boolean isNamed = arguments.value("--file").isPresent();
        if (isNamed && arguments.isSeparated()) throw new UsageError("--file names what is run: leave the command out");
        if (arguments.isSeparated()) return Optional.empty();
        Optional<AppFile> file = Selection.file(arguments, caller);
        if (words.isEmpty()) return Optional.of(file.orElseThrow(() -> new UsageError("what shall run? e.g. nary start -- node server.js; or write it into a nary.yml (there is none in " + caller.directory() + ")")));
        if (isNamed || file.isPresent() && file.get().app(words.getFirst()).isPresent()) return file;
        if (file.isPresent() && words.size() == 1 && !Interpreter.isThere(words.getFirst(), caller))
            throw new UsageError(Selection.unknown(words.getFirst(), file.get()) + ", and there is no such program");
        return Optional.empty();
    }

    private static ExitCode startApps(AppFile file, Arguments arguments, Context context) throws UsageError, ConfigException, Refusal, IOException, InterruptedException {
        Arguments line = arguments.again(StartOptions.options().words("APP", "", Integer.MAX_VALUE - 1));
        List<FileApp> apps = Roster.chosen(file, line.words());
        if (apps.size() > 1) refuseOptions(line);
        List<Roster.Entry> entries = Roster.read(file, apps, line, context);
        for (Roster.Entry entry : entries) refuseIfRunning(entry.app().title(), Path.of(entry.launch().files().ipc()));
        boolean isDaemon = StartOptions.isDaemon(line);
        if (entries.size() == 1) return start(entries.getFirst().launch(), isDaemon, context);
        return new Roster(context.console()).inOrder(entries, "started", entry -> start(entry.launch(), true, context));
    }

    /** An option is for one app. */
    private static void refuseOptions(Arguments line) throws UsageError {
        List<String> typed = line.typed().stream().filter(option -> !option.startsWith("--file=")).toList();
        if (!typed.isEmpty()) throw new UsageError(typed.getFirst().replaceFirst("=.*", "") + ": for which app? name one, e.g. nary start web " + typed.getFirst());
    }

    static ExitCode start(Launch launch, boolean isDaemon, Context context) throws Refusal, IOException, InterruptedException {
        refuseIfRunning("", Path.of(launch.files().ipc()));
        Preflight.descriptors();
        ConfinementOptions.check(launch.confinement());
        return isDaemon ? spawn(launch, context) : new Foreground(context).run(launch);
    }

    private static void refuseIfRunning(String title, Path ipc) throws Refusal {
        try (Client client = Client.connect(ipc)) {
            throw new Refusal((title.isEmpty() ? "" : title + " is ") + "already running: pid " + client.hello().pid() + " at " + ipc);
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
        } finally {
            Interrupts.leave();
        }
    }
}
