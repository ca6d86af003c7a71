package nary.fleet.transform;

import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** How new values are written in one file. @param unit one step of indentation */
record TreeStyle(boolean isYaml, String newline, String unit) {

    /** Between brackets. @param indent of the line it begins in @param isInLine without line breaks */
    String flow(JsonValue value, String indent, boolean isInLine) {
        return switch (value) {
            case JsonObject object when !object.isEmpty() -> {
                List<String> fields = new ArrayList<>();
                object.forEach((key, each) -> fields.add(flowKey(key) + ": " + flow(each, indent + unit, isInLine)));
                yield bracketed("{", fields, "}", indent, isInLine);
            }
            case JsonArray array when !array.isEmpty() ->
                bracketed("[", array.stream().map(each -> flow(each, indent + unit, isInLine)).toList(), "]", indent, isInLine);
            case JsonValue other -> scalar(other);
        };
    }

    private String bracketed(String open, List<String> entries, String close, String indent, boolean isInLine) {
        if (isInLine || isYaml) return open + String.join(", ", entries) + close;
        String line = newline + indent;
        return open + line + unit + String.join("," + line + unit, entries) + line + close;
    }

    /** A key between brackets. */
    String flowKey(String key) {
        return isYaml && YamlScalars.isPlain(key) ? key : quoted(key);
    }

    String blockKey(String key) {
        return YamlScalars.isPlain(key) ? key : quoted(key);
    }

    /** A value that is not nested; an empty object or array too. */
    String scalar(JsonValue value) {
        return switch (value) {
            case JsonObject _ -> "{}";
            case JsonArray _ -> "[]";
            case JsonString text -> isYaml && YamlScalars.isPlain(text.getString()) ? text.getString() : quoted(text.getString());
            case JsonValue other -> other.toString();
        };
    }

    private static String quoted(String text) {
        return JsonLibrary.JSON.createValue(text).toString();
    }

    /** In the quotes of what it takes the place of. Empty for what has no quotes. */
    Optional<String> like(String old, JsonValue value) {
        if (!(value instanceof JsonString text)) return BlockChange.isContainer(value) ? Optional.empty() : Optional.of(scalar(value));
        boolean fitsInSingle = isYaml && old.startsWith("'") && text.getString().chars().noneMatch(c -> c < ' ');
        if (fitsInSingle) return Optional.of("'" + text.getString().replace("'", "''") + "'");
        return Optional.of(old.startsWith("\"") ? quoted(text.getString()) : scalar(value));
    }

    /** By indentation, its first line at {@code column} already. */
    String block(JsonValue value, int column) {
        String line = newline + " ".repeat(column);
        return switch (value) {
            case JsonObject object when !object.isEmpty() -> {
                List<String> fields = new ArrayList<>();
                object.forEach((key, each) -> fields.add(blockKey(key) + ":" + entry(each, column, false)));
                yield String.join(line, fields);
            }
            case JsonArray array when !array.isEmpty() -> String.join(line, array.stream().map(each -> "-" + entry(each, column, true)).toList());
            case JsonValue other -> scalar(other);
        };
    }

    private String entry(JsonValue value, int column, boolean isItem) {
        return BlockChange.isContainer(value) ? nested(value, column, isItem) : " " + scalar(value);
    }

    /** What follows a colon or a dash. @param column of the key, or of the dash */
    String nested(JsonValue value, int column, boolean isItem) {
        if (isItem) return " " + block(value, column + 2);
        int deeper = column + unit.length();
        return newline + " ".repeat(deeper) + block(value, deeper);
    }

    static TreeStyle of(SourceFile file, Datum root, boolean isYaml) {
        return new TreeStyle(isYaml, file.newline(), unit(file.text(), root).orElse("  "));
    }

    /** How much deeper the first nested line begins. */
    private static Optional<String> unit(String text, Datum container) {
        String outer = indent(text, container.start());
        for (Datum.Entry entry : container.entries()) {
            String inner = indent(text, entry.start());
            if (inner.startsWith(outer) && inner.length() > outer.length()) return Optional.of(inner.substring(outer.length()));
            Optional<String> deeper = unit(text, entry.value());
            if (deeper.isPresent()) return deeper;
        }
        return Optional.empty();
    }

    private static String indent(String text, int offset) {
        int start = text.lastIndexOf('\n', offset - 1) + 1;
        int end = start;
        while (end < text.length() && (text.charAt(end) == ' ' || text.charAt(end) == '\t')) end++;
        return text.substring(start, end);
    }
}
