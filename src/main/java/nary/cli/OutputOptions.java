package nary.cli;

import java.time.Duration;
import java.util.Optional;
import nary.config.Durations;
import nary.config.Numbers;
import nary.config.Output;
import nary.config.Sizes;

/** The options of {@code nary start} that say what becomes of the workers' output. */
public final class OutputOptions {
    private static final int MOST_FILES = 100_000;

    private OutputOptions() {}

    static Output read(Given given) throws UsageError {
        Output otherwise = Output.DEFAULT;
        return new Output(
                given.read("--log-format", Output.Format::parse).orElse(otherwise.format()),
                given.read("--max-log-size", OutputOptions::parseSize).orElse(otherwise.maxSize()),
                given.read("--max-log-files", OutputOptions::parseFiles).orElse(otherwise.maxFiles()),
                given.read("--max-log-age", OutputOptions::parseAge).orElse(otherwise.maxAge()),
                given.read("--log-overflow", Output.Overflow::parse).orElse(otherwise.overflow()));
    }

    private static Optional<Long> parseSize(String text) {
        return text.equals("off") ? Optional.empty() : Optional.of(Sizes.parse(text));
    }

    private static Optional<Duration> parseAge(String text) {
        return text.equals("off") ? Optional.empty() : Optional.of(Durations.parse(text));
    }

    private static Optional<Integer> parseFiles(String text) {
        return text.equals("all") ? Optional.empty() : Optional.of(Numbers.integer(text, 0, MOST_FILES, " or all"));
    }

    public static Optional<Duration> maxAge(Optional<String> given) throws UsageError {
        return Values.parse("--max-log-age", given.orElse("off"), OutputOptions::parseAge);
    }

    public static Optional<Integer> maxFiles(Optional<String> given) throws UsageError {
        return Values.parse("--max-log-files", given.orElse("all"), OutputOptions::parseFiles);
    }
}
