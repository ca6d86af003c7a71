package nary.cli;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import nary.control.Refusal;

/** {@code nary install}: a link to the launcher, under its own name or under one that has a personality of its own. */
final class InstallVerb implements Verb {
    private static final List<String> NAMES = List.of("nary", "naught");

    @Override
    public Options options() {
        return new Options("install", "Make a symbolic link to nary in a directory, e.g. one of PATH. Nothing that is there is overwritten.")
                .word("directory", "where the link is made");
    }

    @Override
    public ExitCode run(Arguments arguments, Context context) throws UsageError, Refusal, IOException {
        String name = arguments.value("--as").orElse("nary");
        if (!NAMES.contains(name)) throw new UsageError("--as: nary has no personality '" + name + "'; there are " + String.join(" and ", NAMES));
        String typed = arguments.word().orElseThrow(() -> new UsageError("where to? e.g. nary install --as " + name + " /usr/local/bin"));
        Path directory = context.caller().resolve(typed);
        if (!Files.isDirectory(directory)) throw new UsageError("there is no directory " + directory);
        context.console().out(link(directory.resolve(name), Path.of(System.getProperty("nary.launcher", "/usr/local/bin/nary"))));
        return ExitCode.DONE;
    }

    private static String link(Path link, Path launcher) throws Refusal, IOException {
        try {
            Files.createSymbolicLink(link, launcher);
            return link + " -> " + launcher;
        } catch (FileAlreadyExistsException e) {
            if (!isOurs(link, launcher)) throw new Refusal(link + " is there already and is no link to " + launcher + "; remove it or choose another directory");
            return link + " -> " + launcher + " (as before)";
        }
    }

    private static boolean isOurs(Path link, Path launcher) throws IOException {
        return Files.exists(link) && Files.isSameFile(link, launcher);
    }
}
