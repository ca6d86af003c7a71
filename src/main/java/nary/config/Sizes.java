package nary.config;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** Sizes as people type them: bytes ({@code 10485760}), or with a unit of 1024: {@code 512K}, {@code 10M}, {@code 1.5G}. */
public final class Sizes {
    private static final Pattern FORM = Pattern.compile("([0-9]{1,18}(?:\\.[0-9]{1,6})?) ?([KMG]?)(?:I?B)?");
    private static final BigDecimal MOST = BigDecimal.valueOf(1L << 60);

    private Sizes() {}

    /** @throws IllegalArgumentException if it is no size, or less than one byte */
    public static long parse(String text) {
        var matcher = FORM.matcher(text.toUpperCase(Locale.ROOT));
        if (!matcher.matches()) throw new IllegalArgumentException("'" + text + "' is no size; use bytes, e.g. 10485760, or 512K, 10M, 1G");
        int shift = 10 * " KMG".indexOf(matcher.group(2).isEmpty() ? " " : matcher.group(2));
        BigDecimal bytes = new BigDecimal(matcher.group(1)).multiply(BigDecimal.valueOf(1L << shift));
        if (bytes.compareTo(BigDecimal.ONE) < 0) throw new IllegalArgumentException("'" + text + "' is less than one byte");
        if (bytes.compareTo(MOST) > 0) throw new IllegalArgumentException("'" + text + "' is more than any disk holds");
        return bytes.longValue();
    }

    /** For people: {@code 612.3M}, {@code 1.5G}; {@link #parse} takes it. */
    public static String text(long bytes) {
        int unit = bytes < 1 << 10 ? 0 : bytes < 1 << 20 ? 1 : bytes < 1 << 30 ? 2 : 3;
        BigDecimal amount = BigDecimal.valueOf(bytes).divide(BigDecimal.valueOf(1L << 10 * unit), 1, RoundingMode.HALF_UP).stripTrailingZeros();
        return amount.toPlainString() + List.of("", "K", "M", "G").get(unit);
    }
}
