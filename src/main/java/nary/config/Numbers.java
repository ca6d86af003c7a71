package nary.config;

/** Whole numbers as people type them. */
public final class Numbers {
    private Numbers() {}

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
