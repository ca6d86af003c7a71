package nary.demo;

import java.io.PrintStream;
import java.util.Locale;
import nary.demo.load.Load;
import org.jspecify.annotations.Nullable;

/** What happens right now: one line that is written over on a terminal, a line each in a pipe. */
final class Progress {
    private final PrintStream out;
    private final boolean terminal = System.console() != null && System.console().isTerminal();
    private final long begun = System.nanoTime();
    private @Nullable Load load;

    Progress(PrintStream out) {
        this.out = out;
    }

    void follow(Load load) {
        this.load = load;
    }

    void say(String text) {
        double seconds = (System.nanoTime() - begun) / 1e9;
        long asked = load == null ? 0 : load.asked();
        String line = String.format(Locale.ROOT, "%5.1f s %8d requests  %s", seconds, asked, text);
        out.print(terminal ? "\r" + line + "\033[K" : line + "\n");
        out.flush();
    }

    void done(String text) {
        say(text);
        if (terminal) out.println();
    }
}
