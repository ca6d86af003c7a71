package nary.chaos;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A command of nary that was started, in a session of its own. */
final class Command {
    private static final int LIMIT_SECONDS = 90;

    private final List<String> words;
    private final Process process;
    private final Path output;
    private final long begun;

    /** @param output the files' name without its end */
    Command(List<String> words, Process process, Path output, long begun) {
        this.words = words;
        this.process = process;
        this.output = output;
        this.begun = begun;
    }

    /** @param exit -1: it did not end; begun, ended: {@link System#nanoTime} */
    record End(List<String> words, int exit, String out, String err, long begun, long ended) {

        /** What it said last: its outcome. */
        String said() {
            return (exit == 0 ? out : err).lines().filter(line -> !line.isBlank()).reduce((_, last) -> last).orElse("");
        }

        long millis() {
            return (ended - begun) / 1_000_000;
        }

        @Override
        public String toString() {
            return "$ nary " + String.join(" ", words) + "\n" + out + err + "exit " + exit + " after " + millis() + " ms";
        }
    }

    End await() throws IOException, InterruptedException {
        boolean hasEnded = process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS);
        long ended = System.nanoTime();
        if (!hasEnded) process.destroyForcibly().waitFor();
        return new End(words, hasEnded ? process.exitValue() : -1, Files.readString(Path.of(output + ".out")), Files.readString(Path.of(output + ".err")), begun, ended);
    }

    /** What a terminal does on Ctrl+C: the whole process group gets SIGINT. */
    void interrupt() throws IOException, InterruptedException {
        Mischief.signal("INT", "-" + process.pid());
    }
}
