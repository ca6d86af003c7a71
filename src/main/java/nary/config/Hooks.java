package nary.config;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * Commands that are run when something has happened.
 *
 * @param timeout of each run
 */
public record Hooks(List<Hook> all, Duration timeout) {
    public static final Hooks NONE = new Hooks(List.of(), Duration.ofSeconds(30));

    public Hooks {
        all = List.copyOf(all);
    }

    /** @param command for {@code sh -c} */
    public record Hook(Occasion occasion, String command) {

        /** {@code crashed=COMMAND}. @throws IllegalArgumentException saying what to type instead */
        public static Hook parse(String text) {
            int equals = text.indexOf('=');
            Occasion occasion = Occasion.parse(equals < 0 ? text : text.substring(0, equals));
            String command = equals < 0 ? "" : text.substring(equals + 1).strip();
            if (command.isEmpty()) throw new IllegalArgumentException("'" + text + "' has no command; use e.g. --on crashed './alert.sh'");
            return new Hook(occasion, command);
        }

        /** The inverse of {@link #parse}. */
        public String text() {
            return occasion.text() + "=" + command;
        }
    }

    /** What a hook can be for. */
    public enum Occasion {
        /** All workers are at work: after the start, and again after each time that some were not. */
        READY,
        /** A deploy or a restart is done. */
        DEPLOYED,
        /** The start, a deploy or a restart ended otherwise. */
        FAILED,
        /** A worker ended that nobody had told to, or one that took its place did not become ready. */
        CRASHED,
        /** A worker accepts nothing while connections wait, or hangs. */
        STALLED,
        /** The app has ended. */
        STOPPED;

        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** @throws IllegalArgumentException saying what to type instead */
        public static Occasion parse(String text) {
            return Arrays.stream(values())
                    .filter(it -> it.text().equals(text))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("'" + text + "' is nothing that a hook can be for; use " + names()));
        }

        private static String names() {
            return Arrays.stream(values()).map(Occasion::text).collect(Collectors.joining(", "));
        }
    }
}
