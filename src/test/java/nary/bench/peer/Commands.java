package nary.bench.peer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Starts programs. Each carries a mark in its environment, by which {@link Marked} finds it and what it leaves behind. */
public final class Commands {
    private Commands() {}

    /** How a command ended. */
    public record Ran(List<String> words, int exit, String out, String err, Duration took) {

        /** This, if it ended with 0. */
        public Ran checked() throws IOException {
            if (exit == 0) return this;
            throw new IOException(String.join(" ", words) + " ended with " + exit + ": " + out + err);
        }
    }

    public static Ran run(List<String> words, Map<String, String> environment, Duration limit) throws IOException, InterruptedException {
        return run(words, environment, Path.of("/"), limit);
    }

    /** Waits for it to end; what it has started may live on. */
    public static Ran run(List<String> words, Map<String, String> environment, Path directory, Duration limit)
            throws IOException, InterruptedException {
        Path out = Files.createTempFile("nary-bench", ".out");
        Path err = Files.createTempFile("nary-bench", ".err");
        try {
            long begun = System.nanoTime();
            Process process = start(words, environment, directory, out, err);
            if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly().waitFor();
                throw new IOException(String.join(" ", words) + " did not end within " + limit.toSeconds() + " s: " + Files.readString(out) + Files.readString(err));
            }
            Duration took = Duration.ofNanos(System.nanoTime() - begun);
            return new Ran(words, process.exitValue(), Files.readString(out), Files.readString(err), took);
        } finally {
            Files.delete(out);
            Files.delete(err);
        }
    }

    /** Does not wait. The output is appended to the files. */
    public static Process start(List<String> words, Map<String, String> environment, Path directory, Path out, Path err) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(words).directory(directory.toFile());
        builder.environment().putAll(environment);
        builder.environment().put(Marked.NAME, Marked.VALUE);
        builder.environment().put("PWD", directory.toString());
        builder.redirectInput(Path.of("/dev/null").toFile());
        builder.redirectOutput(ProcessBuilder.Redirect.appendTo(out.toFile()));
        builder.redirectError(ProcessBuilder.Redirect.appendTo(err.toFile()));
        return builder.start();
    }

    /** @param name without SIG */
    public static void signal(String name, long pid) throws IOException, InterruptedException {
        run(List.of("kill", "-" + name, Long.toString(pid)), Map.of(), Duration.ofSeconds(5)).checked();
    }
}
