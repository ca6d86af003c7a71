package nary.fleet.transform;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Changes of a text by spans of it. What no span covers stays as it is. Insertions at one offset keep the order they came in; spans
 * that are only deleted may overlap.
 */
final class Edits {
    private record Edit(int start, int end, String text) {}

    private final List<Edit> all = new ArrayList<>();

    /** @param end exclusive; equal to start: an insertion */
    void replace(int start, int end, String text) {
        if (start < end || !text.isEmpty()) all.add(new Edit(start, end, text));
    }

    void insert(int at, String text) {
        replace(at, at, text);
    }

    void delete(int start, int end) {
        replace(start, end, "");
    }

    /** Nothing was inserted there yet. */
    boolean isEmptyAt(int offset) {
        return all.stream().noneMatch(edit -> edit.start() == offset);
    }

    /** @throws IllegalStateException if two spans overlap that are not both deleted */
    String apply(String source) {
        if (all.isEmpty()) return source;
        // stable; what is inserted where a span begins comes before the span
        all.sort(Comparator.comparingInt(Edit::start).thenComparing(edit -> edit.start() != edit.end()));
        var result = new StringBuilder(source.length() + 1024);
        int at = 0;
        for (Edit edit : all) {
            boolean isClash = edit.start() < at && !edit.text().isEmpty();
            if (isClash) throw new IllegalStateException("two changes of one span, at " + edit.start());
            result.append(source, at, Math.max(at, edit.start())).append(edit.text());
            at = Math.max(at, edit.end());
        }
        return result.append(source, at, source.length()).toString();
    }
}
