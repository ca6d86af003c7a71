package nary.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** "Did you mean". */
public final class Suggest {
    private static final int TOLERANCE = 2;
    private static final int ENOUGH = 5;

    private Suggest() {}

    /** {@code ; did you mean X?}, or nothing where no known word is near. */
    public static String text(String typed, Collection<String> known) {
        return nearest(typed, known).map(word -> "; did you mean " + word + "?").orElse("");
    }

    /** The known word that is at most two edits away. */
    public static Optional<String> nearest(String typed, Collection<String> known) {
        return known.stream().filter(word -> nearness(typed, word) <= TOLERANCE).min(Comparator.comparingInt(word -> nearness(typed, word)));
    }

    /** Edits to the word, or to the beginning of it, where enough was typed to tell. */
    private static int nearness(String typed, String word) {
        int toWhole = distance(typed, word);
        if (typed.length() < ENOUGH || word.length() <= typed.length()) return toWhole;
        return Math.min(toWhole, distance(typed, word.substring(0, typed.length())));
    }

    /** Levenshtein. */
    static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) row[j] = j;
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[b.length()];
    }
}
