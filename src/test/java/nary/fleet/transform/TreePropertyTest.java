package nary.fleet.transform;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonValue;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Seeded JSON and YAML in odd writing: any value can become any other, what stays keeps its lines, and nothing changes where nothing is to change. */
class TreePropertyTest {
    private static final int ROUNDS = Integer.getInteger("nary.transform.rounds", 500);
    private static final long FIRST = Long.getLong("nary.transform.seed", 1);

    private final Random random = new Random();

    private <T> T pick(List<T> all) {
        return all.get(random.nextInt(all.size()));
    }

    private JsonValue value(int depth) {
        return switch (depth > 3 ? 9 : random.nextInt(10)) {
            case 0, 1, 2 -> object(depth);
            case 3, 4 -> array(depth);
            default -> scalar();
        };
    }

    private JsonValue scalar() {
        return pick(List.of(Json.createValue("x"), Json.createValue("two words"), Json.createValue("it's \"quoted\": #1"), Json.createValue(""), Json.createValue("true"), Json.createValue("line\nline"),
                Json.createValue(42), Json.createValue(-1), Json.createValue(1.5), JsonValue.TRUE, JsonValue.FALSE, JsonValue.NULL, Json.createValue("\uD83D\uDE00é")));
    }

    private JsonObject object(int depth) {
        JsonObjectBuilder object = Json.createObjectBuilder();
        for (String key : List.of("a", "b", "c d", "e")) if (random.nextBoolean()) object.add(key, value(depth + 1));
        return object.build();
    }

    private JsonArray array(int depth) {
        JsonArrayBuilder array = Json.createArrayBuilder();
        for (int i = random.nextInt(4); i > 0; i--) array.add(value(depth + 1));
        return array.build();
    }

    /** Something near it. */
    private JsonValue changed(JsonValue value) {
        if (random.nextInt(4) == 0) return value(2);
        if (value instanceof JsonObject object) {
            JsonObjectBuilder result = Json.createObjectBuilder();
            object.forEach((key, each) -> {
                if (random.nextInt(5) > 0) result.add(key, random.nextInt(3) == 0 ? changed(each) : each);
            });
            if (random.nextInt(3) == 0 && !object.containsKey("new")) result.add("new", value(2));
            return result.build();
        }
        if (!(value instanceof JsonArray array)) return value;
        JsonArrayBuilder result = Json.createArrayBuilder();
        for (JsonValue each : array) {
            if (random.nextInt(6) == 0) result.add(value(3));
            if (random.nextInt(5) > 0) result.add(random.nextInt(3) == 0 ? changed(each) : each);
        }
        return result.build();
    }

    private String blank(String newline) {
        return pick(List.of("", " ", newline + "  ", newline + "\t", newline + "  // note" + newline + "    ", " /* note */ "));
    }

    private String json(JsonValue value, String newline) {
        var text = new StringBuilder();
        switch (value) {
            case JsonObject object -> {
                text.append('{');
                var fields = List.copyOf(object.entrySet());
                for (int i = 0; i < fields.size(); i++)
                    text.append(blank(newline)).append(Json.createValue(fields.get(i).getKey())).append(pick(List.of(":", ": ", " : "))).append(json(fields.get(i).getValue(), newline)).append(comma(i, fields.size(), newline));
                text.append(blank(newline)).append('}');
            }
            case JsonArray array -> {
                text.append('[');
                for (int i = 0; i < array.size(); i++) text.append(blank(newline)).append(json(array.get(i), newline)).append(comma(i, array.size(), newline));
                text.append(blank(newline)).append(']');
            }
            case JsonValue scalar -> text.append(scalar);
        }
        return text.toString();
    }

    private String comma(int i, int size, String newline) {
        boolean isLast = i == size - 1;
        return isLast && random.nextInt(5) > 0 ? "" : pick(List.of("", " ")) + "," + pick(List.of("", " // behind" + newline));
    }

    private String yaml(JsonValue value, int column, String newline) {
        String line = pick(List.of("", newline + " ".repeat(column) + "# own line", newline)) + newline + " ".repeat(column);
        boolean isFlow = random.nextInt(6) == 0;
        return switch (value) {
            case JsonObject object when !object.isEmpty() && !isFlow ->
                String.join(line, object.entrySet().stream().map(field -> (field.getKey().contains(" ") ? pick(List.of("'c d'", "c d", "\"c d\"")) : field.getKey()) + ":" + entry(field.getValue(), column, newline)).toList());
            case JsonArray array when !array.isEmpty() && !isFlow -> String.join(line, array.stream().map(each -> "-" + item(each, column, newline)).toList());
            case JsonValue other -> flowYaml(other);
        };
    }

    private String flowYaml(JsonValue value) {
        return switch (value) {
            case JsonObject object -> "{" + String.join(pick(List.of(", ", ",")), object.entrySet().stream().map(field -> Json.createValue(field.getKey()) + ": " + flowYaml(field.getValue())).toList()) + pick(List.of("", " ")) + "}";
            case JsonArray array -> "[" + String.join(pick(List.of(", ", " , ")), array.stream().map(this::flowYaml).toList()) + "]";
            case JsonValue other -> other.equals(Json.createValue("x")) ? pick(List.of("x", "'x'", "\"x\"")) : other.toString();
        };
    }

    private String entry(JsonValue value, int column, String newline) {
        String text = yaml(value, column + 2, newline);
        boolean isBlock = !(text.startsWith("{") || text.startsWith("[")) && (value instanceof JsonObject || value instanceof JsonArray);
        if (value.equals(Json.createValue("line\nline")) && random.nextBoolean()) return " |-" + newline + " ".repeat(column + 2) + "line" + newline + " ".repeat(column + 2) + "line";
        if (value.equals(JsonValue.NULL) && random.nextBoolean()) return pick(List.of("", " # nothing"));
        return isBlock ? pick(List.of("", " # block", "  ")) + newline + " ".repeat(column + 2) + text : " " + text + pick(List.of("", "", "  # behind"));
    }

    private String item(JsonValue value, int column, String newline) {
        boolean isCompact = random.nextInt(3) > 0;
        String text = yaml(value, column + 2, newline);
        return isCompact ? " " + text : entry(value, column, newline);
    }

    private static SourceFile file(String text, Format format) throws TransformException {
        return SourceFile.of(text.getBytes(StandardCharsets.UTF_8), "f", format);
    }

    @Test
    void jsonBecomesWhatItIsToBecome() throws Exception {
        for (long seed = FIRST; seed < FIRST + ROUNDS; seed++) {
            random.setSeed(seed);
            JsonValue value = value(0);
            String newline = pick(List.of("\n", "\n", "\r\n"));
            check(seed, blank(newline) + json(value, newline) + pick(List.of("", newline)), value, Format.JSON);
        }
    }

    @Test
    void yamlBecomesWhatItIsToBecome() throws Exception {
        for (long seed = FIRST; seed < FIRST + ROUNDS; seed++) {
            random.setSeed(seed);
            JsonValue value = value(0);
            String newline = pick(List.of("\n", "\n", "\r\n"));
            check(seed, pick(List.of("", "# head" + newline, "---" + newline)) + yaml(value, 0, newline) + pick(List.of("", newline)), value, Format.YAML);
        }
    }

    private void check(long seed, String text, JsonValue value, Format format) throws TransformException {
        SourceFile source = file(text, format);
        Datum read = read(source);
        assertThat(read.value()).as("seed %s\n%s", seed, text).isEqualTo(value);
        TreeStyle style = TreeStyle.of(source, read, format == Format.YAML);
        assertThat(TreeText.changed(text, style, read, value)).isEqualTo(text);
        JsonValue wanted = changed(value);
        String result;
        try {
            result = TreeText.changed(text, style, read, wanted);
            assertThat(read(file(result, format)).value()).as("seed %s\n%s\nto %s\n%s", seed, text, wanted, result).isEqualTo(wanted);
        } catch (TransformException e) {
            throw new AssertionError("seed " + seed + "\n" + text + "\nto " + wanted + "\n" + TreeText.changed(text, style, read, wanted) + "\n" + e.finding(), e);
        } catch (RuntimeException e) {
            throw new AssertionError("seed " + seed + "\n" + text + "\nto " + wanted, e);
        }
    }

    private static Datum read(SourceFile source) throws TransformException {
        return source.format() == Format.JSON ? JsonText.read(source) : YamlText.read(source);
    }
}
