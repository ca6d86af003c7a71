package nary.config;

import java.io.IOException;
import java.nio.file.Path;
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

    /** The same, from where its directory leads to now. @throws IllegalArgumentException if it is not there */
    public Release resolved() {
        return new Release(command, directory, physical(directory), environment);
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
