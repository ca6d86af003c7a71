package nary.cli;

import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** How to run nary's own JVM once more: the same java, class path and AOT cache as this process. */
final class JavaCommand {
    /** The launcher names the AOT cache it uses here. */
    private static final String AOT_CACHE = "nary.aot";

    /** As the launcher's, or the AOT cache does not fit. Those that a JVM to come may not know are diagnostic ones. */
    private static final List<String> FLAGS = List.of(
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseCompactObjectHeaders",
            "--enable-native-access=ALL-UNNAMED",
            "-XX:+IgnoreUnrecognizedVMOptions",
            "-XX:+UnlockDiagnosticVMOptions",
            "-XX:ArchiveRelocationMode=0");

    /** A small heap and small stacks; fewer files to open than the hard limit, which the workers inherit, stays the user's affair. */
    private static final List<String> DAEMON_FLAGS = List.of("-Xms4m", "-Xmx64m", "-Xss512k", "-XX:ReservedCodeCacheSize=24m", "-XX:-MaxFDLimit", "-XX:-UsePerfData");

    /** Two housekeepers of the JVM, which wake five times a second to find nothing: each minute is enough. */
    private static final List<String> REST = List.of("-XX:AsyncDeflationInterval=60000", "-XX:ServiceThreadCleanupInterval=60000");

    private JavaCommand() {}

    static List<String> daemon(Class<?> main) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(FLAGS);
        command.addAll(DAEMON_FLAGS);
        command.addAll(REST);
        String cache = System.getProperty(AOT_CACHE, "");
        if (!cache.isEmpty()) command.add("-XX:AOTCache=" + cache);
        command.addAll(List.of("-cp", absoluteClassPath(), main.getName(), DaemonVerb.NAME));
        return command;
    }

    static String absoluteClassPath() {
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .map(entry -> Path.of(entry).toAbsolutePath().toString())
                .collect(Collectors.joining(File.pathSeparator));
    }
}
