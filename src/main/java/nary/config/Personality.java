package nary.config;

import java.util.Locale;

/** Under which name an app runs: whose manners its workers know, and whose lines the log and the commands show. */
public enum Personality {
    NARY,
    /**
     * A Node program written for naught: it is told to end by a message alone, and a worker that said {@code offline} is left to itself until
     * it ends, or the app does.
     */
    NAUGHT;

    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** @throws IllegalArgumentException if there is none of this name */
    public static Personality parse(String text) {
        return valueOf(text.toUpperCase(Locale.ROOT));
    }
}
