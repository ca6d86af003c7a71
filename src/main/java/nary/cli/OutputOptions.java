package nary.cli;

import java.time.Duration;
import java.util.Optional;
import nary.config.Output;
import nary.config.Sizes;

/** The options of {@code nary start} that say what becomes of the workers' output. */
public final class OutputOptions {
    private static final int MOST_FILES = 100_000;

    private OutputOptions() {}

    static Options addTo(Options options) {
        return options.option("--log-format", "raw|text|json", "how the workers' lines are written: text and json add time, slot, generation and pid (default raw)")
                .option("--max-log-size", "SIZE|off", "rotate a log when it would exceed this: bytes, or 512K, 10M, 1G (default 10485760)")
                .option("--max-log-files", "N|all", "how many rotated files of each log are kept (default all)")
                .option("--max-log-age", "AGE|off", "delete rotated files older than this, e.g. 12h, 30d (default off)")
                .option("--log-overflow", "wait|drop", "when the disk is full or slow: wait, workers stand still; drop, lines are dropped and counted (default wait)");
    }

    static Output read(Arguments arguments) throws UsageError {
        Output otherwise = Output.DEFAULT;
        return new Output(
                Values.optional("--log-format", arguments, Output.Format::parse).orElse(otherwise.format()),
                maxSize(arguments, otherwise),
                maxFiles(arguments.value("--max-log-files")),
                maxAge(arguments.value("--max-log-age")),
                Values.optional("--log-overflow", arguments, Output.Overflow::parse).orElse(otherwise.overflow()));
    }

    private static Optional<Long> maxSize(Arguments arguments, Output otherwise) throws UsageError {
        Optional<String> typed = arguments.value("--max-log-size");
        if (typed.isEmpty()) return otherwise.maxSize();
        return typed.get().equals("off") ? Optional.empty() : Optional.of(Values.parse("--max-log-size", typed.get(), Sizes::parse));
    }

    public static Optional<Duration> maxAge(Optional<String> given) throws UsageError {
        return Values.durationOr("off", "--max-log-age", given.orElse("off"));
    }

    public static Optional<Integer> maxFiles(Optional<String> given) throws UsageError {
        String typed = given.orElse("all");
        return typed.equals("all") ? Optional.empty() : Optional.of(Values.integer("--max-log-files", typed, 0, MOST_FILES, " or all"));
    }
}
