package nary.fleet.transform;

import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonConfig;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import jakarta.json.JsonValue;
import jakarta.json.stream.JsonParsingException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Reads JSON: the library says what it means and whether it is valid, and then this finds where each value stands. */
final class JsonText {
    private final String text;
    private int at;

    private JsonText(String text) {
        this.text = text;
    }

    /** Comments and commas after the last entry are taken as well, as many readers of configuration do. */
    static Datum read(SourceFile file) throws TransformException {
        String bare = JsonComments.blanked(file.text());
        JsonValue value = parse(file, JsonComments.withoutLastCommas(bare));
        var reader = new JsonText(bare);
        reader.skipBlank();
        Datum root = reader.locate(value);
        reader.skipBlank();
        if (reader.at < bare.length()) throw new TransformException(file.place(reader.at), "no JSON: something follows the end of the value");
        return root;
    }

    private static JsonValue parse(SourceFile file, String bare) throws TransformException {
        var readers = Json.createReaderFactory(Map.of(JsonConfig.KEY_STRATEGY, JsonConfig.KeyStrategy.NONE));
        try (JsonReader reader = readers.createReader(new StringReader(bare))) {
            return reader.readValue();
        } catch (JsonParsingException e) {
            long offset = e.getLocation().getStreamOffset();
            boolean isEnd = offset < 0 || offset >= bare.length();
            int at = isEnd ? bare.length() : (int) offset;
            String unexpected = isEnd ? "the file ends too early" : bare.charAt(at) == '\n' ? "the line ends too early" : "unexpected '" + Character.toString(bare.codePointAt(at)) + "'";
            throw new TransformException(file.place(at), "no JSON: " + reason(e, unexpected));
        } catch (RuntimeException e) {
            // what it throws for deep nesting has no better type
            throw new TransformException(Place.whole(file.name()), "no JSON: " + e.getMessage());
        }
    }

    /** The parser's own words are about its tokens. */
    private static String reason(JsonParsingException e, String unexpected) {
        String message = String.valueOf(e.getMessage());
        return message.startsWith("Duplicate key") ? message.replaceFirst("Duplicate key (.*) is not allowed", "the key $1 stands twice") : unexpected;
    }

    private void skipBlank() {
        while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) at++;
    }

    /** From the first character of a value to after its last one. */
    private Datum locate(JsonValue value) {
        int start = at;
        List<Datum.Entry> entries =
                switch (value.getValueType()) {
                    case OBJECT -> fields(value.asJsonObject());
                    case ARRAY -> items(value.asJsonArray());
                    case STRING -> {
                        skipString();
                        yield List.of();
                    }
                    case NUMBER, TRUE, FALSE, NULL -> {
                        while (at < text.length() && " \t\r\n,]}".indexOf(text.charAt(at)) < 0) at++;
                        yield List.of();
                    }
                };
        boolean isContainer = value instanceof JsonObject || value instanceof JsonArray;
        return new Datum(value, isContainer ? Datum.Shape.FLOW : Datum.Shape.SCALAR, start, at, entries);
    }

    private void skipString() {
        at++;
        while (text.charAt(at) != '"') at += text.charAt(at) == '\\' ? 2 : 1;
        at++;
    }

    private List<Datum.Entry> fields(JsonObject object) {
        List<Datum.Entry> fields = new ArrayList<>();
        at++;
        for (var field : object.entrySet()) {
            skipBlank();
            int start = at;
            skipString();
            skipBlank();
            at++;
            int afterKey = at;
            skipBlank();
            fields.add(entry(field.getKey(), start, afterKey, field.getValue()));
        }
        skipBlank();
        at++;
        return fields;
    }

    private List<Datum.Entry> items(JsonArray array) {
        List<Datum.Entry> items = new ArrayList<>();
        at++;
        for (JsonValue item : array) {
            skipBlank();
            items.add(entry("", at, at, item));
        }
        skipBlank();
        at++;
        return items;
    }

    private Datum.Entry entry(String key, int start, int afterKey, JsonValue value) {
        Datum located = locate(value);
        skipBlank();
        int comma = text.charAt(at) == ',' ? at++ : -1;
        return new Datum.Entry(key, start, afterKey, located, comma);
    }
}
