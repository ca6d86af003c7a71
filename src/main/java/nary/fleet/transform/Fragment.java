package nary.fleet.transform;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import javax.xml.XMLConstants;
import org.jspecify.annotations.Nullable;
import org.w3c.dom.Attr;
import org.w3c.dom.Element;
import org.w3c.dom.Node;

/** An element of a transform as it is to stand in the source: as written, without what only the transform is meant by. */
final class Fragment {
    private final XmlDocument origin;
    private final Element element;

    Fragment(XmlDocument origin, Element element) {
        this.origin = origin;
        this.element = element;
    }

    /**
     * @param known the prefixes where it is to stand
     * @param indent of the line it is to stand in
     */
    String text(Map<String, String> known, String indent, String newline) {
        var written = new StringBuilder();
        origin.piece(element).print(written);
        String raw = written.toString();
        String own = ownIndent();
        Iterator<Element> elements = elements().iterator();
        var text = new StringBuilder(raw.length() + 64);
        Markup markup = Markup.of(raw);
        while (markup.next()) {
            switch (markup.kind()) {
                case OPEN, EMPTY -> text.append(tag(markup.piece(), elements.next(), known));
                case TEXT -> text.append(indented(markup.piece(), own, indent));
                case CLOSE, COMMENT, CDATA, INSTRUCTION, DOCTYPE -> text.append(markup.piece());
            }
        }
        return text.toString().replace("\r\n", "\n").replace("\n", newline);
    }

    private List<Element> elements() {
        List<Element> all = new ArrayList<>();
        collect(element, all);
        return all;
    }

    private static void collect(Element top, List<Element> all) {
        all.add(top);
        for (Element child : XmlDocument.children(top)) collect(child, all);
    }

    private String ownIndent() {
        Node parent = Objects.requireNonNull(element.getParentNode());
        List<Part> parts = origin.parts(parent);
        String before = ((Gap) parts.get(parts.indexOf(origin.piece(element)) - 1)).text();
        return Gap.lineStart(before).replaceAll("[\r\n]", "");
    }

    /** White space between elements, moved to where the fragment goes. Text is left alone. */
    private static String indented(String text, String from, String to) {
        if (!text.isBlank()) return text;
        int line = text.lastIndexOf('\n') + 1;
        String rest = text.substring(line);
        return line == 0 || !rest.startsWith(from) ? text : text.substring(0, line) + to + rest.substring(from.length());
    }

    private String tag(String text, Element of, Map<String, String> known) {
        String stripped = text;
        for (OpenTag.Attribute attribute : OpenTag.of(text).attributes())
            if (isOfTransform(Objects.requireNonNull(of.getAttributeNode(attribute.name())))) stripped = OpenTag.of(stripped).without(attribute.name());
        return of == element ? declaring(stripped, known) : stripped;
    }

    static boolean isOfTransform(Attr attribute) {
        String uri = attribute.getNamespaceURI();
        boolean isDeclaration = XMLConstants.XMLNS_ATTRIBUTE_NS_URI.equals(uri);
        return Xdt.NAMESPACE.equals(isDeclaration ? attribute.getValue() : uri);
    }

    /** With the namespaces that it has from elements around it in the transform, where they mean something else in the source. */
    private String declaring(String tag, Map<String, String> known) {
        Map<String, String> here = XmlDocument.namespaces(element);
        String result = tag;
        for (var entry : here.entrySet()) {
            String prefix = entry.getKey();
            boolean isNeeded = !entry.getValue().equals(Xdt.NAMESPACE) && !element.hasAttribute(declaration(prefix)) && uses(prefix);
            if (isNeeded && !entry.getValue().equals(meaning(known, prefix))) result = OpenTag.of(result).with(declaration(prefix), entry.getValue());
        }
        boolean isBare = !here.containsKey("") && !known.getOrDefault("", "").isEmpty();
        return isBare && uses("") ? OpenTag.of(result).with("xmlns", "") : result;
    }

    private static String declaration(String prefix) {
        return prefix.isEmpty() ? "xmlns" : "xmlns:" + prefix;
    }

    private static @Nullable String meaning(Map<String, String> known, String prefix) {
        return prefix.isEmpty() ? known.getOrDefault("", "") : known.get(prefix);
    }

    /** A prefix in a value counts too, as in {@code xsi:type="p:name"}. */
    private boolean uses(String prefix) {
        if (prefix.isEmpty()) return elements().stream().anyMatch(each -> each.getPrefix() == null);
        var text = new StringBuilder();
        origin.piece(element).print(text);
        return text.indexOf(prefix + ":") >= 0;
    }
}
