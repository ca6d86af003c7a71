package nary.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A run of {@code ab}. It gives up after 30 s without an answer: then it was aborted, which is a failure. */
final class ApacheBench implements AutoCloseable {
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

    /** Runs with kept connections, one after the other, from before the action until after it. */
    static List<Result> during(String url, int requests, int connections, Callable<Void> action) throws Exception {
        List<Result> results = new ArrayList<>();
        FutureTask<Void> acting = new FutureTask<>(action);
        Thread thread = Thread.ofVirtual().unstarted(acting);
        while (!acting.isDone()) {
            try (ApacheBench ab = start(url, requests, connections, true)) {
                if (thread.getState() == Thread.State.NEW) thread.start();
                results.add(ab.await());
            }
        }
        acting.get();
        return results;
    }

    boolean isRunning() {
        return process.isAlive();
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
