package nary.cli;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import nary.config.Batch;
import nary.config.Durations;
import nary.config.Numbers;
import nary.config.Strategy;

/** Option values as people type them. Each error names the option, what is wrong, and what to type. */
public final class Values {
    public static final int MAX_WORKERS = Numbers.MAX_WORKERS;

    private Values() {}

    /** Wraps the parse helpers of config, whose errors do not know the option. */
    static <T> T parse(String option, String text, Function<String, T> parser) throws UsageError {
        try {
            return parser.apply(text);
        } catch (IllegalArgumentException e) {
            throw new UsageError(option + ": " + e.getMessage());
        }
    }

    public static Duration duration(String option, String text) throws UsageError {
        return parse(option, text, Durations::parse);
    }

    /** @param none the word that means: without limit */
    public static Optional<Duration> durationOr(String none, String option, String text) throws UsageError {
        return text.equals(none) ? Optional.empty() : Optional.of(duration(option, text));
    }

    static boolean bool(String option, String text) throws UsageError {
        return switch (text) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new UsageError(option + ": '" + text + "' is neither true nor false");
        };
    }

    static int integer(String option, String text, int least, int most, String orElse) throws UsageError {
        return parse(option, text, it -> Numbers.integer(it, least, most, orElse));
    }

    static Map<String, String> environment(List<String> entries) throws UsageError {
        Map<String, String> environment = new LinkedHashMap<>();
        for (String entry : entries) {
            var pair = parse("--env", entry, Values::pair);
            environment.put(pair.getKey(), pair.getValue());
        }
        return environment;
    }

    /** {@code KEY=VALUE}. @throws IllegalArgumentException saying what to type instead */
    static Map.Entry<String, String> pair(String text) {
        int equals = text.indexOf('=');
        if (equals < 1) throw new IllegalArgumentException("'" + text + "' has no value; use KEY=VALUE");
        return Map.entry(text.substring(0, equals), text.substring(equals + 1));
    }

    /** The option's value, if it is given. */
    static <T> Optional<T> optional(String option, Arguments arguments, Function<String, T> parser) throws UsageError {
        Optional<String> typed = arguments.value(option);
        return typed.isPresent() ? Optional.of(parse(option, typed.get(), parser)) : Optional.empty();
    }

    /** --batch, where it means something. @param strategy the one asked for, if one is */
    static Optional<Batch> batch(Arguments arguments, Optional<Strategy> strategy) throws UsageError {
        Optional<Batch> batch = optional("--batch", arguments, Batch::parse);
        boolean isMeaningless = batch.isPresent() && strategy.filter(it -> it.window() == Strategy.Window.ALL).isPresent();
        if (isMeaningless) throw new UsageError("--batch: " + meaningless(strategy.get()));
        return batch;
    }

    /** Why a batch means nothing there. */
    static String meaningless(Strategy strategy) {
        return strategy.text() + " begins with all at once; use the strategy rolling";
    }
}
