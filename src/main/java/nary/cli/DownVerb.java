package nary.cli;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import nary.config.AppFile;
import nary.config.ConfigException;
import nary.config.FileApp;
import nary.control.Client;
import nary.control.Refusal;

/** {@code nary down}: stops the apps of the file, the last one first. */
final class DownVerb implements Verb {

    @Override
    public Options options() {
        return new Options("down", "Stop the apps of nary.yml gracefully, in reverse order; those that do not run are no failure.")
                .words("APP", "only these apps", Integer.MAX_VALUE - 1);
    }

    @Override
    public ExitCode run(Arguments arguments, Context context) throws UsageError, ConfigException, Refusal, IOException, InterruptedException {
        Optional<Duration> timeout = Values.durationOr("none", "--timeout", arguments.value("--timeout").orElse("none"));
        AppFile file = Selection.required(arguments, context.caller());
        List<Roster.Line<Optional<FileApp>>> lines = new ArrayList<>();
        for (FileApp app : Roster.chosen(file, arguments.words()).reversed()) {
            boolean isRunning = isRunning(app, context);
            lines.add(new Roster.Line<>(app.title(), isRunning ? "stopped" : "did not run", !isRunning, isRunning ? Optional.of(app) : Optional.empty()));
        }
        return new Roster(context.console()).run(lines, app -> app.isPresent() ? StopVerb.stop(app.get().ipc(), timeout, context) : ExitCode.DONE);
    }

    private static boolean isRunning(FileApp app, Context context) throws IOException {
        Optional<Client> running = Daemons.find(app.ipc(), context.caller());
        if (running.isPresent()) running.get().close();
        return running.isPresent();
    }
}
