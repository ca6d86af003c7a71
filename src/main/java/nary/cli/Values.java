package nary.cli;

import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import nary.config.Batch;
import nary.config.Durations;
import nary.config.Numbers;
import nary.config.Strategy;
import nary.posix.Address;

/** Option values as people type them. Each error names the option, what is wrong, and what to type. */
public final class Values {
    public static final int MAX_WORKERS = 1000;

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

    /** @param least 0 where 0 keeps the count, else 1 */
    static int workerCount(String option, String text, int least) throws UsageError {
        if (text.equals("auto")) return Math.min(Runtime.getRuntime().availableProcessors(), MAX_WORKERS);
        return integer(option, text, least, MAX_WORKERS, " or auto (one for each CPU)");
    }

    static int integer(String option, String text, int least, int most, String orElse) throws UsageError {
        return parse(option, text, it -> Numbers.integer(it, least, most, orElse));
    }

    static Map<String, String> environment(List<String> entries) throws UsageError {
        Map<String, String> environment = new LinkedHashMap<>();
        for (String entry : entries) {
            int equals = entry.indexOf('=');
            if (equals < 1) throw new UsageError("--env: '" + entry + "' has no value; use --env KEY=VALUE");
            environment.put(entry.substring(0, equals), entry.substring(equals + 1));
        }
        return environment;
    }

    static List<Integer> ports(List<String> texts) throws UsageError {
        List<Integer> ports = new ArrayList<>();
        for (String text : texts) for (String each : text.split(",")) ports.add(integer("--port", each.strip(), 1, 65535, ""));
        return ports;
    }

    static List<Address> addresses(List<String> texts) throws UsageError {
        List<Address> addresses = new ArrayList<>();
        for (String text : texts) addresses.add(address(text));
        return addresses;
    }

    /** {@code 8080} and {@code :8080} are all IPv4 addresses; {@code 127.0.0.1:80}, {@code [::]:80} (dual stack), {@code [::1]:80}. */
    private static Address address(String text) throws UsageError {
        int colon = text.lastIndexOf(':');
        String host = colon <= 0 ? "0.0.0.0" : text.substring(0, colon);
        String bare = host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
        int port = integer("--listen", text.substring(colon + 1), 1, 65535, "; use 8080, 127.0.0.1:8080 or [::]:8080");
        boolean isAmbiguous = bare.contains(":") && bare.equals(host);
        if (isAmbiguous) throw new UsageError("--listen: '" + text + "' needs brackets around its IPv6 address, e.g. [::]:8080");
        try {
            return Address.of(InetAddress.ofLiteral(bare).getAddress(), port, false);
        } catch (IllegalArgumentException e) {
            throw new UsageError("--listen: '" + bare + "' is no numeric IP address; use 8080, 127.0.0.1:8080 or [::]:8080");
        }
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
        if (isMeaningless) throw new UsageError("--batch: " + strategy.get().text() + " begins with all at once; use --strategy rolling");
        return batch;
    }
}
