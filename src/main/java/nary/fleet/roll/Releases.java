package nary.fleet.roll;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import nary.fleet.spec.Names;

/** The releases that the builds of one server have, as one text: an id where all have the same, else {@code build=id} each. */
final class Releases {
    private static final String SEPARATOR = " ";

    private Releases() {}

    /** @param byBuild without those that have none */
    static Optional<String> text(Map<String, String> byBuild) {
        if (byBuild.isEmpty()) return Optional.empty();
        if (new TreeSet<>(byBuild.values()).size() == 1) return byBuild.values().stream().findFirst();
        Map<String, String> slugs = new TreeMap<>();
        byBuild.forEach((build, id) -> slugs.put(Names.slug(build), id));
        return Optional.of(String.join(SEPARATOR, slugs.entrySet().stream().map(it -> it.getKey() + "=" + it.getValue()).toList()));
    }

    /** What a text says of one build. */
    static Optional<String> of(Optional<String> text, String build) {
        if (text.isEmpty() || !text.get().contains("=")) return text;
        String prefix = Names.slug(build) + "=";
        for (String each : text.get().split(SEPARATOR)) if (each.startsWith(prefix)) return Optional.of(each.substring(prefix.length()));
        return Optional.empty();
    }
}
