package nary.config;

import java.math.BigDecimal;
import java.time.Duration;

/** Durations as people type them: seconds with fractions ({@code 0.5}), or with a unit: {@code 250ms}, {@code 30s}, {@code 5m}, {@code 1h}, {@code 7d}. */
public final class Durations {
    private Durations() {}

    /** @throws IllegalArgumentException if it is no duration, or negative, or longer than a year */
    public static Duration parse(String text) {
        var matcher = java.util.regex.Pattern.compile("([0-9]+(?:\\.[0-9]+)?)(ms|s|m|h|d|)").matcher(text);
        if (!matcher.matches()) throw new IllegalArgumentException("'" + text + "' is no duration; use seconds, e.g. 30 or 0.5, or 250ms, 5m, 1h");
        long unit = switch (matcher.group(2)) {
            case "ms" -> 1;
            case "m" -> 60_000;
            case "h" -> 3_600_000;
            case "d" -> 86_400_000;
            default -> 1_000;
        };
        BigDecimal millis = new BigDecimal(matcher.group(1)).multiply(BigDecimal.valueOf(unit));
        if (millis.compareTo(BigDecimal.valueOf(Duration.ofDays(366).toMillis())) > 0) throw new IllegalArgumentException("'" + text + "' is longer than a year");
        return Duration.ofMillis(millis.longValue());
    }

    /** Seconds, without needless zeros: {@code 0.5s}, {@code 30s}. */
    public static String text(Duration duration) {
        return BigDecimal.valueOf(duration.toMillis(), 3).stripTrailingZeros().toPlainString() + "s";
    }
}
