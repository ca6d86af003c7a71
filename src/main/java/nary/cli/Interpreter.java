package nary.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A script that is not executable itself is given to its interpreter. */
final class Interpreter {
    private static final Map<String, List<String>> BY_ENDING = Map.of(
            "js", List.of("node"),
            "mjs", List.of("node"),
            "cjs", List.of("node"),
            "jar", List.of("java", "-jar"),
            "py", List.of("python3"),
            "rb", List.of("ruby"));

    private Interpreter() {}

    /** @param path the PATH in which a word without a slash is looked up */
    static List<String> apply(List<String> command, Path directory, String path) {
        String program = command.getFirst();
        int dot = program.lastIndexOf('.');
        List<String> interpreter = dot < 0 ? null : BY_ENDING.get(program.substring(dot + 1));
        if (interpreter == null || isExecutable(program, directory, path)) return command;
        List<String> whole = new ArrayList<>(interpreter);
        whole.addAll(command);
        return List.copyOf(whole);
    }

    /** A program or a script: something that could be started by this word. */
    static boolean isThere(String word, Caller caller) {
        return Files.exists(caller.resolve(word)) || isExecutable(word, caller.directory(), caller.environment().getOrDefault("PATH", ""));
    }

    private static boolean isExecutable(String program, Path directory, String path) {
        if (isProgram(directory.resolve(program))) return true;
        if (program.contains("/")) return false;
        for (String folder : path.split(":")) if (!folder.isEmpty() && isProgram(Path.of(folder, program))) return true;
        return false;
    }

    private static boolean isProgram(Path file) {
        return Files.isRegularFile(file) && Files.isExecutable(file);
    }
}
