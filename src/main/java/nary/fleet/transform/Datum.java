package nary.fleet.transform;

import jakarta.json.JsonValue;
import java.util.List;

/**
 * A value of JSON or YAML, and where in the text it stands.
 *
 * @param end exclusive
 * @param entries of an object or an array, in the order of the text
 */
record Datum(JsonValue value, Shape shape, int start, int end, List<Entry> entries) {
    /** How it is written. */
    enum Shape {
        SCALAR,
        /** Between brackets. */
        FLOW,
        /** By indentation. */
        BLOCK,
        /** A name for what stands elsewhere. */
        ALIAS
    }

    /**
     * @param key of an object's field; empty for an item of an array
     * @param start of the key, or of the dash before an item
     * @param afterKey after the colon or the dash; in flow arrays the same as start
     * @param comma after it; -1 if there is none
     */
    record Entry(String key, int start, int afterKey, Datum value, int comma) {
        /** With its comma. */
        int end() {
            return comma < 0 ? value.end() : comma + 1;
        }
    }

    /** Of all that is in it. */
    long size() {
        return 1 + entries.stream().mapToLong(entry -> entry.value().size()).sum();
    }
}
