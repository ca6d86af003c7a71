package nary.bench.result;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Where a run's figures, tables, pictures and goals come together, and its directory. */
public final class Results {
    private final Path directory;
    private final PrintStream out;
    private final Measurements measured = new Measurements();
    private final List<Goal> goals = new ArrayList<>();
    private final StringBuilder text = new StringBuilder();
    private final long begun = System.nanoTime();

    public Results(Path directory, PrintStream out) throws IOException {
        this.directory = Files.createDirectories(directory);
        this.out = out;
    }

    public Path directory() {
        return directory;
    }

    public Measurements measured() {
        return measured;
    }

    public void add(String result, String subject, String metric, int round, double value) {
        measured.add(result, subject, metric, round, value);
    }

    /** A line for the reader, kept with the results. */
    public void say(String line) {
        out.println(line);
        text.append(line).append('\n');
    }

    /** A line that only shows that something goes on. */
    public void progress(String line) {
        out.printf("%4d s  %s%n", (System.nanoTime() - begun) / 1_000_000_000, line);
    }

    public void goal(Goal goal) {
        goals.add(goal);
    }

    /** Prints and draws a result whose subjects stand beside each other. */
    public void show(String result, List<Grid.Pair> pairs) throws IOException, InterruptedException {
        tables(result, pairs);
        new Chart(directory, measured).bars(result);
    }

    /** Prints and draws a result whose subjects are sizes. */
    public void showAgainst(String sizeName, String result) throws IOException, InterruptedException {
        tables(result, List.of());
        new Chart(directory, measured).lines(result, sizeName);
    }

    private void tables(String result, List<Grid.Pair> pairs) throws IOException {
        say("\n" + Grid.of(measured, result));
        Grid ratios = Grid.ofRatios(measured, result, pairs);
        if (!ratios.isEmpty()) say(ratios.toString());
        save();
    }

    /** The last words: a line for each goal. True if all are met. */
    public boolean finish() throws IOException {
        say("\ngoals: median (least–most)\n");
        goals.forEach(goal -> say(goal.toString()));
        long met = goals.stream().filter(Goal::isMet).count();
        say("\n" + met + " of " + goals.size() + " goals met; figures and pictures in " + directory);
        save();
        return met == goals.size();
    }

    private void save() throws IOException {
        Files.writeString(directory.resolve("figures.csv"), measured.csv());
        Files.writeString(directory.resolve("report.txt"), text);
    }
}
