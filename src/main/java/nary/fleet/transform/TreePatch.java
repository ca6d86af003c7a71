package nary.fleet.transform;

import jakarta.json.Json;
import jakarta.json.JsonException;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonStructure;
import jakarta.json.JsonValue;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import nary.config.Suggest;

/** What a patch makes of a value: JSON Patch (RFC 6902) if it is a list of operations, else a merge patch (RFC 7396). */
final class TreePatch {
    private static final List<String> OPERATIONS = List.of("add", "remove", "replace", "move", "copy", "test");

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
                String text = one.get("op") + " " + one.get("path") + " cannot be done: " + reason(one, result, e);
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

    /** Never the library's own words where a value may be in them: it may be a secret. */
    private static String reason(JsonObject operation, JsonValue source, RuntimeException e) {
        String name = operation.get("op") instanceof JsonString text ? text.getString() : "";
        if (!OPERATIONS.contains(name)) return "there is no such operation" + Suggest.text(name, OPERATIONS) + " (" + String.join(", ", OPERATIONS) + ")";
        if (e instanceof NullPointerException || e instanceof ClassCastException) return "a member is missing or of the wrong type";
        if (!(source instanceof JsonStructure structure)) return "the source is a single value";
        for (String member : List.of("from", "path")) {
            if (!(operation.get(member) instanceof JsonString pointer)) continue;
            if (!pointer.getString().isEmpty() && !pointer.getString().startsWith("/")) return "a path begins with /";
            Optional<String> missing = missing(structure, pointer.getString());
            if (missing.isPresent()) return "the source has no " + missing.get();
        }
        return name.equals("test") ? "the source has another value there" : "it does not fit what is there";
    }

    /** The first part of a path that is not there. */
    private static Optional<String> missing(JsonStructure source, String path) {
        for (int end = path.indexOf('/', 1); end >= 0; end = path.indexOf('/', end + 1)) if (!has(source, path.substring(0, end))) return Optional.of(path.substring(0, end));
        return has(source, path) ? Optional.empty() : Optional.of(path);
    }

    private static boolean has(JsonStructure source, String path) {
        try {
            return Json.createPointer(path).containsValue(source);
        } catch (JsonException e) {
            // an index that is no number
            return false;
        }
    }
}
