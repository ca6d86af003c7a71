package nary.bench.result;

import java.util.List;
import java.util.Locale;

/** Values of one thing that was measured several times: the median and how far they lie apart. */
public record Spread(double median, double min, double max, int count) {

    /** @param values at least one; in any order */
    public static Spread of(List<Double> values) {
        if (values.isEmpty()) throw new IllegalArgumentException("no value");
        List<Double> sorted = values.stream().sorted().toList();
        int middle = sorted.size() / 2;
        double median = sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
        return new Spread(median, sorted.getFirst(), sorted.getLast(), sorted.size());
    }

    /** {@code 1.02 (0.98–1.10)}; a single value stands alone. */
    @Override
    public String toString() {
        if (count == 1 || min == max) return number(median);
        return number(median) + " (" + number(min) + "–" + number(max) + ")";
    }

    /** Three digits that count, thousands apart. */
    static String number(double value) {
        double size = Math.abs(value);
        if (value == Math.rint(value) || size >= 100) return String.format(Locale.ROOT, "%,.0f", value);
        if (size >= 10) return String.format(Locale.ROOT, "%.1f", value);
        if (size >= 0.1) return String.format(Locale.ROOT, "%.2f", value);
        return String.format(Locale.ROOT, "%.4f", value);
    }
}
