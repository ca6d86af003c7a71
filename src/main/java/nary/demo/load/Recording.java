package nary.demo.load;

import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** All attempts of a load, and what can be asked about them. */
public record Recording(List<Attempt> attempts) {
    public Recording {
        attempts = List.copyOf(attempts);
    }

    public Recording only(Predicate<Attempt> which) {
        return new Recording(attempts.stream().filter(which).toList());
    }

    /** What touched one of the spans. */
    public Recording during(List<Span> spans) {
        return only(a -> spans.stream().anyMatch(a::touches));
    }

    /** What lay outside of all the spans. */
    public Recording outside(List<Span> spans) {
        return only(a -> spans.stream().noneMatch(a::touches));
    }

    public long ok() {
        return count(Outcome.OK);
    }

    public long count(Outcome outcome) {
        return attempts.stream().filter(a -> a.outcome() == outcome).count();
    }

    public List<Attempt> failures() {
        return attempts.stream().filter(a -> a.outcome().isFailure()).toList();
    }

    public Map<Outcome, Long> byOutcome() {
        Map<Outcome, Long> counts = new EnumMap<>(Outcome.class);
        for (Outcome outcome : Outcome.values()) counts.put(outcome, count(outcome));
        return counts;
    }

    public Map<String, Long> byVersion() {
        Map<String, Long> counts = new TreeMap<>();
        answers().forEach(a -> counts.merge(a.version(), 1L, Long::sum));
        return counts;
    }

    public Duration slowest() {
        return answers().map(Attempt::took).max(Duration::compareTo).orElse(Duration.ZERO);
    }

    public Histogram histogram() {
        return Histogram.of(answers().map(Attempt::took).toList());
    }

    private Stream<Attempt> answers() {
        return attempts.stream().filter(a -> a.outcome() == Outcome.OK);
    }
}
