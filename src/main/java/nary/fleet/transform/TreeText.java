package nary.fleet.transform;

import jakarta.json.JsonValue;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** A text of JSON or YAML that is changed into another value, by as few spans as can be. */
final class TreeText {
    private static final Pattern REST_OF_LINE = Pattern.compile("[ \\t]*(//[^\\n]*|/\\*[^\\n]*\\*/[ \\t]*|#[^\\n]*)?");

    private final String text;
    private final TreeStyle style;
    private final Edits edits = new Edits();

    private TreeText(String text, TreeStyle style) {
        this.text = text;
        this.style = style;
    }

    static String changed(String text, TreeStyle style, Datum old, JsonValue result) {
        var tree = new TreeText(text, style);
        tree.rewrite(old, result);
        return tree.edits.apply(text);
    }

    String text() {
        return text;
    }

    TreeStyle style() {
        return style;
    }

    Edits edits() {
        return edits;
    }

    /** The root, or an entry's value that needs no more room than it has. */
    void rewrite(Datum old, JsonValue result) {
        if (old.value().equals(result)) return;
        boolean isSameKind = old.value().getValueType() == result.getValueType();
        List<Alignment.Fate> fates = isSameKind && !old.entries().isEmpty() ? Alignment.of(old, result) : List.of();
        boolean isInPlace = fates.stream().anyMatch(Alignment.Fate::stays);
        switch (old.shape()) {
            case FLOW -> {
                if (isInPlace) new FlowChange(this, old).apply(fates);
                else edits.replace(old.start(), old.end(), style.flow(result, lineIndent(old.start()), isInLine(old)));
            }
            case BLOCK -> {
                if (isInPlace) new BlockChange(this, old).apply(fates);
                else edits.replace(old.start(), old.end(), style.block(result, column(old.start())));
            }
            case SCALAR, ALIAS -> edits.replace(old.start(), old.end(), (old.start() == old.end() ? " " : "") + scalarOrFlow(old, result));
        }
    }

    private String scalarOrFlow(Datum old, JsonValue result) {
        return style.like(text.substring(old.start(), old.end()), result).orElseGet(() -> style.flow(result, lineIndent(old.start()), false));
    }

    /** Written in one line, and not just because nothing is in it. */
    private boolean isInLine(Datum old) {
        return !old.entries().isEmpty() && text.substring(old.start(), old.end()).indexOf('\n') < 0;
    }

    int lineStart(int offset) {
        return text.lastIndexOf('\n', offset - 1) + 1;
    }

    /** Of its line, without the line break. */
    int lineEnd(int offset) {
        int newline = text.indexOf('\n', offset);
        if (newline < 0) return text.length();
        return newline > offset && text.charAt(newline - 1) == '\r' ? newline - 1 : newline;
    }

    int nextLine(int offset) {
        int newline = text.indexOf('\n', offset);
        return newline < 0 ? text.length() : newline + 1;
    }

    /** Where the line break before its line begins; 0 in the first line. */
    int breakBefore(int offset) {
        int newline = lineStart(offset) - 1;
        return newline > 0 && text.charAt(newline - 1) == '\r' ? newline - 1 : Math.max(newline, 0);
    }

    int column(int offset) {
        return offset - lineStart(offset);
    }

    boolean beginsLine(int offset) {
        return text.substring(lineStart(offset), offset).isBlank();
    }

    /** The white space that its line begins with. */
    String lineIndent(int offset) {
        int start = lineStart(offset);
        int end = start;
        while (end < text.length() && (text.charAt(end) == ' ' || text.charAt(end) == '\t')) end++;
        return text.substring(start, end);
    }

    /** The end of the line, if nothing but white space and a comment stands between. */
    Optional<Integer> endOfRest(int offset) {
        int end = lineEnd(offset);
        return REST_OF_LINE.matcher(text).region(offset, end).matches() ? Optional.of(end) : Optional.empty();
    }
}
