package nary.rollout;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import nary.config.Durations;

/** When the phases of a rollout ended. {@code drained}: when the last old worker so far was told to stop. */
public record Timeline(Instant started, Optional<Instant> ready, Optional<Instant> settled, Optional<Instant> drained) {
    static Timeline begin(Instant now) {
        return new Timeline(now, Optional.empty(), Optional.empty(), Optional.empty());
    }

    /** How long it all took. */
    public Duration total(Instant end) {
        return Duration.between(started, end);
    }

    Timeline ready(Instant now) {
        return new Timeline(started, Optional.of(ready.orElse(now)), settled, drained);
    }

    Timeline settled(Instant now) {
        return new Timeline(started, ready, Optional.of(now), drained);
    }

    Timeline drained(Instant now) {
        return new Timeline(started, ready, settled, Optional.of(now));
    }

    /** {@code boot 0.041s, settle 0.5s, drain 0.03s, stop 0.012s}. */
    public String text(Instant end) {
        Instant up = ready.orElse(end);
        Instant calm = settled.orElse(end);
        Instant empty = drained.orElse(end);
        return "boot " + span(started, up) + ", settle " + span(up, calm) + ", drain " + span(calm, empty) + ", stop " + span(empty, end);
    }

    private static String span(Instant from, Instant to) {
        return Durations.text(Duration.between(from, to));
    }
}
