package nary.bench.result;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** Every single figure of a run, in the order it was taken. */
public final class Measurements {
    private final List<Figure> figures = new ArrayList<>();

    /**
     * One figure.
     *
     * @param result which result it belongs to
     * @param subject what was measured
     * @param metric with its unit
     * @param round figures of one round were taken beside each other
     */
    public record Figure(String result, String subject, String metric, int round, double value) {}

    public synchronized void add(String result, String subject, String metric, int round, double value) {
        figures.add(new Figure(result, subject, metric, round, value));
    }

    /** All of one subject and metric, one value a round; the last where a round has several. */
    public Optional<Spread> spread(String result, String subject, String metric) {
        List<Double> values = of(result, subject, metric).map(Figure::value).toList();
        return values.isEmpty() ? Optional.empty() : Optional.of(Spread.of(values));
    }

    /** {@code subject / reference}, round by round: what drifts for both of them cancels out. */
    public Optional<Spread> ratio(String result, String subject, String reference, String metric) {
        List<Double> ratios = new ArrayList<>();
        of(result, subject, metric).forEach(mine -> of(result, reference, metric)
                .filter(other -> other.round() == mine.round() && other.value() != 0)
                .findFirst()
                .ifPresent(other -> ratios.add(mine.value() / other.value())));
        return ratios.isEmpty() ? Optional.empty() : Optional.of(Spread.of(ratios));
    }

    public List<String> subjects(String result) {
        return List.copyOf(new LinkedHashSet<>(figures(result).map(Figure::subject).toList()));
    }

    public List<String> metrics(String result) {
        return List.copyOf(new LinkedHashSet<>(figures(result).map(Figure::metric).toList()));
    }

    public List<String> results() {
        return List.copyOf(new LinkedHashSet<>(all().stream().map(Figure::result).toList()));
    }

    /** With a line of names; values without thousands' marks. */
    public String csv() {
        StringBuilder csv = new StringBuilder("result,subject,metric,round,value\n");
        for (Figure f : all()) {
            csv.append(String.format(Locale.ROOT, "\"%s\",\"%s\",\"%s\",%d,%s%n", f.result(), f.subject(), f.metric(), f.round(), f.value()));
        }
        return csv.toString();
    }

    private synchronized List<Figure> all() {
        return List.copyOf(figures);
    }

    private Stream<Figure> figures(String result) {
        return all().stream().filter(it -> it.result().equals(result));
    }

    private Stream<Figure> of(String result, String subject, String metric) {
        return figures(result).filter(it -> it.subject().equals(subject) && it.metric().equals(metric));
    }
}
