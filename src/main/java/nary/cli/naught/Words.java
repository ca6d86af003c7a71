package nary.cli.naught;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import nary.cli.UsageError;
import nary.cli.Values;

/** A command line as naught reads it: {@code --name value} pairs, or {@code --name=value}, up to the first word that is no option. */
record Words(Map<String, String> options, List<String> rest) {
    private static final Pattern NUMBER = Pattern.compile("\\s*([+-]?(?:[0-9]+(?:\\.[0-9]*)?|\\.[0-9]+))");
    private static final BigDecimal LONGEST_SECONDS = BigDecimal.valueOf(Duration.ofDays(366).toSeconds());

    static Words parse(List<String> line, String... known) throws UsageError {
        Map<String, String> options = new HashMap<>();
        int at = 0;
        while (at < line.size() && line.get(at).startsWith("--")) {
            String word = line.get(at++);
            int equals = word.indexOf('=');
            String name = equals < 0 ? word : word.substring(0, equals);
            if (!List.of(known).contains(name)) throw new UsageError("there is no option " + name);
            if (equals < 0 && at == line.size()) throw new UsageError(name + " needs a value");
            options.put(name, equals < 0 ? line.get(at++) : word.substring(equals + 1));
        }
        return new Words(options, line.subList(at, line.size()));
    }

    String option(String name, String otherwise) {
        return options.getOrDefault(name, otherwise);
    }

    /** Only this very word is true. */
    boolean isTrue(String name, boolean otherwise) {
        return option(name, Boolean.toString(otherwise)).equals("true");
    }

    /** The one word that a command may have. */
    Optional<String> onlyWord() throws UsageError {
        if (rest.size() > 1) throw new UsageError("one word at most");
        return rest.stream().findFirst();
    }

    /** As JavaScript reads a number: what follows it does not matter, and what is none is no timeout. */
    Optional<Duration> timeout() {
        Matcher matcher = NUMBER.matcher(option("--timeout", "none"));
        if (!matcher.lookingAt()) return Optional.empty();
        BigDecimal seconds = new BigDecimal(matcher.group(1)).max(BigDecimal.ZERO).min(LONGEST_SECONDS);
        return Optional.of(Duration.ofMillis(seconds.movePointRight(3).longValue()));
    }

    /** @param least 0 where 0 keeps the count */
    int workerCount(String otherwise, int least) throws UsageError {
        String text = option("--worker-count", otherwise);
        if (text.equals("auto")) return Math.min(Runtime.getRuntime().availableProcessors(), Values.MAX_WORKERS);
        long count = number(text);
        if (count < least || count > Values.MAX_WORKERS) throw new UsageError("--worker-count: " + text);
        return (int) count;
    }

    static long number(String text) throws UsageError {
        Matcher matcher = NUMBER.matcher(text);
        if (!matcher.lookingAt()) throw new UsageError("'" + text + "' is no number");
        return new BigDecimal(matcher.group(1)).min(BigDecimal.valueOf(Long.MAX_VALUE)).longValue();
    }
}
