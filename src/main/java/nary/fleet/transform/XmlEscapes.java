package nary.fleet.transform;

/** Text as it is written in XML. */
final class XmlEscapes {
    private XmlEscapes() {}

    static String attribute(String value, char quote) {
        var escaped = new StringBuilder(value.length() + 16);
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            switch (c) {
                case '&' -> escaped.append("&amp;");
                case '<' -> escaped.append("&lt;");
                case '\n' -> escaped.append("&#10;");
                case '\r' -> escaped.append("&#13;");
                case '\t' -> escaped.append("&#9;");
                default -> escaped.append(c != quote ? String.valueOf(c) : c == '"' ? "&quot;" : "&apos;");
            }
        }
        return escaped.toString();
    }

    static String content(String value) {
        return value.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\r", "&#13;");
    }

    static String cdata(String value) {
        return value.replace("]]>", "]]]]><![CDATA[>");
    }

    /** Two hyphens may not stand in a comment. */
    static String comment(String markup) {
        String spaced = markup.replace("--", "- -").replace("--", "- -");
        return spaced.endsWith("-") ? spaced + " " : spaced;
    }

    /** XML 1.0 has no form for it at all. */
    static boolean isForbidden(int c) {
        return (c < 0x20 && c != '\t' && c != '\n' && c != '\r') || (c >= 0xD800 && c <= 0xDFFF) || c == 0xFFFE || c == 0xFFFF;
    }
}
