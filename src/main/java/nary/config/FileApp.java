package nary.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * An app as a file defines it.
 *
 * @param file absolute
 * @param name empty: the file has only this one, without a name
 * @param base the file's directory: relative paths begin there, and the app runs there unless it has a {@code cwd}
 * @param home where its files go unless they are named: the file's directory, or where several share it {@code .nary/NAME} below
 * @param place in the file
 * @param command program and arguments; empty if something is wrong with it
 * @param options by their names with dashes; relative paths as written
 */
public record FileApp(Path file, String name, Path base, Path home, Place place, List<String> command, Map<String, List<Value>> options) {
    public FileApp {
        command = List.copyOf(command);
        options = Map.copyOf(options);
    }

    /** @param text as it would be typed on the command line */
    public record Value(String text, Place place) {}

    /** Its control socket. */
    public Path ipc() {
        List<Value> named = options.getOrDefault("--ipc-file", List.of());
        return named.isEmpty() ? home.resolve("nary.ipc") : base.resolve(named.getFirst().text()).normalize();
    }

    /** For messages. */
    public String title() {
        return name.isEmpty() ? "the app" : name;
    }
}
