package nary.fleet.spec;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import nary.config.Section;

/** {@code strategy}: each of its keys is the nearest one's. */
final class TacticsLayers {
    private static final Share NONE = Share.of(0);
    private static final Share ONE = Share.of(1);

    private final List<Section> sections;

    TacticsLayers(List<Section> sections) {
        this.sections = sections;
    }

    Target.Tactics read() {
        var tactics = new Target.Tactics(
                share("batch", 1).orElse(ONE),
                first(it -> it.text("canary")),
                share("maxFailures", 0).orElse(NONE),
                share("minHealthy", 0).orElse(ONE),
                duration("drainTimeout", Layers.DEFAULT_WAIT),
                duration("upTimeout", Duration.ofSeconds(60)),
                duration("soak", Duration.ZERO),
                duration("stopTimeout", Duration.ofSeconds(60)));
        sections.forEach(Section::end);
        return tactics;
    }

    private Optional<Share> share(String key, int least) {
        return first(it -> it.parsed(key, text -> Share.parse(text, least)));
    }

    private Duration duration(String key, Duration otherwise) {
        return first(it -> it.duration(key)).orElse(otherwise);
    }

    private <T> Optional<T> first(Function<Section, Optional<T>> read) {
        Optional<T> found = Optional.empty();
        for (Section section : sections) {
            Optional<T> here = read.apply(section);
            if (found.isEmpty()) found = here;
        }
        return found;
    }
}
