package nary.cli;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import nary.config.Cron;
import nary.config.Durations;
import nary.config.Expiry;
import nary.config.Glob;
import nary.config.Hooks;
import nary.config.Sizes;

/** The options of {@code nary start} for what nary does by itself: replace workers, and run commands when something has happened. */
final class UpkeepOptions {
    private static final Duration YOUNGEST = Duration.ofSeconds(1);

    private UpkeepOptions() {}

    static Expiry expiry(Given given) throws UsageError {
        return new Expiry(
                unlessOff("--max-memory", given, Sizes::parse),
                unlessOff("--max-age", given, UpkeepOptions::age),
                unlessOff("--cron", given, Cron::parse),
                given.readAll("--watch", Glob::parse));
    }

    private static <T> Optional<T> unlessOff(String option, Given given, Function<String, T> parser) throws UsageError {
        return given.read(option, text -> text.equals("off") ? Optional.<T>empty() : Optional.of(parser.apply(text))).orElse(Optional.empty());
    }

    private static Duration age(String text) {
        Duration age = Durations.parse(text);
        if (age.compareTo(YOUNGEST) < 0) throw new IllegalArgumentException("'" + text + "' is less than a second; use e.g. 24h");
        return age;
    }

    static Hooks hooks(Given given) throws UsageError {
        return new Hooks(given.readAll("--on", Hooks.Hook::parse), given.read("--on-timeout", Durations::parse).orElse(Hooks.NONE.timeout()));
    }
}
