package nary.config;

import java.math.BigDecimal;
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
}
