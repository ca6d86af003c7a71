package nary.fleet.transform;

/** What stands between two elements: white space, text, comments. */
record Gap(String text) implements Part {
    @Override
    public void print(StringBuilder out) {
        out.append(text);
    }

    /** White space before the next element, if that begins its line. */
    static String lineStart(String text) {
        String blank = text.substring(text.stripTrailing().length());
        int newline = blank.lastIndexOf('\n');
        if (newline < 0) return "";
        int from = newline > 0 && blank.charAt(newline - 1) == '\r' ? newline - 1 : newline;
        return blank.substring(from);
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
