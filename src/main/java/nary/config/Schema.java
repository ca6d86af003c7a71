package nary.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The JSON Schema of {@code nary.yml}, made from the option table: draft 7, which the editors know. */
public final class Schema {
    private static final List<String> PLAIN = List.of("string", "number", "boolean");

    private Schema() {}

    /** Maps, lists and plain values, to be written as JSON. */
    public static Map<String, Object> of() {
        Map<String, Object> app = ordered("type", "object", "description", "An app", "required", List.of("command"), "properties", app(), "patternProperties", own(), "additionalProperties", false);
        Map<String, Object> properties = ordered("$schema", ordered("type", "string"), "apps", apps());
        properties.putAll(app());
        return ordered(
                "$schema", "http://json-schema.org/draft-07/schema#",
                "title", "nary.yml",
                "description", "One app, its keys at the top, or several below apps",
                "type", "object",
                "properties", properties,
                "patternProperties", own(),
                "additionalProperties", false,
                "oneOf", List.of(ordered("required", List.of("command")), ordered("required", List.of("apps"))),
                "definitions", ordered("app", app));
    }

    /** What begins with {@code x-} is the user's own. */
    private static Map<String, Object> own() {
        return ordered("^x-", ordered());
    }

    private static Map<String, Object> apps() {
        Map<String, Object> one = ordered("$ref", "#/definitions/app");
        return ordered(
                "description", "The apps by name, in the order in which nary up starts them",
                "anyOf", List.of(ordered("type", "object", "additionalProperties", one), ordered("type", "array", "items", one)));
    }

    private static Map<String, Object> app() {
        Map<String, Object> keys = ordered(
                "name", ordered("type", "string", "description", "The app's name for commands"),
                "command", ordered(
                        "description", "what to run, and its arguments: one text, split as a shell would, or a list of words",
                        "anyOf", List.of(ordered("type", "string"), ordered("type", "array", "items", ordered("type", PLAIN), "minItems", 1))));
        for (Option option : OptionTable.keys()) keys.put(option.key(), key(option));
        return keys;
    }

    private static Map<String, Object> key(Option option) {
        Map<String, Object> schema = ordered("description", option.about());
        schema.putAll(value(option));
        if (!option.fallback().isEmpty()) schema.put("default", typed(option, option.fallback()));
        return schema;
    }

    private static Map<String, Object> value(Option option) {
        if (option.kind() == Option.Kind.PAIR)
            return ordered("anyOf", List.of(ordered("type", "object", "additionalProperties", ordered("type", PLAIN)), list(ordered("type", "string"))));
        Map<String, Object> one = one(option);
        return option.isRepeated() ? ordered("anyOf", List.of(one, list(one))) : one;
    }

    private static Map<String, Object> list(Map<String, Object> of) {
        return ordered("type", "array", "items", of);
    }

    private static Map<String, Object> one(Option option) {
        List<Object> forms = new ArrayList<>();
        switch (option.kind()) {
            case NUMBER -> forms.add(ordered("type", "integer"));
            case DURATION -> {
                forms.add(ordered("type", "number", "minimum", 0));
                forms.add(ordered("type", "string", "pattern", "^[0-9]+(\\.[0-9]+)?(ms|s|m|h|d)?$"));
            }
            case SIZE -> {
                forms.add(ordered("type", "integer", "minimum", 1));
                forms.add(ordered("type", "string", "pattern", "^[0-9]+(\\.[0-9]+)? ?[KMGkmg]?[Ii]?[Bb]?$"));
            }
            case PATH -> forms.add(ordered("type", "string"));
            case TEXT -> forms.add(ordered("type", List.of("string", "number")));
            case WORD, FLAG, PAIR -> {}
        }
        if (!option.words().isEmpty()) forms.add(ordered("enum", option.words()));
        return forms.size() == 1 ? asMap(forms.getFirst()) : ordered("anyOf", forms);
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> asMap(Object schema) {
        return (Map<String, Object>) schema;
    }

    private static Object typed(Option option, String value) {
        boolean isNumber = option.kind() == Option.Kind.NUMBER || option.kind() == Option.Kind.DURATION || option.kind() == Option.Kind.SIZE;
        if (!isNumber || option.words().contains(value)) return value;
        return value.contains(".") ? new java.math.BigDecimal(value) : Long.valueOf(value);
    }

    private static Map<String, Object> ordered(Object... namesAndValues) {
        Map<String, Object> map = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) map.put(String.valueOf(namesAndValues[i]), namesAndValues[i + 1]);
        return map;
    }
}
