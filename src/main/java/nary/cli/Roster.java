package nary.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import nary.config.AppFile;
import nary.config.ConfigException;
import nary.config.FileApp;
import nary.config.Launch;
import nary.control.NoDaemon;
import nary.control.Refusal;

/** Several apps of a file, one after the other; what became of each is said at the end. */
final class Roster {
    private static final String NOT_TRIED = "not tried";

    private final Console console;

    Roster(Console console) {
        this.console = console;
    }

    /** @param launch as the file has it now */
    record Entry(FileApp app, Launch launch) {}

    /** The launches of apps, or all that is wrong with any of them. */
    static List<Entry> read(AppFile file, List<FileApp> apps, Arguments line, Context context) throws UsageError, ConfigException, IOException {
        Set<String> elsewhere = new LinkedHashSet<>();
        List<Entry> entries = new ArrayList<>();
        for (FileApp app : apps) {
            try {
                Given given = Given.of(app, line, context.caller(), file.problems());
                entries.add(new Entry(app, StartOptions.launch(given, context.caller(), context.parts().posix())));
            } catch (ConfigException e) {
                elsewhere.addAll(e.lines());
            }
        }
        Set<String> wrong = new LinkedHashSet<>(file.problems().lines());
        wrong.addAll(elsewhere);
        if (!wrong.isEmpty()) throw new ConfigException(List.copyOf(wrong));
        return entries;
    }

    interface Act<T> {
        ExitCode run(T entry) throws UsageError, ConfigException, Refusal, NoDaemon, IOException, InterruptedException;
    }

    /** Those that the words name, in the file's order; all, if there are no words. */
    static List<FileApp> chosen(AppFile file, List<String> words) throws UsageError, ConfigException {
        for (String word : words) if (file.app(word).isEmpty()) throw new UsageError(Selection.unknown(word, file) + "; a command comes after --");
        List<FileApp> chosen = file.apps().stream().filter(app -> words.isEmpty() || words.contains(app.name())).toList();
        if (chosen.isEmpty()) file.problems().orThrow();
        return chosen;
    }

    /** Stops at the first that fails. @param done the word for those that went well */
    ExitCode inOrder(List<Entry> entries, String done, Act<Entry> act) throws UsageError, ConfigException, Refusal, IOException, InterruptedException {
        List<Line<Entry>> lines = entries.stream().map(entry -> new Line<>(entry.app().title(), done, false, entry)).toList();
        return run(lines, act);
    }

    /** @param done what has become of it if the act goes well; @param isIdle there is nothing to do for it; @param what the act is for */
    record Line<T>(String title, String done, boolean isIdle, T what) {}

    <T> ExitCode run(List<Line<T>> lines, Act<T> act) throws UsageError, ConfigException, Refusal, IOException, InterruptedException {
        Table table = new Table("APP", "");
        List<List<String>> rows = new ArrayList<>();
        ExitCode code = ExitCode.DONE;
        for (Line<T> line : lines) {
            String result = NOT_TRIED;
            if (code.equals(ExitCode.DONE)) {
                if (!line.isIdle()) console.err("== " + line.title());
                code = attempt(line, act);
                result = code.equals(ExitCode.DONE) ? line.done() : "failed, exit code " + code.number() + ", see above";
            }
            rows.add(List.of(line.title(), result));
        }
        rows.forEach(table::row);
        table.lines().stream().skip(1).forEach(console::out);
        return code;
    }

    /** One that fails is said, and ends nothing: what was done before it is summed up. */
    private <T> ExitCode attempt(Line<T> line, Act<T> act) throws UsageError, ConfigException, InterruptedException {
        try {
            return act.run(line.what());
        } catch (Refusal e) {
            console.err(line.title() + ": " + e.getMessage());
            return ExitCode.REFUSED;
        } catch (NoDaemon e) {
            console.err(line.title() + ": " + e.getMessage());
            return ExitCode.NO_DAEMON;
        } catch (IOException e) {
            console.err(line.title() + ": " + Cli.reason(e));
            return ExitCode.FAILED;
        }
    }
}
