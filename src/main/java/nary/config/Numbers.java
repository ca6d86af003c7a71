package nary.config;

/** Whole numbers as people type them. */
public final class Numbers {
    public static final int MAX_WORKERS = 1000;

    private Numbers() {}

    /** {@code auto}: one for each CPU. @param least 0 where 0 keeps the count, else 1; @throws IllegalArgumentException saying what to type instead */
    public static int workers(String text, int least) {
        if (text.equals("auto")) return Math.min(Runtime.getRuntime().availableProcessors(), MAX_WORKERS);
        return integer(text, least, MAX_WORKERS, " or auto (one for each CPU)");
    }

    /** @param orElse what else may stand there, e.g. {@code " or auto"}; @throws IllegalArgumentException if it is no number from least to most */
    public static int integer(String text, int least, int most, String orElse) {
        try {
            int number = Integer.parseInt(text);
            if (number >= least && number <= most) return number;
        } catch (NumberFormatException e) {
            // said below
        }
        throw new IllegalArgumentException("'" + text + "' is not a number from " + least + " to " + most + orElse);
    }
}
