package nary.fleet.transform;

import jakarta.json.Json;
import jakarta.json.JsonException;
import jakarta.json.JsonObject;
import jakarta.json.JsonStructure;
import jakarta.json.JsonValue;
import java.util.function.UnaryOperator;

/** What a patch makes of a value: JSON Patch (RFC 6902) if it is a list of operations, else a merge patch (RFC 7396). */
final class TreePatch {
    private final SourceFile file;
    private final Datum patch;
    private final Findings findings;

    private TreePatch(SourceFile file, Datum patch, Findings findings) {
        this.file = file;
        this.patch = patch;
        this.findings = findings;
    }

    static JsonValue apply(JsonValue target, SourceFile file, Datum patch, Findings findings) {
        var all = new TreePatch(file, patch, findings);
        return isOperations(patch.value()) ? all.operations(target) : all.merge(target);
    }

    private static boolean isOperations(JsonValue patch) {
        return patch.getValueType() == JsonValue.ValueType.ARRAY
                && patch.asJsonArray().stream().allMatch(each -> each instanceof JsonObject object && object.containsKey("op") && object.containsKey("path"));
    }

    private JsonValue merge(JsonValue target) {
        missed(target, patch, "");
        return Json.createMergePatch(patch.value()).apply(target);
    }

    /** A null that removes nothing. */
    private void missed(JsonValue target, Datum part, String path) {
        if (!(target instanceof JsonObject object) || part.value().getValueType() != JsonValue.ValueType.OBJECT) return;
        for (Datum.Entry field : part.entries()) {
            String at = path + "/" + field.key();
            JsonValue there = object.get(field.key());
            if (there != null) missed(there, field.value(), at);
            else if (field.value().value().equals(JsonValue.NULL)) findings.missed(file.place(field.start()), "nothing to remove: the source has no " + at);
        }
    }

    /** One by one, to say which of them fails. */
    private JsonValue operations(JsonValue target) {
        JsonValue result = target;
        for (Datum.Entry operation : patch.entries()) {
            JsonObject one = operation.value().value().asJsonObject();
            try {
                result = applier(one).apply(result);
            } catch (JsonException | IllegalArgumentException | IndexOutOfBoundsException | ClassCastException | NullPointerException e) {
                boolean isMissed = Json.createValue("remove").equals(one.get("op")) && e instanceof JsonException;
                String text = one.get("op") + " " + one.get("path") + " cannot be done: " + reason(one, e);
                if (isMissed) findings.missed(file.place(operation.start()), text);
                else findings.error(file.place(operation.start()), text);
            }
        }
        return result;
    }

    private static UnaryOperator<JsonValue> applier(JsonObject operation) {
        var patch = Json.createPatch(Json.createArrayBuilder().add(operation).build());
        return value -> {
            if (!(value instanceof JsonStructure structure)) throw new JsonException("the source is a single value");
            return patch.apply(structure);
        };
    }

    private static String reason(JsonObject operation, RuntimeException e) {
        // the library would print both values, and one may be a secret
        if (Json.createValue("test").equals(operation.get("op")) && e instanceof JsonException) return "the source has another value there, or none";
        return e instanceof NullPointerException || e instanceof ClassCastException ? "a member is missing or of the wrong type" : String.valueOf(e.getMessage()).replaceAll("[\r\n].*", "");
    }
}
