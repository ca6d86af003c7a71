package nary.fleet.transform;

import java.util.function.UnaryOperator;

/** Puts values into a file in the way that its format writes them. Comments are left alone. */
final class Filling {
    private final SourceFile file;
    private final Placeholders placeholders;
    private final Edits edits = new Edits();

    private Filling(SourceFile file, Placeholders placeholders) {
        this.file = file;
        this.placeholders = placeholders;
    }

    static SourceFile fill(SourceFile file, Placeholders placeholders) throws TransformException {
        if (!Placeholders.areIn(file.text())) return file;
        var filling = new Filling(file, placeholders);
        switch (file.format()) {
            case XML -> filling.xml();
            case JSON -> filling.json();
            case YAML -> filling.yaml();
            case PROPERTIES, ENV, INI -> filling.lines();
        }
        return file.with(filling.edits.apply(file.text()));
    }

    private void fill(int start, int end, UnaryOperator<String> escape) {
        String text = file.text().substring(start, end);
        String filled = placeholders.fill(text, escape);
        if (!filled.equals(text)) edits.replace(start, end, filled);
    }

    private void xml() {
        Markup markup = Markup.of(file.text());
        while (markup.next()) {
            switch (markup.kind()) {
                case TEXT -> fill(markup.start(), markup.end(), value -> file.fitting(XmlEscapes.content(allowed(value))));
                case OPEN, EMPTY -> fill(markup.start(), markup.end(), value -> file.fitting(XmlEscapes.attribute(allowed(value), '"').replace("'", "&apos;")));
                case CDATA -> fill(markup.start(), markup.end(), value -> XmlEscapes.cdata(allowed(value)));
                case CLOSE, COMMENT, INSTRUCTION, DOCTYPE -> {}
            }
        }
    }

    private static String allowed(String value) {
        if (value.codePoints().anyMatch(XmlEscapes::isForbidden)) throw new IllegalArgumentException("has a character that XML cannot hold");
        return value;
    }

    /** In strings; elsewhere it would be no JSON. */
    private void json() {
        String bare = JsonComments.blanked(file.text());
        int at = bare.indexOf('"');
        while (at >= 0) {
            int end = JsonComments.stringEnd(bare, at);
            fill(at, end, Filling::inDoubleQuotes);
            at = bare.indexOf('"', end);
        }
    }

    private static String inDoubleQuotes(String value) {
        String quoted = JsonLibrary.JSON.createValue(value).toString();
        return quoted.substring(1, quoted.length() - 1);
    }

    private void yaml() throws TransformException {
        for (YamlText.Scalar scalar : YamlText.scalars(file)) {
            String text = file.text().substring(scalar.start(), scalar.end());
            if (!Placeholders.areIn(text)) continue;
            switch (scalar.style()) {
                case DOUBLE_QUOTED, JSON_SCALAR_STYLE -> fill(scalar.start(), scalar.end(), Filling::inDoubleQuotes);
                case SINGLE_QUOTED -> fill(scalar.start(), scalar.end(), value -> inSingleQuotes(value));
                case LITERAL, FOLDED -> fill(scalar.start(), scalar.end(), value -> value.replace("\n", "\n" + indent(scalar.end())));
                case PLAIN -> plain(scalar, text);
            }
        }
    }

    private static String inSingleQuotes(String value) {
        if (value.chars().anyMatch(c -> c < ' ')) throw new IllegalArgumentException("has a line break or a control character; use double quotes around it");
        return value.replace("'", "''");
    }

    /** Of the block that ends there. */
    private String indent(int end) {
        int line = file.text().lastIndexOf('\n', Math.max(0, end - 1)) + 1;
        int at = line;
        while (at < end && file.text().charAt(at) == ' ') at++;
        return file.text().substring(line, at);
    }

    /** A number stays a number; what would be read as something else gets quotes. */
    private void plain(YamlText.Scalar scalar, String text) {
        String filled = placeholders.fill(text, UnaryOperator.identity());
        if (!filled.equals(text)) edits.replace(scalar.start(), scalar.end(), YamlText.isPlain(filled) ? filled : JsonLibrary.JSON.createValue(filled).toString());
    }

    private void lines() throws TransformException {
        for (KeyLines.Line line : KeyLines.of(file)) {
            switch (file.format()) {
                case PROPERTIES -> fill(line.valueStart(), line.valueEnd(), this::property);
                case ENV -> variable(line);
                default -> fill(line.valueStart(), line.valueEnd(), Filling::setting);
            }
        }
    }

    private String property(String value) {
        String escaped = value.replace("\\", "\\\\").replace("\n", "\\n").replace("\r", "\\r").replace("\t", "\\t").replace("\f", "\\f");
        return file.fittingProperty(escaped.startsWith(" ") ? "\\" + escaped : escaped);
    }

    private void variable(KeyLines.Line line) {
        if (line.value().startsWith("\"")) fill(line.valueStart(), line.valueEnd(), EnvValues::inQuotes);
        else if (line.value().startsWith("'")) fill(line.valueStart(), line.valueEnd(), Filling::inEnvQuotes);
        else if (Placeholders.areIn(line.value())) edits.replace(line.valueStart(), line.valueEnd(), bare(line.value()));
    }

    private String bare(String value) {
        String filled = placeholders.fill(value, UnaryOperator.identity());
        return filled.equals(value) ? value : EnvValues.written(filled);
    }

    private static String inEnvQuotes(String value) {
        if (value.chars().anyMatch(c -> c == '\'' || c < ' ')) throw new IllegalArgumentException("has a single quote or a control character; use double quotes around it");
        return value;
    }

    private static String setting(String value) {
        if (value.chars().anyMatch(c -> c == '\n' || c == '\r')) throw new IllegalArgumentException("has a line break, and .ini has no form for it");
        return value;
    }
}
