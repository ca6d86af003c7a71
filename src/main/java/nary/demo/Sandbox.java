package nary.demo;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A directory of its own in which nary is run as its users run it. All that was started in it is known by a mark in its environment. */
final class Sandbox implements AutoCloseable {
    private static final String MARK = "NARY_DEMO";

    private final Path launcher;
    private final Path directory;
    private final String token = UUID.randomUUID().toString();
    private volatile boolean closing;

    /** @param exit the exit code; output: stdout and stderr as they came */
    record Result(int exit, String output) {}

    /** The demo was asked to end. */
    static final class Closed extends RuntimeException {}

    private Sandbox(Path launcher, Path directory) {
        this.launcher = launcher;
        this.directory = directory;
    }

    static Sandbox create(Path launcher) throws IOException {
        return new Sandbox(launcher.toAbsolutePath(), Files.createTempDirectory("nary-demo-"));
    }

    Path directory() {
        return directory;
    }

    Result nary(String... arguments) throws IOException, InterruptedException {
        if (closing) throw new Closed();
        Result result = run(60, arguments);
        if (closing) throw new Closed();
        return result;
    }

    /** Stops the app, ends what is left by force, removes the directory. */
    @Override
    public synchronized void close() {
        if (closing) return;
        closing = true;
        try {
            if (!processes().isEmpty()) run(20, "stop", "--timeout", "10");
            end(processes());
            delete();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** What was started in here and still lives. */
    List<ProcessHandle> processes() {
        return ProcessHandle.allProcesses().filter(this::isMarked).toList();
    }

    boolean isGone() {
        return !Files.exists(directory) && processes().isEmpty();
    }

    private Result run(int seconds, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(launcher.toString()));
        command.addAll(List.of(arguments));
        Path output = Files.createTempFile(directory, "command-", ".txt");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().put(MARK, token);
        builder.environment().put("XDG_RUNTIME_DIR", directory.toString());
        Process process = builder.start();
        process.getOutputStream().close();
        if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
            process.destroyForcibly().waitFor();
            return new Result(-1, read(output) + "no end within " + seconds + " s");
        }
        return new Result(process.exitValue(), read(output));
    }

    private static String read(Path output) throws IOException {
        String text = Files.readString(output, StandardCharsets.UTF_8);
        Files.delete(output);
        return text;
    }

    private boolean isMarked(ProcessHandle process) {
        try {
            byte[] environment = Files.readAllBytes(Path.of("/proc", Long.toString(process.pid()), "environ"));
            return new String(environment, StandardCharsets.ISO_8859_1).contains(MARK + "=" + token);
        } catch (IOException e) {
            return false; // gone, or another user's
        }
    }

    private static void end(List<ProcessHandle> processes) throws InterruptedException {
        processes.forEach(ProcessHandle::destroyForcibly);
        for (ProcessHandle process : processes) {
            for (int i = 0; i < 200 && process.isAlive(); i++) Thread.sleep(10);
        }
    }

    private void delete() throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) Files.deleteIfExists(file);
        }
    }
}
