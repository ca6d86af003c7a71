package nary.fleet.transform;

import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The settings of a file of lines: .properties, .env, .ini. */
final class KeyLines {
    private static final Pattern SECTION = Pattern.compile("[ \\t]*\\[([^\\]\\r\\n]+)\\][^\\r\\n]*");
    private static final Pattern ENV_KEY = Pattern.compile("\\s*(?:export\\s+)?([^\\s=#]+)\\s*=[ \\t]*");
    private static final Pattern INI_KEY = Pattern.compile("\\s*([^\\s=:;#\\[][^=:]*?)\\s*(?:[=:][ \\t]*|$)");
    private static final Pattern PROPERTY_KEY = Pattern.compile("\\s*((?:\\\\(?s:.)|[^\\\\=:\\s])*)[ \\t\\f]*[=:]?[ \\t\\f]*");
    private static final Pattern ENV_COMMENT = Pattern.compile("(^|\\s+)#(?!\\{).*$");
    private static final Pattern INI_COMMENT = Pattern.compile("(^|\\s+);.*$");

    private final SourceFile file;
    private final String text;
    private final List<Line> lines = new ArrayList<>();
    private String section = "";
    private int at;

    /**
     * One setting, which may go over several lines of text.
     *
     * @param section of .ini; empty before the first
     * @param end without the line break
     */
    record Line(String section, String key, String value, int start, int valueStart, int valueEnd, int end) {}

    private KeyLines(SourceFile file) {
        this.file = file;
        this.text = file.text();
    }

    static List<Line> of(SourceFile file) throws TransformException {
        var reader = new KeyLines(file);
        while (reader.at < reader.text.length()) reader.read();
        return reader.lines;
    }

    /** Where the last header of a section stands; -1 if there is none. */
    static int header(SourceFile file, String section) {
        Matcher header = Pattern.compile("(?m)^" + SECTION.pattern() + "$").matcher(file.text());
        int found = -1;
        while (header.find()) if (header.group(1).strip().equals(section)) found = header.end(1);
        return found;
    }

    private void read() throws TransformException {
        int start = at;
        int end = lineEnd(start);
        String line = text.substring(start, end);
        String bare = line.strip();
        boolean isComment = bare.isEmpty() || bare.startsWith("#") || (file.format() == Format.INI && bare.startsWith(";")) || (file.format() == Format.PROPERTIES && bare.startsWith("!"));
        if (isComment) next(end);
        else
            switch (file.format()) {
                case PROPERTIES -> property(start);
                case ENV -> variable(start, end);
                default -> setting(start, end, line);
            }
    }

    private int lineEnd(int from) {
        int newline = text.indexOf('\n', from);
        int end = newline < 0 ? text.length() : newline;
        return end > from && text.charAt(end - 1) == '\r' ? end - 1 : end;
    }

    /** To the line after the one that ends there. */
    private void next(int end) {
        int newline = text.indexOf('\n', end);
        at = newline < 0 ? text.length() : newline + 1;
    }

    private void add(String key, int start, int valueStart, int valueEnd, int end) {
        lines.add(new Line(section, key, text.substring(valueStart, valueEnd), start, valueStart, valueEnd, end));
        next(end);
    }

    /** A backslash at the end goes on in the next line. */
    private void property(int start) {
        int end = lineEnd(start);
        while (isContinued(start, end) && text.indexOf('\n', end) >= 0) end = lineEnd(text.indexOf('\n', end) + 1);
        Matcher matcher = PROPERTY_KEY.matcher(text).region(start, end);
        if (!matcher.lookingAt()) throw new IllegalStateException("no key in a line that has one");
        add(unescaped(matcher.group(1)), start, matcher.end(), end, end);
    }

    private boolean isContinued(int start, int end) {
        int slashes = 0;
        while (end - 1 - slashes >= start && text.charAt(end - 1 - slashes) == '\\') slashes++;
        return slashes % 2 == 1;
    }

    private static String unescaped(String key) {
        var properties = new Properties();
        try {
            properties.load(new StringReader(key + "=x"));
        } catch (IOException | IllegalArgumentException e) {
            // a malformed \\u escape: the key as it is written
            return key;
        }
        return properties.stringPropertyNames().stream().findFirst().orElse(key);
    }

    private void variable(int start, int end) throws TransformException {
        Matcher matcher = ENV_KEY.matcher(text).region(start, end);
        if (!matcher.lookingAt()) throw new TransformException(file.place(start), "this line is neither NAME=VALUE nor a comment");
        int valueStart = matcher.end();
        char quote = valueStart < end ? text.charAt(valueStart) : ' ';
        if (quote != '"' && quote != '\'') {
            add(matcher.group(1), start, valueStart, valueStart + bare(valueStart, end, ENV_COMMENT), end);
            return;
        }
        int close = closing(valueStart, quote);
        if (close < 0) throw new TransformException(file.place(valueStart), "the quote that begins here is not closed");
        add(matcher.group(1), start, valueStart, close + 1, lineEnd(close));
    }

    private int closing(int open, char quote) {
        for (int i = open + 1; i < text.length(); i++) {
            if (text.charAt(i) == '\\' && quote == '"') i++;
            else if (text.charAt(i) == quote) return i;
        }
        return -1;
    }

    /** The length without a comment and the white space before it. */
    private int bare(int from, int end, Pattern comment) {
        String value = text.substring(from, end);
        return comment.matcher(value).replaceFirst("").stripTrailing().length();
    }

    private void setting(int start, int end, String line) throws TransformException {
        Matcher header = SECTION.matcher(line);
        Matcher matcher = INI_KEY.matcher(text).region(start, end);
        boolean goesOn = Character.isWhitespace(line.charAt(0)) && line.indexOf('=') < 0 && line.indexOf(':') < 0 && !lines.isEmpty() && lines.getLast().section().equals(section);
        if (header.matches()) {
            section = header.group(1).strip();
            next(end);
        } else if (goesOn) {
            Line last = lines.removeLast();
            add(last.key(), last.start(), last.valueStart(), start + line.stripTrailing().length(), end);
        } else if (matcher.lookingAt()) {
            add(matcher.group(1), start, matcher.end(), matcher.end() + bare(matcher.end(), end, INI_COMMENT), end);
        } else throw new TransformException(file.place(start), "this line is neither a [section], nor KEY=VALUE, nor a comment");
    }
}
