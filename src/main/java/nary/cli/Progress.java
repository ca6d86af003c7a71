package nary.cli;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import nary.config.Durations;
import nary.control.Reply;
import nary.supervisor.Notice;
import nary.supervisor.Outcome;

/** A command's progress on the terminal: a line for each notice, the time running below them, the outcome last. */
final class Progress implements AutoCloseable {
    private static final Set<String> FINAL = Set.of("Ready", "Deployed", "DeployDone", "DeployFailed", "BootFailed", "Shutdown");
    private static final int MAX_ERROR_LINES = 20;

    private final Console console;
    private final long startedAt = System.nanoTime();
    private final Ticker ticker;

    /** @param doing e.g. {@code deploying} */
    Progress(Console console, String doing) {
        this.console = console;
        this.ticker = Ticker.start(console, () -> doing + ", " + Durations.text(elapsed()));
    }

    private Duration elapsed() {
        return Duration.ofMillis((System.nanoTime() - startedAt) / 100_000_000 * 100);
    }

    void show(Notice notice) {
        if (FINAL.contains(notice.name())) return; // the outcome says it
        if (notice.name().startsWith("Hook")) return; // nothing of what was asked for
        console.err(notice.text());
    }

    /** Shows how it ended; the exit code. */
    ExitCode end(Reply.Ended ended) throws InterruptedException {
        close();
        Outcome outcome = ended.outcome();
        ExitCode code = ExitCode.of(outcome);
        showErrors(ended.lastErrors());
        if (code.equals(ExitCode.DONE)) console.out(outcome.text());
        else console.err(outcome.text());
        return code;
    }

    private void showErrors(List<String> lines) {
        if (lines.isEmpty()) return;
        console.err("the last lines of its stderr:");
        for (String line : lines.subList(Math.max(0, lines.size() - MAX_ERROR_LINES), lines.size())) console.err("  | " + line);
    }

    @Override
    public void close() throws InterruptedException {
        ticker.close();
    }
}
