package nary.config;

/**
 * How many slots a rolling deploy exchanges at once.
 *
 * @param amount slots, 1..1000, or percent of the worker count, 1..100
 */
public record Batch(int amount, boolean isPercent) {
    public static final Batch ONE = new Batch(1, false);

    /** @throws IllegalArgumentException saying what to type instead */
    public static Batch parse(String text) {
        var matcher = java.util.regex.Pattern.compile("([0-9]{1,4})(%?)").matcher(text);
        if (!matcher.matches()) throw wrong(text);
        int amount = Integer.parseInt(matcher.group(1));
        boolean isPercent = !matcher.group(2).isEmpty();
        if (amount < 1 || amount > (isPercent ? 100 : 1000)) throw wrong(text);
        return new Batch(amount, isPercent);
    }

    private static IllegalArgumentException wrong(String text) {
        return new IllegalArgumentException("'" + text + "' is no batch; use a number of workers, 1 to 1000, or a percentage, 1% to 100%");
    }

    /** Slots at once of so many; a percentage is rounded down, but at least one. */
    public int of(int workerCount) {
        int slots = isPercent ? (int) ((long) workerCount * amount / 100) : amount;
        return Math.clamp(slots, 1, Math.max(1, workerCount));
    }

    public String text() {
        return amount + (isPercent ? "%" : "");
    }
}
