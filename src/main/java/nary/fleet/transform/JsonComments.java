package nary.fleet.transform;

/** What configuration files have and JSON does not. Every character keeps its place. */
final class JsonComments {
    private JsonComments() {}

    /** The text with spaces in the place of comments. */
    static String blanked(String text) {
        if (text.indexOf('/') < 0) return text;
        var bare = new StringBuilder(text);
        int at = 0;
        while (at < text.length()) {
            int end = at + 1;
            if (text.charAt(at) == '"') end = stringEnd(text, at);
            else if (text.startsWith("//", at)) end = blank(bare, at, indexOr(text, "\n", at));
            else if (text.startsWith("/*", at)) end = blank(bare, at, Math.min(text.length(), indexOr(text, "*/", at + 2) + 2));
            at = end;
        }
        return bare.toString();
    }

    private static int indexOr(String text, String wanted, int from) {
        int found = text.indexOf(wanted, from);
        return found < 0 ? text.length() : found;
    }

    private static int blank(StringBuilder text, int from, int to) {
        for (int i = from; i < to; i++) if (text.charAt(i) != '\r' && text.charAt(i) != '\n') text.setCharAt(i, ' ');
        return to;
    }

    /** After the closing quote. */
    static int stringEnd(String text, int quote) {
        int at = quote + 1;
        while (at < text.length() && text.charAt(at) != '"' && text.charAt(at) != '\n') at += text.charAt(at) == '\\' ? 2 : 1;
        return Math.min(at + 1, text.length());
    }

    /** The text with spaces in the place of commas before a closing bracket. */
    static String withoutLastCommas(String bare) {
        var strict = new StringBuilder(bare);
        int at = 0;
        int comma = -1;
        while (at < bare.length()) {
            char c = bare.charAt(at);
            if ((c == '}' || c == ']') && comma >= 0) strict.setCharAt(comma, ' ');
            if (c == ',') comma = at;
            else if (" \t\r\n".indexOf(c) < 0) comma = -1;
            at = c == '"' ? stringEnd(bare, at) : at + 1;
        }
        return strict.toString();
    }
}
