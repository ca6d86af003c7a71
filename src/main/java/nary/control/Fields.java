package nary.control;

import java.math.BigDecimal;
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
        try {
            return decimal(name).longValueExact();
        } catch (ArithmeticException e) {
            throw wrong(name, "a whole number");
        }
    }

    public int integer(String name) throws WireException {
        try {
            return decimal(name).intValueExact();
        } catch (ArithmeticException e) {
            throw wrong(name, "a whole number");
        }
    }

    private BigDecimal decimal(String name) throws WireException {
        if (map.get(name) instanceof BigDecimal number && Math.abs((long) number.scale()) < 1_000) return number;
        throw wrong(name, "a number");
    }

    public Duration seconds(String name) throws WireException {
        try {
            return Duration.ofMillis(decimal(name).movePointRight(3).longValue());
        } catch (ArithmeticException e) {
            throw wrong(name, "a number of seconds");
        }
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

    /** Seconds with milliseconds, as they are written. */
    public static BigDecimal seconds(Duration duration) {
        return BigDecimal.valueOf(duration.toMillis(), 3);
    }

    public static @Nullable BigDecimal seconds(Optional<Duration> duration) {
        return duration.map(Fields::seconds).orElse(null);
    }

    /** A map that keeps its order and may hold null. */
    public static Map<String, @Nullable Object> map(@Nullable Object... namesAndValues) {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) map.put(String.valueOf(namesAndValues[i]), namesAndValues[i + 1]);
        return map;
    }
}
