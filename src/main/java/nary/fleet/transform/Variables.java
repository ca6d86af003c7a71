package nary.fleet.transform;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What {@code #{NAME}} stands for. The later of two sources of a name counts. */
public final class Variables {
    private final Map<String, String> values = new HashMap<>();

    /** @param environment the least of the sources */
    public Variables(Map<String, String> environment) {
        values.putAll(environment);
    }

    /** In the place of a value that the name may have. */
    public void set(String name, String value) {
        values.put(name, value);
    }

    Set<String> names() {
        return values.keySet();
    }

    Optional<String> value(String name) {
        return Optional.ofNullable(values.get(name));
    }

    /** The value, or stars if it must not be seen. */
    Optional<String> shown(String name) {
        return value(name).map(value -> Masking.isSecret(name, value) ? Masking.STARS : value);
    }
}
