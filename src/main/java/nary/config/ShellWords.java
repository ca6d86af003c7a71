package nary.config;

import java.util.ArrayList;
import java.util.List;

/**
 * A command line in one text, as in a Procfile: split at blanks; {@code '…'}, {@code "…"} and {@code \} as in a shell. Nothing is expanded, so
 * what only a shell would understand is refused rather than passed on.
 */
final class ShellWords {
    private static final String OF_A_SHELL = "$`|&;<>()";

    private final String text;
    private final List<String> words = new ArrayList<>();
    private final StringBuilder word = new StringBuilder();
    private boolean isWord;
    private int at;

    private ShellWords(String text) {
        this.text = text;
    }

    /** @throws IllegalArgumentException saying what to type instead */
    static List<String> split(String text) {
        ShellWords all = new ShellWords(text);
        all.read();
        return List.copyOf(all.words);
    }

    private void read() {
        while (at < text.length()) {
            char c = text.charAt(at++);
            if (Character.isWhitespace(c)) endWord();
            else readPart(c);
        }
        endWord();
    }

    private void readPart(char c) {
        isWord = true;
        if (c == '\'') single();
        else if (c == '"') quoted();
        else if (c == '\\') word.append(next("a \\ at the end"));
        else word.append(plain(c));
    }

    private static char plain(char c) {
        if (OF_A_SHELL.indexOf(c) < 0) return c;
        throw new IllegalArgumentException("'" + c + "' is for a shell, and there is none: quote it with '…', or write a list: [sh, -c, \"…\"]");
    }

    private void single() {
        int end = text.indexOf('\'', at);
        if (end < 0) throw new IllegalArgumentException("a ' is not closed");
        word.append(text, at, end);
        at = end + 1;
    }

    private void quoted() {
        while (true) {
            char c = next("a \" is not closed");
            if (c == '"') return;
            boolean isEscaped = c == '\\' && at < text.length() && "\"\\$`".indexOf(text.charAt(at)) >= 0;
            if (isEscaped) word.append(text.charAt(at++));
            else word.append(c == '$' || c == '`' ? plain(c) : c);
        }
    }

    private char next(String otherwise) {
        if (at == text.length()) throw new IllegalArgumentException(otherwise);
        return text.charAt(at++);
    }

    private void endWord() {
        if (isWord) words.add(word.toString());
        isWord = false;
        word.setLength(0);
    }
}
