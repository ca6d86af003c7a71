package nary.cli;

import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** How to run nary's own JVM once more: the same java, class path and AOT cache as this process. */
final class JavaCommand {
    /** The launcher names the daemon's AOT cache here, and in a training run the one to make. */
    private static final String AOT_CACHE = "nary.aot";

    private static final String AOT_OUTPUT = "nary.aot.output";

    /** As the launcher's, or the AOT cache does not fit. Those that a JVM to come may not know are diagnostic ones. */
    private static final List<String> FLAGS = List.of(
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseCompactObjectHeaders",
            "--enable-native-access=ALL-UNNAMED",
            "-Djava.nio.channels.spi.SelectorProvider=sun.nio.ch.EPollSelectorProvider",
            "-XX:+IgnoreUnrecognizedVMOptions",
            "-XX:+UnlockDiagnosticVMOptions",
            "-XX:ArchiveRelocationMode=0");

    /** A small heap and small stacks; fewer files to open than the hard limit, which the workers inherit, stays the user's affair. */
    private static final List<String> DAEMON_FLAGS = List.of("-Xms4m", "-Xmx64m", "-Xss512k", "-XX:ReservedCodeCacheSize=24m", "-XX:-MaxFDLimit", "-XX:-UsePerfData");

    /** Two housekeepers of the JVM, which wake five times a second to find nothing: each minute is enough. */
    private static final List<String> REST = List.of("-XX:AsyncDeflationInterval=60000", "-XX:ServiceThreadCleanupInterval=60000");

    private JavaCommand() {}

    /** A command of a process of its own, which trains the daemon that it starts if this one does. */
    static List<String> client(Class<?> main) {
        List<String> command = java();
        option("-D" + AOT_OUTPUT + "=", AOT_OUTPUT).ifPresent(command::add);
        command.addAll(List.of("-cp", absoluteClassPath(), main.getName()));
        return command;
    }

    private static List<String> java() {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(FLAGS);
        return command;
    }

    static List<String> daemon(Class<?> main) {
        List<String> command = java();
        command.addAll(DAEMON_FLAGS);
        command.addAll(REST);
        option("-XX:AOTCache=", AOT_CACHE).ifPresent(command::add);
        option("-XX:AOTCacheOutput=", AOT_OUTPUT).ifPresent(command::add);
        command.addAll(List.of("-cp", absoluteClassPath(), main.getName(), DaemonVerb.NAME));
        return command;
    }

    private static Optional<String> option(String name, String property) {
        return Optional.ofNullable(System.getProperty(property)).filter(it -> !it.isEmpty()).map(it -> name + it);
    }

    /** A training run that makes the caches of a client and of the daemon it starts, rather than one for all. */
    static boolean isTrainingApart() {
        return option("", AOT_OUTPUT).isPresent();
    }

    static String absoluteClassPath() {
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .map(entry -> Path.of(entry).toAbsolutePath().toString())
                .collect(Collectors.joining(File.pathSeparator));
    }
}
