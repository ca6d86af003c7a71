package nary.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** A command that was started, in a session of its own. Its output goes to files, so that no reader has to keep up. */
final class Running {
    private final String command;
    private final Process process;
    private final Path out;
    private final Path err;
    private final long begun = System.nanoTime();

    Running(String command, Process process, Path out, Path err) {
        this.command = command;
        this.process = process;
        this.out = out;
        this.err = err;
    }

    long pid() {
        return process.pid();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    String saidSoFar() throws IOException {
        return Files.readString(out) + Files.readString(err);
    }

    /** What a terminal does on Ctrl+C: the whole process group gets SIGINT. */
    void interrupt() throws IOException, InterruptedException {
        Distribution.shell("kill -INT -- -" + process.pid());
    }

    Ran await(Duration limit) throws IOException, InterruptedException {
        if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
            process.destroyForcibly().waitFor();
            throw new AssertionError("no end within " + limit + ": " + ran());
        }
        return ran();
    }

    private Ran ran() throws IOException {
        int exit = process.isAlive() ? -1 : process.exitValue();
        return new Ran(command, exit, Files.readString(out), Files.readString(err), Duration.ofNanos(System.nanoTime() - begun));
    }
}
