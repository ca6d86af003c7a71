package nary.chaos;

import java.io.PrintStream;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** A line for each thing that happens. Thread-safe. */
final class Report {
    private final PrintStream out;
    private final long begun = System.nanoTime();
    private final Map<String, Integer> exits = new TreeMap<>();
    private int actions;

    Report(PrintStream out) {
        this.out = out;
    }

    synchronized void say(String text) {
        actions++;
        out.printf(Locale.ROOT, "%6.1f s  %s%n", (System.nanoTime() - begun) / 1e9, text);
        out.flush();
    }

    synchronized void ended(String text, Command.End end) {
        exits.merge(end.words().getFirst() + " " + end.exit(), 1, Integer::sum);
        say(text + " → " + end.exit() + " after " + end.millis() + " ms: " + end.said());
    }

    /** How often each command ended with which code. */
    synchronized Map<String, Integer> exits() {
        return Map.copyOf(exits);
    }

    synchronized int actions() {
        return actions;
    }
}
