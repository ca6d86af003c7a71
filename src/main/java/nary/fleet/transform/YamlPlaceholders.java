package nary.fleet.transform;

import java.util.regex.Pattern;

/** {@code port: #{PORT}} would be a comment to a parser of YAML. */
final class YamlPlaceholders {
    private static final Pattern PLACEHOLDER = Pattern.compile("#\\{([A-Za-z_][A-Za-z0-9_.-]*)\\}");

    private YamlPlaceholders() {}

    /** The text, in length and lines the same, with placeholders that are words. */
    static String shielded(String text) {
        return text.contains("#{") ? PLACEHOLDER.matcher(text).replaceAll("\uE000\uE001$1\uE002") : text;
    }

    static String unshielded(String text) {
        return text.replace("\uE000\uE001", "#{").replace('\uE002', '}');
    }
}
