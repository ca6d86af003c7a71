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

    /** The known word that is at most two edits away; of a short one, at most one. */
    public static Optional<String> nearest(String typed, Collection<String> known) {
        return known.stream().filter(word -> nearness(typed, word) <= (typed.length() < ENOUGH ? 1 : TOLERANCE)).min(Comparator.comparingInt(word -> nearness(typed, word)));
    }

    /** Edits to the word, or to the beginning of it, where enough was typed to tell. */
    private static int nearness(String typed, String word) {
        int toWhole = distance(typed, word);
        if (typed.length() < ENOUGH || word.length() <= typed.length()) return toWhole;
        return Math.min(toWhole, distance(typed, word.substring(0, typed.length())));
    }

    /** Levenshtein, but two letters that changed places are one edit. */
    static int distance(String a, String b) {
        int[][] rows = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) rows[i][0] = i;
        for (int j = 0; j <= b.length(); j++) rows[0][j] = j;
        for (int i = 1; i <= a.length(); i++) {
            for (int j = 1; j <= b.length(); j++) {
                int replaced = rows[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                rows[i][j] = Math.min(replaced, Math.min(rows[i - 1][j], rows[i][j - 1]) + 1);
                boolean isSwapped = i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
                if (isSwapped) rows[i][j] = Math.min(rows[i][j], rows[i - 2][j - 2] + 1);
            }
        }
        return rows[a.length()][b.length()];
    }
}
