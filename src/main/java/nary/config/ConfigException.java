package nary.config;

import java.util.List;

/** A file is not as it should be. Every problem is one line: {@code FILE:LINE:COLUMN: what is wrong; what to type instead}. */
public final class ConfigException extends Exception {
    private static final long serialVersionUID = 1L;

    private final List<String> lines;

    /** @param lines at least one, in the file's order */
    public ConfigException(List<String> lines) {
        super(String.join("\n", lines));
        this.lines = List.copyOf(lines);
    }

    public ConfigException(Place place, String what) {
        this(List.of(place + ": " + what));
    }

    public List<String> lines() {
        return lines;
    }
}
