package nary.config;

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
}
