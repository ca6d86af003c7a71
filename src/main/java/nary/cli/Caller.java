package nary.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import nary.config.ServiceManager;

/**
 * Where and in what environment a command was typed.
 *
 * @param directory logical: {@code $PWD} where it names the working directory, so symlinks are kept; deleted, perhaps
 * @param environment what an app may get of it: without what only nary's own JVM, the service manager or git's hook is meant by
 * @param manager who wants to hear how a supervisor started here is
 */
public record Caller(Path directory, Map<String, String> environment, long pid, Optional<ServiceManager> manager) {
    /** HotSpot's own signal, moved out of the workers' way. */
    static final String JVM_SIGNAL = "_JAVA_SR_SIGNUM";

    public Caller(Path directory, Map<String, String> environment, long pid) {
        this(directory, environment, pid, Optional.empty());
    }

    public static Caller current() throws IOException {
        Map<String, String> environment = readEnvironment();
        long pid = ProcessHandle.current().pid();
        Path directory = logical(environment.getOrDefault("PWD", ""));
        return new Caller(directory, Inherited.without(environment), pid, ServiceManager.of(environment, pid));
    }

    /** As bytes, in UTF-8: System.getenv mangles what is not ASCII in the C locale. */
    private static Map<String, String> readEnvironment() throws IOException {
        Map<String, String> environment = new LinkedHashMap<>();
        String all = new String(Files.readAllBytes(Path.of("/proc/self/environ")), StandardCharsets.UTF_8);
        for (String entry : all.split("\0")) {
            int equals = entry.indexOf('=');
            if (equals > 0) environment.putIfAbsent(entry.substring(0, equals), entry.substring(equals + 1));
        }
        return environment;
    }

    /** A command line as it was typed: in the C locale the JVM mangles what is not ASCII. */
    public static String[] exactly(String[] words) {
        if (Stream.of(words).allMatch(word -> word.chars().allMatch(c -> c < 128))) return words;
        try {
            String[] all = new String(Files.readAllBytes(Path.of("/proc/self/cmdline")), StandardCharsets.UTF_8).split("\0", -1);
            int end = all.length - 1;
            return end < words.length ? words : Arrays.copyOfRange(all, end - words.length, end);
        } catch (IOException e) {
            return words;
        }
    }

    private static Path logical(String pwd) throws IOException {
        // set by the launcher, which had to leave it
        String deleted = System.getProperty("nary.directory");
        if (deleted != null) return Path.of(deleted).normalize();
        Path physical = Path.of("").toAbsolutePath();
        if (!pwd.startsWith("/")) return physical;
        Path claimed = Path.of(pwd).normalize();
        return Files.exists(claimed) && Files.isSameFile(claimed, physical) ? claimed : physical;
    }

    /** A path as typed, from the caller's directory; symlinks are kept. */
    public Path resolve(String path) {
        return directory.resolve(path).normalize();
    }
}
