package nary.control;

import io.avaje.json.JsonException;
import io.avaje.json.JsonReader;
import io.avaje.json.JsonWriter;
import io.avaje.json.stream.BufferRecycleStrategy;
import io.avaje.json.stream.JsonStream;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * JSON text and plain values: Map, List, String, Boolean, null, and numbers: read as Long if whole and at most {@value #MOST_WHOLE}, which a
 * double holds exactly, else as Double; written from Integer, Long, {@link Seconds} or BigDecimal.
 */
public final class Json {
    /** Deeper nesting than any of our messages; keeps garbage from overflowing the stack. */
    private static final int MAX_DEPTH = 16;

    private static final long MOST_WHOLE = 1L << 53;

    private static final JsonStream STREAM = JsonStream.builder()
            .serializeNulls(true)
            .serializeEmpty(true)
            .bufferRecycling(BufferRecycleStrategy.NO_RECYCLING)
            .build();

    private Json() {}

    /** One line, without its end. */
    public static String write(@Nullable Object value) {
        var out = STREAM.bufferedWriter();
        write(out, value);
        return out.result();
    }

    private static void write(JsonWriter out, @Nullable Object value) {
        // no pattern switch: linking one at each start costs a command 10 ms
        if (value == null) out.nullValue();
        else if (value instanceof String text) out.value(text);
        else if (value instanceof Boolean bool) out.value(bool.booleanValue());
        else if (value instanceof Integer number) out.value(number.intValue());
        else if (value instanceof Long number) out.value(number.longValue());
        else if (value instanceof Seconds time) out.rawValue(time.toString());
        else if (value instanceof BigDecimal number) out.rawValue(number.toPlainString());
        else if (value instanceof Map<?, ?> map) writeMap(out, map);
        else if (value instanceof Iterable<?> list) writeList(out, list);
        else throw new IllegalArgumentException("no JSON form: " + value.getClass());
    }

    private static void writeMap(JsonWriter out, Map<?, ?> map) {
        out.beginObject();
        for (var entry : map.entrySet()) {
            out.name(String.valueOf(entry.getKey()));
            write(out, entry.getValue());
        }
        out.endObject();
    }

    private static void writeList(JsonWriter out, Iterable<?> list) {
        out.beginArray();
        for (Object each : list) write(out, each);
        out.endArray();
    }

    /** Lines for people, two blanks deeper at each level; lists of plain values on one. */
    public static String pretty(@Nullable Object value) {
        return pretty(value, "\n");
    }

    private static String pretty(@Nullable Object value, String end) {
        String inner = end + "  ";
        if (value instanceof Map<?, ?> map && !map.isEmpty())
            return "{" + map.entrySet().stream().map(it -> inner + write(String.valueOf(it.getKey())) + ": " + pretty(it.getValue(), inner)).collect(Collectors.joining(",")) + end + "}";
        boolean isDeep = value instanceof List<?> list && list.stream().anyMatch(it -> it instanceof Map || it instanceof List);
        if (isDeep && value instanceof List<?> list)
            return "[" + list.stream().map(it -> inner + pretty(it, inner)).collect(Collectors.joining(",")) + end + "]";
        return write(value);
    }

    /** @throws WireException if it is not exactly one JSON value */
    public static @Nullable Object read(String text) throws WireException {
        if (text.isBlank()) throw new WireException("an empty line");
        try (JsonReader in = STREAM.reader(text)) {
            return read(in, 0);
        } catch (JsonException | IllegalStateException | IndexOutOfBoundsException | NumberFormatException e) {
            throw new WireException("no JSON: " + firstLine(e));
        }
    }

    private static @Nullable Object read(JsonReader in, int depth) {
        if (depth > MAX_DEPTH) throw new IllegalStateException("nested deeper than " + MAX_DEPTH);
        return switch (in.currentToken()) {
            case BEGIN_OBJECT -> readMap(in, depth);
            case BEGIN_ARRAY -> readList(in, depth);
            case STRING -> in.readString();
            case NUMBER -> number(in.readDouble());
            case BOOLEAN -> in.readBoolean();
            case NULL -> in.isNullValue() ? null : null;
        };
    }

    /** No BigDecimal: its first use costs a command 7 ms. */
    private static Number number(double value) {
        if (Double.isInfinite(value)) throw new NumberFormatException("a number beyond all bounds");
        if (value == Math.rint(value) && Math.abs(value) <= MOST_WHOLE) return Long.valueOf((long) value);
        return Double.valueOf(value);
    }

    private static Map<String, @Nullable Object> readMap(JsonReader in, int depth) {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        in.beginObject();
        while (in.hasNextField()) map.put(in.nextField(), read(in, depth + 1));
        in.endObject();
        return map;
    }

    private static List<@Nullable Object> readList(JsonReader in, int depth) {
        List<@Nullable Object> list = new ArrayList<>();
        in.beginArray();
        while (in.hasNextElement()) list.add(read(in, depth + 1));
        in.endArray();
        return list;
    }

    private static String firstLine(Exception e) {
        String message = String.valueOf(e.getMessage());
        int end = message.indexOf('\n');
        return end < 0 ? message : message.substring(0, end);
    }
}
