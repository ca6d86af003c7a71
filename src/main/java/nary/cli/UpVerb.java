package nary.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import nary.config.AppFile;
import nary.config.ConfigException;
import nary.config.FileApp;
import nary.config.Launch;
import nary.config.Origin;
import nary.control.Client;
import nary.control.DeployChange;
import nary.control.NoDaemon;
import nary.control.Refusal;

/** {@code nary up}: every app of the file runs as the file says; those that do so already are left alone. */
final class UpVerb implements Verb {
    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(10);

    @Override
    public Options options() {
        return new Options("up", "Start the apps of nary.yml that do not run, and deploy those whose part of the file has changed; in the file's order.")
                .words("APP", "only these apps", Integer.MAX_VALUE - 1);
    }

    /** What is to be done for an app. */
    private sealed interface Task {
        record Start(Launch launch) implements Task {}

        record Deploy(Redefinition change) implements Task {}

        record Nothing() implements Task {}
    }

    @Override
    public ExitCode run(Arguments arguments, Context context) throws UsageError, ConfigException, Refusal, IOException, InterruptedException {
        AppFile file = Selection.required(arguments, context.caller());
        List<FileApp> apps = Roster.chosen(file, arguments.words());
        List<Roster.Line<Task>> tasks = new ArrayList<>();
        List<String> refused = new ArrayList<>();
        // one that runs in the foreground may have this command's output for its own
        for (Roster.Entry entry : Roster.read(file, apps, Arguments.parse(StartOptions.options(), "--daemon-mode=false"), context)) {
            try {
                tasks.add(task(entry, file, context));
            } catch (Refusal e) {
                refused.add(String.valueOf(e.getMessage()));
            }
        }
        // all or nothing: what can be seen beforehand leaves no app half done
        if (!refused.isEmpty()) throw new Refusal(String.join("\n", refused));
        return new Roster(context.console()).run(tasks, task -> perform(task, context));
    }

    private static Roster.Line<Task> task(Roster.Entry entry, AppFile file, Context context) throws UsageError, ConfigException, Refusal, IOException {
        FileApp app = entry.app();
        Optional<Client> running = Daemons.find(app.ipc(), context.caller());
        if (running.isEmpty()) {
            Launch launch = Roster.read(file, List.of(app), Arguments.parse(StartOptions.options()), context).getFirst().launch();
            return new Roster.Line<>(app.title(), "started", false, new Task.Start(launch));
        }
        try (Client client = running.get()) {
            Launch launch = client.launch(ANSWER_LIMIT);
            Origin origin = launch.release().origin().orElseThrow(() -> new Refusal(app.title() + " was not started by its name: nary stop " + app.ipc() + ", then nary up"));
            Redefinition change = Redefinition.of(launch, origin, app, file, context);
            boolean isDifferent = change.isDifferent(client.variables(ANSWER_LIMIT));
            return isDifferent ? new Roster.Line<>(app.title(), "deployed", false, new Task.Deploy(change)) : new Roster.Line<>(app.title(), "as it was", true, new Task.Nothing());
        }
    }

    private static ExitCode perform(Task task, Context context) throws Refusal, NoDaemon, IOException, InterruptedException {
        return switch (task) {
            case Task.Start(Launch launch) -> StartVerb.start(launch, true, context);
            case Task.Deploy(Redefinition change) -> deploy(change, context);
            case Task.Nothing() -> ExitCode.DONE;
        };
    }

    private static ExitCode deploy(Redefinition change, Context context) throws NoDaemon, IOException, InterruptedException {
        DeployChange wish = DeployVerb.redefined(DeployChange.none("pid " + context.caller().pid()), change);
        try (Client client = Daemons.connect(Path.of(change.running().files().ipc()), context.caller())) {
            return DeployVerb.deploy(wish, "deploying", client, context.console());
        }
    }
}
