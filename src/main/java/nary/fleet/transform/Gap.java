package nary.fleet.transform;

/** What stands between two elements: white space, text, comments. */
record Gap(String text) implements Part {
    @Override
    public void print(StringBuilder out) {
        out.append(text);
    }

    /** The line break and the white space before the next element, if that begins its line. */
    static String lineStart(CharSequence text) {
        int at = text.length() - 1;
        while (at >= 0 && text.charAt(at) != '\n' && Character.isWhitespace(text.charAt(at))) at--;
        if (at < 0 || text.charAt(at) != '\n') return "";
        int from = at > 0 && text.charAt(at - 1) == '\r' ? at - 1 : at;
        return text.subSequence(from, text.length()).toString();
    }

    /** Text that is more than white space and comments. */
    static boolean isProse(String text) {
        Markup markup = Markup.of(text);
        while (markup.next()) {
            boolean isText = markup.kind() == Markup.Kind.TEXT && !markup.piece().isBlank();
            if (isText || markup.kind() == Markup.Kind.CDATA) return true;
        }
        return false;
    }

    /** Nothing but white space before its next line. */
    boolean endsLine() {
        int newline = text.indexOf('\n');
        return newline >= 0 && text.substring(0, newline).isBlank();
    }
}
