package nary.cli;

import java.time.Duration;
import java.util.function.Supplier;

/** Keeps the last lines of the terminal up to date while something goes on; in a pipe it does nothing. */
final class Ticker implements AutoCloseable {
    private static final Duration TICK = Duration.ofMillis(200);

    private final Console console;
    private final Supplier<String> lines;
    private final Thread thread;

    private Ticker(Console console, Supplier<String> lines) {
        this.console = console;
        this.lines = lines;
        this.thread = Thread.ofPlatform().daemon().name("progress").unstarted(this::tick);
    }

    /** @param lines what is shown now; empty: nothing; on a thread of its own */
    static Ticker start(Console console, Supplier<String> lines) {
        Ticker ticker = new Ticker(console, lines);
        if (console.isLive()) ticker.thread.start();
        return ticker;
    }

    private void tick() {
        try {
            while (true) {
                Thread.sleep(TICK);
                console.live(lines.get());
            }
        } catch (InterruptedException closed) {
            console.live("");
        }
    }

    /** Nothing is shown any more when it returns. May be called twice. */
    @Override
    public void close() throws InterruptedException {
        thread.interrupt();
        thread.join();
        console.live("");
    }
}
