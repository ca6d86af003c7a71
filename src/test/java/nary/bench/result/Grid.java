package nary.bench.result;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** A table of text: one line a row, columns below each other. */
public final class Grid {
    private final List<List<String>> rows = new ArrayList<>();

    public Grid(List<String> heads) {
        rows.add(List.copyOf(heads));
    }

    public void row(List<String> cells) {
        rows.add(List.copyOf(cells));
    }

    public boolean isEmpty() {
        return rows.size() == 1;
    }

    /** The medians with their spread: a row for each subject, a column for each metric. */
    public static Grid of(Measurements measured, String result) {
        List<String> metrics = measured.metrics(result);
        Grid grid = new Grid(heads(result, metrics));
        for (String subject : measured.subjects(result)) {
            grid.row(cells(subject, metrics.stream().map(metric -> measured.spread(result, subject, metric).map(Spread::toString).orElse("–"))
                    .toList()));
        }
        return grid;
    }

    /** For each pair of subjects the ratio of the first to the second, in each metric that both have. */
    public static Grid ofRatios(Measurements measured, String result, List<Pair> pairs) {
        List<String> metrics = measured.metrics(result);
        Grid grid = new Grid(heads("ratios", metrics));
        for (Pair pair : pairs) {
            List<String> ratios = metrics.stream()
                    .map(metric -> measured.ratio(result, pair.subject(), pair.reference(), metric).map(Spread::toString).orElse("–"))
                    .toList();
            if (ratios.stream().anyMatch(it -> !it.equals("–"))) grid.row(cells(pair.subject() + " / " + pair.reference(), ratios));
        }
        return grid;
    }

    /** What is compared with what. */
    public record Pair(String subject, String reference) {}

    private static List<String> heads(String first, List<String> rest) {
        return cells(first, rest);
    }

    private static List<String> cells(String first, List<String> rest) {
        List<String> all = new ArrayList<>(List.of(first));
        all.addAll(rest);
        return all;
    }

    /** As Markdown, which reads well in a terminal too. */
    @Override
    public String toString() {
        int[] widths = new int[rows.getFirst().size()];
        for (List<String> row : rows) for (int i = 0; i < row.size(); i++) widths[i] = Math.max(widths[i], row.get(i).length());
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < rows.size(); i++) {
            text.append(line(rows.get(i), widths)).append('\n');
            if (i == 0) text.append(Arrays.stream(widths).mapToObj(w -> "-".repeat(w + 2)).collect(Collectors.joining("|", "|", "|\n")));
        }
        return text.toString();
    }

    private static String line(List<String> cells, int[] widths) {
        StringBuilder line = new StringBuilder("|");
        for (int i = 0; i < cells.size(); i++) line.append(' ').append(cells.get(i)).append(" ".repeat(widths[i] - cells.get(i).length())).append(" |");
        return line.toString();
    }
}
