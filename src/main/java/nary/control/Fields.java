package nary.control;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The fields of one JSON object, read with their types. A missing or wrong one is a {@link WireException} naming it. */
public record Fields(Map<?, ?> map) {

    public static Fields of(@Nullable Object value) throws WireException {
        if (value instanceof Map<?, ?> map) return new Fields(map);
        throw new WireException("a JSON object is wanted");
    }

    public static Fields parse(String line) throws WireException {
        return of(Json.read(line));
    }

    /** In the order of the text. */
    public List<String> names() {
        return map.keySet().stream().map(String::valueOf).toList();
    }

    public boolean has(String name) {
        return map.get(name) != null;
    }

    public String text(String name) throws WireException {
        if (map.get(name) instanceof String text) return text;
        throw wrong(name, "text");
    }

    public boolean bool(String name) throws WireException {
        if (map.get(name) instanceof Boolean bool) return bool;
        throw wrong(name, "true or false");
    }

    public long number(String name) throws WireException {
        if (map.get(name) instanceof Long number) return number;
        throw wrong(name, "a whole number");
    }

    public int integer(String name) throws WireException {
        long number = number(name);
        if (number == (int) number) return (int) number;
        throw wrong(name, "a whole number");
    }

    /** With milliseconds; at most as many seconds as a Long holds milliseconds. */
    public Duration seconds(String name) throws WireException {
        if (map.get(name) instanceof Number number && Math.abs(number.doubleValue()) <= Long.MAX_VALUE / 1000.0)
            return Duration.ofMillis(Math.round(number.doubleValue() * 1000));
        throw wrong(name, "a number of seconds");
    }

    public Optional<Duration> optionalSeconds(String name) throws WireException {
        return has(name) ? Optional.of(seconds(name)) : Optional.empty();
    }

    public Optional<String> optionalText(String name) throws WireException {
        return has(name) ? Optional.of(text(name)) : Optional.empty();
    }

    public Fields object(String name) throws WireException {
        if (map.get(name) instanceof Map<?, ?> inner) return new Fields(inner);
        throw wrong(name, "an object");
    }

    public List<?> list(String name) throws WireException {
        if (map.get(name) instanceof List<?> list) return list;
        throw wrong(name, "a list");
    }

    public List<String> texts(String name) throws WireException {
        List<String> texts = new ArrayList<>();
        for (Object each : list(name)) {
            if (!(each instanceof String text)) throw wrong(name, "a list of texts");
            texts.add(text);
        }
        return texts;
    }

    public Map<String, String> textMap(String name) throws WireException {
        Map<String, String> texts = new LinkedHashMap<>();
        for (var entry : object(name).map.entrySet()) {
            if (!(entry.getKey() instanceof String key && entry.getValue() instanceof String value)) throw wrong(name, "an object of texts");
            texts.put(key, value);
        }
        return texts;
    }

    private static WireException wrong(String name, String wanted) {
        return new WireException("field '" + name + "': " + wanted + " is wanted");
    }

    /** As they are written. */
    public static Seconds seconds(Duration duration) {
        return new Seconds(duration.toMillis());
    }

    public static @Nullable Seconds seconds(Optional<Duration> duration) {
        return duration.map(Fields::seconds).orElse(null);
    }

    /** A map that keeps its order and may hold null. */
    public static Map<String, @Nullable Object> map(@Nullable Object... namesAndValues) {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) map.put(String.valueOf(namesAndValues[i]), namesAndValues[i + 1]);
        return map;
    }
}
