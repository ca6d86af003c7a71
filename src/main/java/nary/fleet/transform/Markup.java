package nary.fleet.transform;

/** Goes through XML piece by piece. The text must have been accepted by a parser: nothing is checked here. */
final class Markup {
    enum Kind {
        TEXT,
        OPEN,
        /** {@code <a/>} */
        EMPTY,
        CLOSE,
        COMMENT,
        CDATA,
        INSTRUCTION,
        DOCTYPE
    }

    private final String text;
    private final int limit;
    private int start;
    private int end;
    private Kind kind = Kind.TEXT;

    Markup(String text, int from, int limit) {
        this.text = text;
        this.limit = limit;
        this.end = from;
    }

    static Markup of(String text) {
        return new Markup(text, 0, text.length());
    }

    /** @return false at the end */
    boolean next() {
        start = end;
        if (start >= limit) return false;
        if (text.charAt(start) == '<') readMarkup();
        else read(Kind.TEXT, text.indexOf('<', start));
        return true;
    }

    private void readMarkup() {
        switch (start + 1 < limit ? text.charAt(start + 1) : ' ') {
            case '/' -> read(Kind.CLOSE, after(">", start));
            case '?' -> read(Kind.INSTRUCTION, after("?>", start));
            case '!' -> readDeclaration();
            default -> readTag();
        }
    }

    private void readDeclaration() {
        if (text.startsWith("<!--", start)) read(Kind.COMMENT, after("-->", start + 4));
        else if (text.startsWith("<![CDATA[", start)) read(Kind.CDATA, after("]]>", start + 9));
        else read(Kind.DOCTYPE, afterQuoted());
    }

    private void readTag() {
        int close = afterQuoted();
        read(close > 1 && text.charAt(close - 2) == '/' ? Kind.EMPTY : Kind.OPEN, close);
    }

    /** After the first {@code >} that is in no quotes; 0 if there is none. */
    private int afterQuoted() {
        char quote = 0;
        for (int i = start + 1; i < limit; i++) {
            char c = text.charAt(i);
            if (quote != 0) quote = c == quote ? 0 : quote;
            else if (c == '"' || c == '\'') quote = c;
            else if (c == '>') return i + 1;
        }
        return -1;
    }

    private int after(String last, int from) {
        int at = text.indexOf(last, from);
        return at < 0 ? -1 : at + last.length();
    }

    private void read(Kind found, int to) {
        kind = found;
        end = to < 0 || to > limit ? limit : to;
    }

    Kind kind() {
        return kind;
    }

    int start() {
        return start;
    }

    int end() {
        return end;
    }

    String piece() {
        return text.substring(start, end);
    }
}
