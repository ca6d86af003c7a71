package nary.cli;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import nary.config.AppFile;
import nary.config.ConfigException;
import nary.config.Schema;
import nary.control.Json;

/** {@code nary config}: is the file right; and the schema that editors check it by. */
final class ConfigVerb implements Verb {

    @Override
    public Options options() {
        return new Options("config", "Check nary.yml as start and deploy would read it, here and now: every problem in a line, exit 2; or print its JSON Schema.")
                .words("check|schema [FILE]", "check: read the file and say all that is wrong with it; schema: print the JSON Schema; FILE: instead of nary.yml here", 2);
    }

    @Override
    public ExitCode run(Arguments arguments, Context context) throws UsageError, ConfigException, IOException {
        List<String> words = arguments.words();
        String what = words.isEmpty() ? "" : words.getFirst();
        switch (what) {
            case "check" -> check(words.stream().skip(1).findFirst(), arguments, context);
            case "schema" -> context.console().out(Json.pretty(Schema.of()));
            default -> throw new UsageError(what.isEmpty() ? "what? nary config check, or nary config schema" : "'" + what + "' is neither check nor schema");
        }
        return ExitCode.DONE;
    }

    private static void check(Optional<String> named, Arguments arguments, Context context) throws UsageError, ConfigException, IOException {
        AppFile file = named.isPresent() ? Selection.read(context.caller().resolve(named.get()), named.get()) : Selection.required(arguments, context.caller());
        Roster.read(file, file.apps(), Arguments.parse(StartOptions.options(), "--daemon-mode=false"), context);
        String apps = file.names().isEmpty() ? "one app" : String.join(", ", file.names());
        context.console().out(file.path() + " is right: " + apps);
    }
}
