package nary.fleet.transform;

/** Values of .env files, with their quotes. */
final class EnvValues {
    private EnvValues() {}

    /** What a written value means. */
    static String read(String written) {
        if (written.length() < 2) return written;
        String inner = written.substring(1, written.length() - 1);
        return switch (written.charAt(0)) {
            case '\'' -> inner;
            case '"' -> unescaped(inner);
            default -> written;
        };
    }

    private static String unescaped(String text) {
        var plain = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean isEscape = c == '\\' && i + 1 < text.length();
            plain.append(isEscape ? escaped(text.charAt(++i)) : c);
        }
        return plain.toString();
    }

    private static String escaped(char c) {
        return switch (c) {
            case 'n' -> "\n";
            case 'r' -> "\r";
            case 't' -> "\t";
            case '"', '\\', '$', '`' -> String.valueOf(c);
            default -> "\\" + c;
        };
    }

    /** A value as it may stand without quotes, or in such that hold it. */
    static String written(String value) {
        if (value.matches("[A-Za-z0-9_./:@%+,=-]*")) return value;
        boolean fitsInSingle = value.chars().noneMatch(c -> c == '\'' || c < ' ');
        return fitsInSingle ? "'" + value + "'" : "\"" + inQuotes(value) + "\"";
    }

    /** Inside double quotes. */
    static String inQuotes(String value) {
        return value.replace("\\", "\\\\").replace("\"", "\\\"").replace("$", "\\$").replace("`", "\\`").replace("\n", "\\n").replace("\r", "\\r");
    }
}
