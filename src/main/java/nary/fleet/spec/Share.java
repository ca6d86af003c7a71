package nary.fleet.spec;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Some of the servers.
 *
 * @param amount servers, 0–10000, or percent of all, 0–100
 */
public record Share(int amount, boolean isPercent) {
    private static final Pattern SHAPE = Pattern.compile("([0-9]{1,5})(%?)");
    public static final int MOST = 10_000;

    public static Share of(int servers) {
        return new Share(servers, false);
    }

    /** @throws IllegalArgumentException saying what to type instead */
    public static Share parse(String text, int least) {
        Matcher matcher = SHAPE.matcher(text);
        if (!matcher.matches()) throw wrong(text, least);
        int amount = Integer.parseInt(matcher.group(1));
        boolean isPercent = !matcher.group(2).isEmpty();
        if (amount < least || amount > (isPercent ? 100 : MOST)) throw wrong(text, least);
        return new Share(amount, isPercent);
    }

    private static IllegalArgumentException wrong(String text, int least) {
        return new IllegalArgumentException("'" + text + "' is neither a number of servers, from " + least + ", nor a percentage, " + least + "% to 100%");
    }

    /** Of so many servers; a percentage is rounded down. */
    public int atMost(int all) {
        return isPercent ? (int) ((long) all * amount / 100) : Math.min(amount, all);
    }

    /** Of so many servers; a percentage is rounded up. */
    public int atLeast(int all) {
        return isPercent ? (int) (((long) all * amount + 99) / 100) : amount;
    }

    @Override
    public String toString() {
        return amount + (isPercent ? "%" : "");
    }
}
