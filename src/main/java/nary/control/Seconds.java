package nary.control;

/**
 * A number of seconds with three digits of fraction, {@code 0.176}, as it stands in JSON.
 *
 * @param millis may be negative
 */
public record Seconds(long millis) {
    @Override
    public String toString() {
        long size = Math.abs(millis);
        String fraction = Long.toString(1000 + size % 1000).substring(1);
        return (millis < 0 ? "-" : "") + size / 1000 + "." + fraction;
    }
}
