package nary.fleet.ssh;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Words for a POSIX shell, each arriving exactly. */
public final class Quoting {
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_./:@%+=,-]+");

    private Quoting() {}

    /** One word, quoted where it needs to be. */
    public static String word(String text) {
        return PLAIN.matcher(text).matches() ? text : quoted(text);
    }

    /** One word, quoted also if it looks harmless: an alias, a reserved word, an assignment would be taken for what they are. */
    static String quoted(String text) {
        return "'" + text.replace("'", "'\\''") + "'";
    }

    /** Words with blanks between them. */
    public static String line(List<String> words) {
        return words.stream().map(Quoting::word).collect(Collectors.joining(" "));
    }
}
