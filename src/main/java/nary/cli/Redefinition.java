package nary.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import nary.config.AppFile;
import nary.config.ConfigException;
import nary.config.Differences;
import nary.config.FileApp;
import nary.config.Launch;
import nary.config.Numbers;
import nary.config.Origin;
import nary.config.Release;
import nary.config.Settings;
import nary.config.Variables;
import nary.control.Client;
import nary.control.Definition;
import nary.control.Refusal;

/**
 * A running app, and what its file says about it now.
 *
 * @param running as it is
 * @param next as a deploy would make it
 * @param workerCount of the file, where it has changed; 0: it has not
 */
record Redefinition(FileApp app, Launch running, Launch next, int workerCount) {
    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(10);

    /** Empty: the app was started by a command line. @throws Refusal if something has changed that needs a new start */
    static Optional<Redefinition> of(Client client, Selection selected, Context context) throws UsageError, ConfigException, Refusal, IOException {
        Launch running = client.launch(ANSWER_LIMIT);
        Optional<Origin> origin = running.release().origin();
        if (origin.isPresent()) return Optional.of(of(running, origin.get(), selected, context));
        if (selected.app().isEmpty()) return Optional.empty();
        throw new Refusal(selected.title() + " was not started by its name: nary stop " + selected.ipc() + ", then nary start " + selected.app().get().name());
    }

    private static Redefinition of(Launch running, Origin origin, Selection selected, Context context) throws UsageError, ConfigException, Refusal, IOException {
        AppFile file = Selection.read(Path.of(origin.file()), origin.file());
        FileApp app = selected.app().isPresent() && selected.app().get().file().toString().equals(origin.file())
                ? selected.app().get()
                : file.app(origin.app()).orElseThrow(() -> new UsageError("the app is not in its file any more: " + Selection.unknown(origin.app(), file)));
        return of(running, origin, app, file, context);
    }

    /** @param file in which the app is */
    static Redefinition of(Launch running, Origin origin, FileApp app, AppFile file, Context context) throws UsageError, ConfigException, Refusal, IOException {
        Arguments typed = Arguments.parse(StartOptions.options(), running.typed().toArray(String[]::new));
        Launch next = StartOptions.launch(Given.of(app, typed, context.caller(), file.problems()), context.caller(), context.parts().posix());
        Collection<String> names = running.typed().stream().map(option -> option.replaceFirst("(?s)=.*", "")).toList();
        Differences differences = new Differences(origin, app);
        List<String> fixed = differences.needingStart(names);
        if (!fixed.isEmpty()) throw new Refusal(String.join("\n", fixed));
        int count = names.contains("--worker-count") ? 0 : differences.changed("--worker-count").map(text -> Numbers.workers(text, 1)).orElse(0);
        return new Redefinition(app, running, next, count);
    }

    Definition definition() {
        Release release = next.release();
        Variables variables = release.variables();
        return new Definition(release.command(), release.directory(), variables.files(), variables.set(), next.settings(), release.origin().orElseThrow());
    }

    /** A deploy would change something. @param variables of the generation that serves */
    boolean isDifferent(Variables variables) {
        Release is = running.release();
        Release will = next.release();
        Settings settings = next.settings().withWorkerCount(running.settings().workerCount());
        boolean isSameVersion = is.command().equals(will.command()) && is.directory().equals(will.directory()) && is.physical().equals(will.physical());
        return !isSameVersion || !settings.equals(running.settings()) || workerCount != 0 && workerCount != running.settings().workerCount() || !sameVariables(variables, will.variables());
    }

    private static boolean sameVariables(Variables is, Variables will) {
        return is.fromFiles().equals(will.fromFiles()) && is.set().equals(will.set());
    }
}
