package nary.fleet.transform;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The text of {@code <name attribute="value" …>}, whose attributes can be changed one by one. */
final class OpenTag {
    private final String text;
    private final int nameEnd;
    private final List<Attribute> attributes = new ArrayList<>();

    /** @param start of the white space before it @param valueStart after the quote @param end after the closing quote */
    record Attribute(String name, int start, int valueStart, int valueEnd, int end) {}

    private OpenTag(String text) {
        this.text = text;
        this.nameEnd = name(1);
    }

    static OpenTag of(String text) {
        var tag = new OpenTag(text);
        tag.readAttributes();
        return tag;
    }

    private void readAttributes() {
        int at = nameEnd;
        while (true) {
            int start = blank(at);
            char c = text.charAt(start);
            if (c == '>' || c == '/') return;
            int end = name(start);
            int quote = blank(blank(end) + 1);
            int close = text.indexOf(text.charAt(quote), quote + 1);
            attributes.add(new Attribute(text.substring(start, end), at, quote + 1, close, close + 1));
            at = close + 1;
        }
    }

    private int name(int from) {
        int at = from;
        while (" \t\r\n=/>".indexOf(text.charAt(at)) < 0) at++;
        return at;
    }

    private int blank(int from) {
        int at = from;
        while (" \t\r\n".indexOf(text.charAt(at)) >= 0) at++;
        return at;
    }

    List<Attribute> attributes() {
        return attributes;
    }

    String name() {
        return text.substring(1, nameEnd);
    }

    private Optional<Attribute> named(String name) {
        return attributes.stream().filter(each -> each.name().equals(name)).findFirst();
    }

    /** The tag with this attribute; in its place and quotes if it was there, else after the others and as they are set. */
    String with(String name, String value) {
        Optional<Attribute> there = named(name);
        if (there.isPresent()) {
            char quote = text.charAt(there.get().valueEnd());
            return text.substring(0, there.get().valueStart()) + XmlEscapes.attribute(value, quote) + text.substring(there.get().valueEnd());
        }
        int at = attributes.isEmpty() ? nameEnd : attributes.getLast().end();
        char quote = attributes.isEmpty() ? '"' : text.charAt(attributes.getLast().valueEnd());
        return text.substring(0, at) + separator() + name + "=" + quote + XmlEscapes.attribute(value, quote) + quote + text.substring(at);
    }

    /** A line each, if the last two stand so. */
    private String separator() {
        if (attributes.isEmpty()) return " ";
        Attribute last = attributes.getLast();
        String before = text.substring(last.start(), last.start() + blank(last.start()) - last.start());
        return before.contains("\n") ? before : " ";
    }

    String without(String name) {
        return named(name).map(it -> text.substring(0, it.start()) + text.substring(it.end())).orElse(text);
    }

    /** {@code <a>} of {@code <a/>}. */
    String opened() {
        return text.substring(0, text.length() - 2).stripTrailing() + ">";
    }
}
