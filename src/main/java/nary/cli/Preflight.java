package nary.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import nary.config.Confinement;
import nary.worker.Trampoline;

/** Starts a program that does nothing exactly as a worker would be started: only the kernel knows what it will allow. */
final class Preflight {
    private static final int SECONDS = 20;
    private static final int SHOWN = 200;

    private Preflight() {}

    /** @throws IOException if the user, the limits, the niceness or the mask cannot be had; one line that names the option */
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
