package nary.fleet.transform;

import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import nary.config.Suggest;

/** {@code #{NAME}} in a text, to be filled with a variable's value; {@code ##{} is a literal one. */
final class Placeholders {
    private static final Pattern PLACEHOLDER = Pattern.compile("(#?)#\\{([^}\\r\\n]*)(\\}?)");
    private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_.-]*");

    private static final int TELLING = 5;

    private final Variables variables;
    private final boolean isMasked;
    private final Findings findings;
    private final List<SourceFile> origins;

    /** @param isMasked secrets are stars @param origins where a placeholder may come from, for messages */
    Placeholders(Variables variables, boolean isMasked, Findings findings, List<SourceFile> origins) {
        this.variables = variables;
        this.isMasked = isMasked;
        this.findings = findings;
        this.origins = origins;
    }

    static boolean areIn(String text) {
        return text.contains("#{");
    }

    /** @param escape how a value is written where the text stands; it throws IllegalArgumentException for one that cannot be */
    String fill(String text, UnaryOperator<String> escape) {
        if (!areIn(text)) return text;
        Matcher matcher = PLACEHOLDER.matcher(text);
        var filled = new StringBuilder(text.length());
        while (matcher.find()) {
            boolean isLiteral = !matcher.group(1).isEmpty();
            String written = isLiteral ? matcher.group().substring(1) : value(matcher.group(2), matcher.group(), escape);
            matcher.appendReplacement(filled, Matcher.quoteReplacement(written));
        }
        return matcher.appendTail(filled).toString();
    }

    private String value(String name, String placeholder, UnaryOperator<String> escape) {
        if (!NAME.matcher(name).matches() || !placeholder.endsWith("}")) {
            findings.missed(place(placeholder), "'" + placeholder + "' is no placeholder like #{NAME}; write ##{ for a literal #{");
            return placeholder;
        }
        Optional<String> value = isMasked ? variables.shown(name) : variables.value(name);
        if (value.isEmpty()) {
            // of short names too many are near
            String hint = name.length() < TELLING ? "" : Suggest.text(name, variables.names());
            findings.missed(place(placeholder), "no variable " + name + ": set it by --set " + name + "=VALUE, --vars FILE or the environment" + hint);
            return placeholder;
        }
        return escaped(placeholder, value.get(), escape);
    }

    private String escaped(String placeholder, String value, UnaryOperator<String> escape) {
        try {
            return escape.apply(value);
        } catch (IllegalArgumentException e) {
            findings.error(place(placeholder), "the value of " + placeholder + " " + e.getMessage());
            return placeholder;
        }
    }

    private Place place(String placeholder) {
        for (SourceFile origin : origins) {
            int at = origin.text().indexOf(placeholder);
            if (at >= 0) return origin.place(at);
        }
        return Place.whole(origins.getFirst().name());
    }
}
