package nary.fleet.transform;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Settings of one file put over those of another, key by key. Order, comments and what is not named stay. */
final class Overlay {
    private record Key(String section, String name) {
        @Override
        public String toString() {
            return section.isEmpty() ? name : "[" + section + "] " + name;
        }
    }

    private final SourceFile source;
    private final SourceFile overlay;
    private final Findings findings;
    private final Edits edits = new Edits();
    private final List<KeyLines.Line> lines;
    private final Map<String, StringBuilder> newSections = new LinkedHashMap<>();

    private Overlay(SourceFile source, SourceFile overlay, Findings findings) throws TransformException {
        this.source = source;
        this.overlay = overlay;
        this.findings = findings;
        this.lines = KeyLines.of(source);
    }

    static SourceFile apply(SourceFile source, SourceFile overlay, Findings findings) throws TransformException {
        return new Overlay(source, overlay, findings).apply();
    }

    private SourceFile apply() throws TransformException {
        List<KeyLines.Line> wanted = KeyLines.of(overlay);
        if (wanted.isEmpty()) findings.missed(Place.whole(overlay.name()), "it sets nothing");
        Map<Key, List<KeyLines.Line>> known = byKey(lines);
        byKey(wanted).forEach((key, all) -> {
            checkConflict(key, all);
            List<KeyLines.Line> there = known.getOrDefault(key, List.of());
            if (there.isEmpty()) add(all.getLast());
            else change(key, there, all.getLast());
        });
        newSections.forEach(this::addSection);
        return source.with(edits.apply(source.text()));
    }

    private void addSection(String section, StringBuilder settings) {
        int end = source.text().length();
        String blank = source.text().isBlank() ? "" : source.newline();
        edits.insert(end, beforeAdded(end) + blank + "[" + section + "]" + source.newline() + settings);
    }

    private static Map<Key, List<KeyLines.Line>> byKey(List<KeyLines.Line> lines) {
        Map<Key, List<KeyLines.Line>> byKey = new LinkedHashMap<>();
        for (KeyLines.Line line : lines) byKey.computeIfAbsent(new Key(line.section(), line.key()), _ -> new ArrayList<>()).add(line);
        return byKey;
    }

    private void checkConflict(Key key, List<KeyLines.Line> all) {
        boolean isConflict = all.stream().map(KeyLines.Line::value).distinct().count() > 1;
        if (isConflict) findings.missed(overlay.place(all.getLast().start()), "conflict: " + key + " has another value in line " + overlay.place(all.getFirst().start()).line());
    }

    private void change(Key key, List<KeyLines.Line> there, KeyLines.Line wanted) {
        boolean isAmbiguous = there.size() > 1;
        if (isAmbiguous)
            findings.missed(overlay.place(wanted.start()), key + " stands " + there.size() + " times in the source, in lines "
                    + String.join(", ", there.stream().map(line -> "" + source.place(line.start()).line()).toList()));
        for (KeyLines.Line line : there) if (!line.value().equals(wanted.value())) edits.replace(line.valueStart(), line.valueEnd(), separator(line) + adapted(wanted.value()));
    }

    /** A key that stood alone. */
    private String separator(KeyLines.Line line) {
        return " \t=:".indexOf(source.text().charAt(line.valueStart() - 1)) >= 0 ? "" : "=";
    }

    private String adapted(String text) {
        return source.fittingProperty(text.replace("\r\n", "\n").replace("\n", source.newline()));
    }

    private String written(KeyLines.Line wanted) {
        return adapted(overlay.text().substring(wanted.start(), wanted.end()));
    }

    private void add(KeyLines.Line wanted) {
        if (source.format() != Format.INI) {
            edits.insert(source.text().length(), beforeAdded(source.text().length()) + written(wanted) + source.newline());
            return;
        }
        int end = sectionEnd(wanted.section());
        if (end >= 0) edits.insert(end, beforeAdded(end) + written(wanted) + source.newline());
        else newSections.computeIfAbsent(wanted.section(), _ -> new StringBuilder()).append(written(wanted)).append(source.newline());
    }

    private String beforeAdded(int end) {
        return end == source.text().length() && edits.isEmptyAt(end) ? atNewLine() : "";
    }

    private String atNewLine() {
        return source.text().isEmpty() || source.text().endsWith("\n") ? "" : source.newline();
    }

    /** After the last setting of the section, or its header; -1 if there is no such section. */
    private int sectionEnd(String section) {
        for (KeyLines.Line line : lines.reversed()) if (line.section().equals(section)) return nextLine(line.end());
        int header = KeyLines.header(source, section);
        if (header >= 0) return nextLine(header);
        return section.isEmpty() ? 0 : -1;
    }

    private int nextLine(int from) {
        int newline = source.text().indexOf('\n', from);
        return newline < 0 ? source.text().length() : newline + 1;
    }
}
