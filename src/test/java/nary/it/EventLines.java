package nary.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import nary.control.Json;
import nary.control.WireException;

/** What {@code nary events --json} says. */
record EventLines(List<Map<?, ?>> all) {

    static EventLines of(Site site, String... options) throws Exception {
        List<String> words = new ArrayList<>(List.of("events", "--json"));
        words.addAll(List.of(options));
        Ran ran = site.spawn(site.directory(), words.toArray(String[]::new)).await(java.time.Duration.ofSeconds(60));
        assertThat(ran.exit()).as("%s", ran).isZero();
        return parse(ran.out());
    }

    static EventLines parse(String text) {
        return new EventLines(text.lines().<Map<?, ?>>map(EventLines::line).toList());
    }

    private static Map<?, ?> line(String line) {
        try {
            if (Json.read(line) instanceof Map<?, ?> event) return event;
        } catch (WireException e) {
            throw new AssertionError("no JSON: " + line, e);
        }
        throw new AssertionError("no object: " + line);
    }

    EventLines of(String kind) {
        return new EventLines(all.stream().filter(it -> kind.equals(it.get("kind"))).toList());
    }

    EventLines because(String reason) {
        return new EventLines(all.stream().filter(it -> reason.equals(it.get("reason"))).toList());
    }

    /** When the first of them was said of this generation. */
    Instant first(int generation) {
        Map<?, ?> event = all.stream().filter(it -> it.get("generation") instanceof Number of && of.intValue() == generation).findFirst().orElseThrow();
        return OffsetDateTime.parse(String.valueOf(event.get("time"))).toInstant();
    }

    int count() {
        return all.size();
    }

    List<String> texts() {
        return all.stream().map(it -> String.valueOf(it.get("text"))).toList();
    }
}
