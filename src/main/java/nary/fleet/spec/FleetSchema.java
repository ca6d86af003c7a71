package nary.fleet.spec;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The JSON Schema of fleet files, made from the table of keys: draft 7, which the editors know. */
public final class FleetSchema {
    private static final Map<String, Object> TEXT = ordered("type", "string");
    private static final Map<String, Object> TEXTS = ordered("anyOf", List.of(TEXT, ordered("type", "array", "items", ordered("type", List.of("string", "number")))));

    private FleetSchema() {}

    /** Maps, lists and plain values, to be written as JSON. */
    public static Map<String, Object> of() {
        Map<String, Object> schema = ordered("$schema", "http://json-schema.org/draft-07/schema#", "title", "fleet.json", "description", "What nary fleet deploys, and where");
        schema.putAll(object(List.of("builds"), FleetKeys.FILE, FleetKeys.SETTINGS));
        return schema;
    }

    private static Map<String, Object> object(List<String> required, FleetKeys.Group... groups) {
        Map<String, Object> properties = new LinkedHashMap<>();
        for (FleetKeys.Group group : groups) for (FleetKeys.Key key : group.keys()) properties.put(key.name(), described(key));
        Map<String, Object> object = ordered("type", "object", "properties", properties, "patternProperties", ordered("^x-", ordered()), "additionalProperties", false);
        if (!required.isEmpty()) object.put("required", required);
        return object;
    }

    private static Map<String, Object> described(FleetKeys.Key key) {
        Map<String, Object> schema = new LinkedHashMap<>();
        if (!key.about().isEmpty()) schema.put("description", key.about());
        schema.putAll(shape(key.shape()));
        return schema;
    }

    private static Map<String, Object> shape(FleetKeys.Shape shape) {
        return switch (shape) {
            case TEXT -> ordered("type", List.of("string", "number"));
            case TEXTS -> TEXTS;
            case NUMBER -> ordered("type", "integer", "minimum", 0);
            case FLAG -> ordered("type", "boolean");
            case DURATION -> ordered("anyOf", List.of(ordered("type", "number", "minimum", 0), ordered("type", "string", "pattern", "^[0-9]+(\\.[0-9]+)?(ms|s|m|h|d)?$")));
            case SHARE -> ordered("anyOf", List.of(ordered("type", "integer", "minimum", 0), ordered("type", "string", "pattern", "^[0-9]{1,5}%?$")));
            case SERVERS -> list(ordered("anyOf", List.of(TEXT, object(List.of("host"), FleetKeys.SERVER))));
            case BUILDS -> list(object(List.of("name", "environments"), FleetKeys.BUILD, FleetKeys.SETTINGS));
            case ENVIRONMENTS -> list(object(List.of("name"), FleetKeys.ENVIRONMENT, FleetKeys.SETTINGS));
            case APP -> ordered("type", "object", "required", List.of("command"), "properties", ordered("command", TEXTS));
            case COMMANDS -> object(List.of(), FleetKeys.COMMANDS);
            case HEALTH -> object(List.of(), FleetKeys.HEALTH);
            case STRATEGY -> object(List.of(), FleetKeys.STRATEGY);
            case HOOKS -> object(List.of(), FleetKeys.HOOKS);
            case BALANCERS -> list(object(List.of("type"), FleetKeys.BALANCER));
            case CALL -> ordered("anyOf", List.of(TEXTS, object(List.of("url"), FleetKeys.CALL)));
            case PREPARE -> object(List.of(), FleetKeys.PREPARE);
            case FOLDERS -> list(object(List.of("path"), FleetKeys.FOLDER));
            case HEADERS -> ordered("type", "object", "additionalProperties", TEXT);
        };
    }

    private static Map<String, Object> list(Map<String, Object> of) {
        return ordered("type", "array", "items", of);
    }

    private static Map<String, Object> ordered(Object... namesAndValues) {
        Map<String, Object> map = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) map.put(String.valueOf(namesAndValues[i]), namesAndValues[i + 1]);
        return map;
    }
}
