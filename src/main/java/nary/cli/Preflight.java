package nary.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import nary.config.Confinement;
import nary.worker.Trampoline;

/** What would fail half way through a start is found before anything is begun. */
final class Preflight {
    /** nary's own, without a worker: the runtime, its libraries, the logs, the control socket. */
    private static final long LEAST_DESCRIPTORS = 64;
    private static final int SECONDS = 20;
    private static final int SHOWN = 200;

    private Preflight() {}

    /** @throws IOException if nary may have so few descriptors that not even its own log could be relied on */
    static void descriptors() throws IOException {
        Optional<Long> limit = softLimit("Max open files");
        if (limit.isPresent() && limit.get() < LEAST_DESCRIPTORS)
            throw new IOException(limit.get() + " descriptors (RLIMIT_NOFILE) are too few: nary needs " + LEAST_DESCRIPTORS + ", and about 10 for each worker; see ulimit -n");
    }

    /** As in /proc/self/limits, proc_pid_limits(5). Empty: unlimited, or not said. */
    private static Optional<Long> softLimit(String name) throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/self/limits"))) {
            if (!line.startsWith(name)) continue;
            String soft = line.substring(name.length()).strip().split("\\s+")[0];
            return soft.equals("unlimited") ? Optional.empty() : Optional.of(Long.parseLong(soft));
        }
        return Optional.empty();
    }

    /**
     * Starts a program that does nothing exactly as a worker would be started.
     *
     * @throws IOException if the user, the limits, the niceness or the mask cannot be had; one line that names the option
     */
    static void run(Confinement confinement) throws IOException, InterruptedException {
        List<String> words = Trampoline.before(List.of("/bin/true"), confinement, false);
        Process process = new ProcessBuilder(words).redirectErrorStream(true).start();
        process.getOutputStream().close();
        boolean isInTime = process.waitFor(SECONDS, TimeUnit.SECONDS);
        if (!isInTime) process.destroyForcibly();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip().lines().findFirst().orElse("");
        // nice(1) complains, and goes on
        if (isInTime && process.exitValue() == 0 && said.isEmpty()) return;
        String how = isInTime ? "exit code " + process.exitValue() : "no end within " + SECONDS + " s";
        throw new IOException(option(said) + " cannot be had here: " + (said.isEmpty() ? how : said.substring(0, Math.min(SHOWN, said.length()))));
    }

    private static String option(String said) {
        String program = said.replaceFirst(":.*", "").replaceFirst(".*/", "");
        return switch (program) {
            case "setpriv" -> said.contains("execute") ? "this user with these limits" : "--user or --group (only root may choose one)";
            case "prlimit" -> "--limit";
            case "nice" -> "--nice";
            default -> "this combination of --user, --limit, --nice and --umask";
        };
    }
}
