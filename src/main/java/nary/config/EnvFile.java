package nary.config;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A file of variables, {@code .env}: {@code NAME=VALUE} in each line, {@code export} before it if you like, {@code #} begins a comment. A bare
 * value ends with its line, or where a comment begins after a blank; blanks around it do not count. {@code '…'} is taken as it is,
 * {@code "…"} knows {@code \n \r \t \" \\ \$}; both may go over several lines. Nothing is expanded. Of two lines for one name the last counts.
 */
public final class EnvFile {
    private static final int MOST_BYTES = 1 << 20;

    private final String file;
    private final String text;
    private final Problems problems;
    private final Map<String, String> variables = new LinkedHashMap<>();
    private int at;

    private EnvFile(String file, String text, Problems problems) {
        this.file = file;
        this.text = text;
        this.problems = problems;
    }

    /** All of them; where two files have a name the later counts. @throws ConfigException with all that is wrong in them; @throws IOException if one cannot be read */
    public static Map<String, String> read(List<String> files) throws ConfigException, IOException {
        Map<String, String> all = new LinkedHashMap<>();
        for (String file : files) all.putAll(parse(file, content(Path.of(file))));
        return all;
    }

    private static String content(Path file) throws ConfigException, IOException {
        if (!Files.isRegularFile(file)) throw new IOException("--env-file: there is no file " + file);
        if (Files.size(file) > MOST_BYTES) throw new IOException("--env-file: " + file + " has more than " + MOST_BYTES + " bytes");
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(Files.readAllBytes(file))).toString();
        } catch (CharacterCodingException e) {
            throw new ConfigException(new Place(file.toString(), 1, 1), "this file is not UTF-8");
        }
    }

    /** @param file its name in messages */
    static Map<String, String> parse(String file, String text) throws ConfigException {
        Problems problems = new Problems();
        String plain = text.replace("\r\n", "\n");
        EnvFile it = new EnvFile(file, plain.startsWith("\uFEFF") ? plain.substring(1) : plain, problems);
        it.readAll();
        problems.orThrow();
        return it.variables;
    }

    private void readAll() {
        while (at < text.length()) {
            skipBlanks();
            if (isAtEnd() || text.charAt(at) == '#') skipLine();
            else readVariable();
        }
    }

    private void readVariable() {
        int begin = at;
        String name = name();
        if (name.equals("export") && !isAtEnd() && isBlank(text.charAt(at))) {
            skipBlanks();
            begin = at;
            name = name();
        }
        skipBlanks();
        boolean isNamed = name.matches("[A-Za-z_][A-Za-z0-9_.-]*");
        if (!isNamed) wrong(begin, "a name is wanted: letters, digits and _ ; write NAME=value");
        else if (isAtEnd() || text.charAt(at) != '=') wrong(begin, "'" + name + "' has no value; write " + name + "=value");
        else {
            at++;
            readValue(name);
        }
    }

    private String name() {
        int begin = at;
        while (!isAtEnd() && !isBlank(text.charAt(at)) && text.charAt(at) != '=') at++;
        return text.substring(begin, at);
    }

    private void readValue(String name) {
        skipBlanks();
        char quote = isAtEnd() ? '\n' : text.charAt(at);
        if (quote == '\'' || quote == '"') readQuoted(name, quote);
        else variables.put(name, bare());
    }

    private String bare() {
        int end = text.indexOf('\n', at);
        String line = text.substring(at, end < 0 ? text.length() : end);
        at += line.length();
        skipLine();
        if (line.startsWith("#")) return "";
        int comment = Math.max(line.indexOf(" #"), -1);
        int tabbed = line.indexOf("\t#");
        if (tabbed >= 0 && (comment < 0 || tabbed < comment)) comment = tabbed;
        return (comment < 0 ? line : line.substring(0, comment)).strip();
    }

    private void readQuoted(String name, char quote) {
        int begin = at++;
        StringBuilder value = new StringBuilder();
        while (at < text.length() && text.charAt(at) != quote) {
            char c = text.charAt(at++);
            boolean isEscape = c == '\\' && quote == '"' && at < text.length();
            value.append(isEscape ? escaped(text.charAt(at++)) : Character.toString(c));
        }
        if (at == text.length()) {
            wrong(begin, "the " + quote + " of '" + name + "' is not closed");
            return;
        }
        at++;
        variables.put(name, value.toString());
        skipBlanks();
        if (!isAtEnd() && text.charAt(at) != '#') wrong(at, "something follows the closing " + quote + " of '" + name + "'");
        else skipLine();
    }

    private static String escaped(char c) {
        return switch (c) {
            case 'n' -> "\n";
            case 'r' -> "\r";
            case 't' -> "\t";
            case '"', '\\', '$' -> Character.toString(c);
            default -> "\\" + c;
        };
    }

    private void wrong(int where, String what) {
        String before = text.substring(0, where);
        int line = (int) before.chars().filter(it -> it == '\n').count() + 1;
        problems.add(new Place(file, line, where - before.lastIndexOf('\n')), what);
        at = Math.max(at, where);
        skipLine();
    }

    private boolean isAtEnd() {
        return at >= text.length() || text.charAt(at) == '\n';
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t';
    }

    private void skipBlanks() {
        while (at < text.length() && isBlank(text.charAt(at))) at++;
    }

    private void skipLine() {
        while (at < text.length() && text.charAt(at) != '\n') at++;
        at++;
    }
}
