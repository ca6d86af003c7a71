package nary.fleet.transform;

import jakarta.json.JsonValue;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Locale;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.resolver.CoreScalarResolver;
import org.snakeyaml.engine.v2.resolver.ScalarResolver;

/** What a word of YAML means, by the core schema of YAML 1.2. */
final class YamlScalars {
    private static final ScalarResolver RESOLVER = new CoreScalarResolver(true);

    private YamlScalars() {}

    static JsonValue value(ScalarEvent event) {
        String text = YamlPlaceholders.unshielded(event.getValue());
        boolean isPlain = event.isPlain() && event.getTag().isEmpty();
        return isPlain ? value(text, RESOLVER.resolve(text, true)) : JsonLibrary.JSON.createValue(text);
    }

    private static JsonValue value(String text, Tag tag) {
        if (tag.equals(Tag.NULL)) return JsonValue.NULL;
        if (tag.equals(Tag.BOOL)) return text.toLowerCase(Locale.ROOT).equals("true") ? JsonValue.TRUE : JsonValue.FALSE;
        try {
            if (tag.equals(Tag.INT)) return JsonLibrary.JSON.createValue(integer(text));
            if (tag.equals(Tag.FLOAT)) return JsonLibrary.JSON.createValue(new BigDecimal(text));
        } catch (NumberFormatException e) {
            // .inf and .nan have no JSON form; as text they stay what they are
            return JsonLibrary.JSON.createValue(text);
        }
        return JsonLibrary.JSON.createValue(text);
    }

    private static BigInteger integer(String text) {
        if (text.startsWith("0x")) return new BigInteger(text.substring(2), 16);
        if (text.startsWith("0o")) return new BigInteger(text.substring(2), 8);
        return new BigInteger(text.startsWith("+") ? text.substring(1) : text);
    }

    /** Text that stays text without quotes, for every reader: those of YAML 1.1 too. */
    static boolean isPlain(String text) {
        if (!text.matches("[A-Za-z_/][A-Za-z0-9_./@+-]*( [A-Za-z0-9_./@+-]+)*")) return false;
        if (text.matches("(?i)y|n|yes|no|on|off|true|false|null|nan|inf")) return false;
        return RESOLVER.resolve(text, true).equals(Tag.STR);
    }
}
