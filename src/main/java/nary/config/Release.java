package nary.config;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a generation runs.
 *
 * @param command program and arguments; the program as typed (resolved in {@code directory} and PATH at spawn)
 * @param directory logical path, as the user sees it (symlinks kept): resolved again at each deploy
 * @param physical the real path that {@code directory} led to when this generation was made; its workers start here
 * @param variables its environment
 * @param settings of its workers, where a deploy changed them; empty: the app's
 * @param origin the file that it was defined by; empty: a command line
 */
public record Release(
        List<String> command, String directory, String physical, Variables variables, Optional<Settings> settings, Optional<Origin> origin) {
    public Release {
        command = List.copyOf(command);
    }

    /** Of a command line. */
    public Release(List<String> command, String directory, String physical, Map<String, String> environment) {
        this(command, directory, physical, Variables.inherited(environment), Optional.empty(), Optional.empty());
    }

    public Map<String, String> environment() {
        return variables.all();
    }

    /** The same, from where its directory leads to now. @param fromFiles what its files of variables hold now; @throws IllegalArgumentException if the directory is not there */
    public Release again(Map<String, String> fromFiles) {
        Variables now = new Variables(variables.inherited(), variables.files(), fromFiles, variables.set());
        return new Release(command, directory, physical(directory), now, settings, origin);
    }

    /** @throws IllegalArgumentException if the directory is not there, saying what to do about it */
    public static String physical(String directory) {
        try {
            return Path.of(directory).toRealPath().toString();
        } catch (IOException e) {
            throw new IllegalArgumentException("the directory " + directory + " is not there: deploy into it first, or name another with --cwd", e);
        }
    }
}
