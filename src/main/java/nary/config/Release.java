package nary.config;

import java.util.List;
import java.util.Map;

/**
 * What a generation runs.
 *
 * @param command program and arguments; the program as typed (resolved in {@code directory} and PATH at spawn)
 * @param directory logical path, as the user sees it (symlinks kept): resolved again at each deploy
 * @param physical the real path that {@code directory} led to when this generation was made; its workers start here
 */
public record Release(List<String> command, String directory, String physical, Map<String, String> environment) {
    public Release {
        command = List.copyOf(command);
        environment = Map.copyOf(environment);
    }
}
