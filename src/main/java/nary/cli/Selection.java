package nary.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import nary.config.AppFile;
import nary.config.ConfigException;
import nary.config.FileApp;
import nary.config.Suggest;
import nary.control.ControlPath;

/**
 * Which app a command is for: one of {@code nary.yml} by its name, any by the path of its control socket, or the only one here. The file is
 * read only where a name asks for it, or no control socket lies here.
 *
 * @param app empty: known by its control socket alone
 */
record Selection(Path ipc, Optional<FileApp> app) {
    private static final String FILE = "--file";

    /** For messages. */
    String title() {
        return app.map(FileApp::title).orElse(ipc.toString());
    }

    private static Selection of(FileApp app) {
        return new Selection(app.ipc(), Optional.of(app));
    }

    /** @param word a name or a path; empty: the only app here */
    static Selection one(Arguments arguments, Optional<String> word, Caller caller) throws UsageError, ConfigException, IOException {
        if (word.isPresent()) return named(word.get(), arguments, caller);
        List<Selection> all = here(arguments, caller);
        if (all.size() == 1) return all.getFirst();
        throw new UsageError("which app? " + file(arguments, caller).map(Selection::choices).orElse(""));
    }

    /** As {@link #one}, but where there are several and none is named, all of them. */
    static List<Selection> several(Arguments arguments, Caller caller) throws UsageError, ConfigException, IOException {
        Optional<String> word = arguments.word();
        return word.isPresent() ? List.of(named(word.get(), arguments, caller)) : here(arguments, caller);
    }

    private static Selection named(String word, Arguments arguments, Caller caller) throws UsageError, ConfigException, IOException {
        Path path = caller.resolve(word);
        boolean isPath = word.contains("/") || word.endsWith(".ipc");
        if (isPath) return new Selection(path, Optional.empty());
        Optional<AppFile> file = file(arguments, caller);
        if (file.isEmpty()) return new Selection(path, Optional.empty());
        Optional<FileApp> app = file.get().app(word);
        if (app.isEmpty() && ControlPath.exists(path)) return new Selection(path, Optional.empty());
        return of(app.orElseThrow(() -> new UsageError(unknown(word, file.get()))));
    }

    static String unknown(String word, AppFile file) {
        return "there is no app '" + word + "' in " + file.path().getFileName() + Suggest.text(word, file.names()) + " (" + choices(file) + ")";
    }

    private static String choices(AppFile file) {
        return file.path().getFileName() + " has " + (file.names().isEmpty() ? "one app without a name" : String.join(", ", file.names()));
    }

    private static List<Selection> here(Arguments arguments, Caller caller) throws UsageError, ConfigException, IOException {
        Path ipc = caller.resolve(Daemons.IPC_FILE);
        boolean isHere = arguments.value(FILE).isEmpty() && ControlPath.exists(ipc);
        Optional<AppFile> file = isHere ? Optional.empty() : file(arguments, caller);
        if (file.isEmpty()) return List.of(new Selection(ipc, Optional.empty()));
        List<Selection> all = new ArrayList<>();
        for (FileApp app : file.get().apps()) all.add(of(app));
        if (all.isEmpty()) file.get().problems().orThrow();
        return all;
    }

    /** The file that is named, or the one here, if there is one. */
    static Optional<AppFile> file(Arguments arguments, Caller caller) throws UsageError, ConfigException, IOException {
        Optional<String> typed = arguments.value(FILE);
        if (typed.isPresent()) return Optional.of(read(caller.resolve(typed.get()), typed.get()));
        Optional<Path> found = AppFile.find(caller.directory());
        return found.isPresent() ? Optional.of(read(found.get(), found.get().getFileName().toString())) : Optional.empty();
    }

    /** @param shown how messages name it */
    static AppFile read(Path path, String shown) throws UsageError, ConfigException, IOException {
        if (!Files.exists(path)) throw new UsageError("there is no file " + shown);
        return AppFile.read(path, shown);
    }

    /** The file that there must be. */
    static AppFile required(Arguments arguments, Caller caller) throws UsageError, ConfigException, IOException {
        return file(arguments, caller).orElseThrow(() -> new UsageError("there is no nary.yml, nary.yaml or nary.json in " + caller.directory() + "; name it with --file"));
    }
}
