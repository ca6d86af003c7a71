package nary.fleet.transform;

import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What becomes of each entry of an object or an array. */
final class Alignment {
    /** One entry that stays, goes or comes. @param entry null: it comes @param value null: it goes */
    record Fate(Datum.@Nullable Entry entry, @Nullable JsonValue value, String key) {
        boolean stays() {
            return entry != null && value != null;
        }

        boolean goes() {
            return value == null;
        }

        boolean comes() {
            return entry == null;
        }
    }

    private Alignment() {}

    /** In the order of the result, those that go in between. Both are objects, or both arrays. */
    static List<Fate> of(Datum old, JsonValue result) {
        return result instanceof JsonArray array ? items(old.entries(), array) : fields(old.entries(), result.asJsonObject());
    }

    private static List<Fate> fields(List<Datum.Entry> entries, JsonObject object) {
        Map<String, JsonValue> left = new LinkedHashMap<>(object);
        List<Fate> fates = new ArrayList<>();
        for (Datum.Entry entry : entries) fates.add(new Fate(entry, left.remove(entry.key()), entry.key()));
        left.forEach((key, value) -> fates.add(new Fate(null, value, key)));
        return fates;
    }

    /** Equal beginnings and ends stay; what is between changes one by one. */
    private static List<Fate> items(List<Datum.Entry> entries, JsonArray array) {
        int shorter = Math.min(entries.size(), array.size());
        int head = 0;
        while (head < shorter && entries.get(head).value().value().equals(array.get(head))) head++;
        int tail = 0;
        while (tail < shorter - head && entries.get(entries.size() - 1 - tail).value().value().equals(array.get(array.size() - 1 - tail))) tail++;
        List<Fate> fates = new ArrayList<>();
        int oldEnd = entries.size() - tail;
        int newEnd = array.size() - tail;
        for (int i = 0; i < oldEnd || i < newEnd; i++) fates.add(new Fate(i < oldEnd ? entries.get(i) : null, i < newEnd ? array.get(i) : null, ""));
        for (int i = 0; i < tail; i++) fates.add(new Fate(entries.get(oldEnd + i), array.get(newEnd + i), ""));
        return fates;
    }
}
