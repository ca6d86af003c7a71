package nary.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A run of {@code ab}. It gives up after 30 s without an answer: then it was aborted, which is a failure. */
final class ApacheBench implements AutoCloseable {
    /** More than ab asks in minutes; it keeps 32 bytes for each that it asked. */
    private static final int ENDLESS = 20_000_000;

    private final Process process;
    private final Path output;

    /**
     * What ab counted. One lost request appears under up to three headings; {@code wrongLength} has each once.
     *
     * @param complete zero if it was aborted
     */
    record Result(int exit, int asked, int complete, int failed, int wrongLength, int non2xx, int slowestMillis, String output) {

        static Result of(int exit, int asked, String text) {
            return new Result(
                    exit,
                    asked,
                    find(text, "Complete requests: +(\\d+)"),
                    find(text, "Failed requests: +(\\d+)"),
                    find(text, "Length: (\\d+), Exceptions"),
                    find(text, "Non-2xx responses: +(\\d+)"),
                    find(text, "100% +(\\d+) "),
                    text);
        }

        private Result ofComplete() {
            return new Result(0, complete, complete, failed, wrongLength, non2xx, slowestMillis, output);
        }

        boolean isAborted() {
            return exit != 0 || complete != asked;
        }

        boolean isClean() {
            return !isAborted() && failed == 0 && non2xx == 0;
        }

        private static int find(String text, String pattern) {
            Matcher matcher = Pattern.compile(pattern).matcher(text);
            return matcher.find() ? Integer.parseInt(matcher.group(1)) : 0;
        }

        @Override
        public String toString() {
            String counts = complete + " of " + asked + " complete, " + failed + " failed (" + wrongLength + " lost), " + non2xx + " non-2xx";
            return counts + ", slowest " + slowestMillis + " ms, exit " + exit + (isClean() ? "" : "\n" + output);
        }
    }

    private final int requests;

    private ApacheBench(Process process, Path output, int requests) {
        this.process = process;
        this.output = output;
        this.requests = requests;
    }

    static ApacheBench start(int port, int requests, int connections, boolean keepAlive) throws IOException {
        return start("http://127.0.0.1:" + port + "/", requests, connections, keepAlive);
    }

    static ApacheBench start(String url, int requests, int connections, boolean keepAlive) throws IOException {
        Path output = Files.createTempFile("nary-ab-", ".txt");
        List<String> command = new ArrayList<>(List.of("ab", "-q", "-r", "-n", "" + requests, "-c", "" + connections));
        if (keepAlive) command.add("-k");
        command.add(url);
        Process process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile()).start();
        return new ApacheBench(process, output, requests);
    }

    /** One that is to last until it is stopped. */
    static ApacheBench endless(int port, int connections, boolean keepAlive) throws IOException {
        return start(port, ENDLESS, connections, keepAlive);
    }

    boolean isRunning() {
        return process.isAlive();
    }

    /** Ends the run as Ctrl+C does: ab prints what it has counted and leaves with 1. One that is over has been aborted. */
    Result stop() throws IOException, InterruptedException {
        boolean isStopped = process.isAlive();
        Site.signal("INT", process.pid());
        Result result = await();
        return isStopped && result.exit() == 1 && result.complete() > 0 ? result.ofComplete() : result;
    }

    Result await() throws IOException, InterruptedException {
        if (!process.waitFor(120, TimeUnit.SECONDS)) process.destroyForcibly().waitFor();
        return Result.of(process.exitValue(), requests, Files.readString(output));
    }

    @Override
    public void close() throws IOException {
        process.destroyForcibly();
        Files.deleteIfExists(output);
    }
}
