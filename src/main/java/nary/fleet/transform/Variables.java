package nary.fleet.transform;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** What {@code #{NAME}} stands for. The later of two sources of a name counts. */
public final class Variables {
    private final Map<String, String> values = new HashMap<>();

    /** @param environment the least of the sources */
    public Variables(Map<String, String> environment) {
        values.putAll(environment);
    }

    public void set(String name, String value) {
        values.put(name, value);
    }

    /** All lines {@code NAME=VALUE} of a file, as in a .env file. @return what is wrong with it; empty if it was read */
    public Optional<Finding> setAll(byte[] file, String fileName) {
        try {
            for (KeyLines.Line line : KeyLines.of(SourceFile.of(file, fileName, Format.ENV))) set(line.key(), EnvValues.read(line.value()));
            return Optional.empty();
        } catch (TransformException e) {
            return Optional.of(e.finding());
        }
    }

    java.util.Set<String> names() {
        return values.keySet();
    }

    Optional<String> value(String name) {
        return Optional.ofNullable(values.get(name));
    }

    /** The value, or stars if it must not be seen. */
    Optional<String> shown(String name) {
        return value(name).map(value -> Secrets.isSecret(name, value) ? Secrets.MASK : value);
    }
}
