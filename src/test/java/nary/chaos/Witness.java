package nary.chaos;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import nary.demo.load.Attempt;
import nary.demo.load.Span;

/** Which versions may answer when, and when none has to. */
final class Witness {
    private final TreeMap<Long, Set<String>> allowed = new TreeMap<>();
    private final List<Span> outages = new ArrayList<>();

    /** From now on these. @param now {@link System#nanoTime} */
    void mayAnswer(long now, Set<String> versions) {
        allowed.put(now, Set.copyOf(versions));
    }

    /** Since the last word. */
    Set<String> mayAnswer() {
        return allowed.isEmpty() ? Set.of() : allowed.lastEntry().getValue();
    }

    void isDown(long begin, long end) {
        outages.add(new Span(begin, end));
    }

    boolean wasDown(Attempt attempt) {
        return outages.stream().anyMatch(attempt::touches);
    }

    /** From its question to its end. */
    Set<String> mayAnswer(Attempt attempt) {
        Set<String> versions = new HashSet<>();
        var before = allowed.floorEntry(attempt.begun());
        if (before != null) versions.addAll(before.getValue());
        allowed.subMap(attempt.begun(), true, attempt.ended(), true).values().forEach(versions::addAll);
        return versions;
    }
}
