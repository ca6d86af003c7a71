package nary.fleet.roll;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/** Commands on the operator's machine. */
final class Locally {
    private static final Duration END_LIMIT = Duration.ofSeconds(5);

    private Locally() {}

    /** @param lastLine of its output; empty if it wrote nothing */
    record Result(int exit, String lastLine) {}

    /**
     * Runs a command with nothing on its stdin; stdout and stderr come as lines.
     *
     * @param environment beside the caller's own
     * @throws IOException if it cannot be run, or takes longer than the limit; then it is killed with its descendants
     */
    static Result run(List<String> command, Path folder, Map<String, String> environment, Duration limit, Consumer<String> lines)
            throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
        builder.redirectInput(ProcessBuilder.Redirect.from(new java.io.File("/dev/null")));
        builder.environment().putAll(environment);
        Process process = builder.start();
        var last = new AtomicReference<>("");
        Thread reader = Thread.ofVirtual().start(() -> read(process, line -> {
            if (!line.isBlank()) last.set(line.strip());
            lines.accept(line);
        }));
        try {
            if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) throw new IOException(command.getFirst() + " did not end within " + limit.toSeconds() + " s");
            reader.join(END_LIMIT);
            return new Result(process.exitValue(), String.valueOf(last.get()));
        } finally {
            if (process.isAlive()) end(process);
        }
    }

    /** A look at all processes of this machine: not for one that has ended. */
    private static void end(Process process) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }

    private static void read(Process process, Consumer<String> lines) {
        try (var in = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = in.readLine(); line != null; line = in.readLine()) lines.accept(line);
        } catch (IOException ended) {
            // it was killed
        }
    }
}
