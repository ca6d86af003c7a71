package nary.fleet.transform;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import javax.xml.XMLConstants;
import org.jspecify.annotations.Nullable;
import org.w3c.dom.Attr;
import org.w3c.dom.Element;
import org.w3c.dom.Node;

/** Changes a document, tree and text alike. New elements stand on lines of their own, indented as their neighbours are. */
final class XmlEditor {
    private static final String DEFAULT_UNIT = "  ";

    private final XmlDocument document;

    XmlEditor(XmlDocument document) {
        this.document = document;
    }

    private Node parent(Element element) {
        return Objects.requireNonNull(element.getParentNode());
    }

    private int index(List<Part> parts, Element element) {
        return parts.indexOf(document.piece(element));
    }

    private static String gap(List<Part> parts, int index) {
        return ((Gap) parts.get(index)).text();
    }

    private static void setGap(List<Part> parts, int index, String text) {
        parts.set(index, new Gap(text));
    }

    /** The line break and the white space that an element stands after; empty if something else stands on its line, or white space counts. */
    private String lineStart(Element element) {
        Node parent = parent(element);
        List<Part> parts = document.parts(parent);
        return lineStart(parent, gap(parts, index(parts, element) - 1));
    }

    private static String lineStart(Node parent, String gap) {
        return Gap.isProse(gap) || keepsSpace(parent) ? "" : Gap.lineStart(gap);
    }

    void append(Element parent, Fragment fragment) {
        List<Part> parts = document.touched(parent);
        document.piece(parent).openUp();
        String last = gap(parts, parts.size() - 1);
        String kept = last.stripTrailing();
        boolean isFirst = parts.size() == 1 && kept.isEmpty();
        String lineStart = childLineStart(parent);
        String after = lineStart.isEmpty() || !isFirst ? last.substring(kept.length()) : endLineStart(parent);
        if (lineStart.isEmpty()) {
            kept = last;
            after = "";
        }
        Element added = adopt(fragment, parent, lineStart);
        parent.appendChild(added);
        setGap(parts, parts.size() - 1, kept + lineStart);
        parts.add(document.piece(added));
        parts.add(new Gap(after));
    }

    /** How a child of it begins its line; empty if all stand in one line, or white space counts. */
    private String childLineStart(Element parent) {
        List<Part> parts = document.parts(parent);
        if (keepsSpace(parent) || Gap.isProse(gap(parts, parts.size() - 1))) return "";
        if (parts.size() > 1) return lineStart(parent, gap(parts, parts.size() - 3));
        String own = endLineStart(parent);
        return own.isEmpty() ? "" : own + unit();
    }

    /** How the end tag of it would begin a line; the root too, in a document of several lines. */
    private String endLineStart(Element parent) {
        if (parent != document.root()) return lineStart(parent);
        return document.file().text().stripTrailing().contains("\n") ? document.file().newline() : "";
    }

    private String unit() {
        Element first = XmlDocument.child(document.root());
        String start = first == null ? "" : lineStart(first).replaceAll("[\r\n]", "");
        return start.isEmpty() ? DEFAULT_UNIT : start;
    }

    private static boolean keepsSpace(Node parent) {
        for (Node node = parent; node instanceof Element each; node = each.getParentNode()) {
            String space = each.getAttributeNS(XMLConstants.XML_NS_URI, "space");
            if (!space.isEmpty()) return space.equals("preserve");
        }
        return false;
    }

    void insertBefore(Element sibling, Fragment fragment) {
        Node parent = parent(sibling);
        List<Part> parts = document.touched(parent);
        String lineStart = lineStart(sibling);
        Element added = adopt(fragment, parent, lineStart);
        int at = index(parts, sibling);
        parent.insertBefore(added, sibling);
        parts.add(at, new Gap(lineStart));
        parts.add(at, document.piece(added));
    }

    void insertAfter(Element sibling, Fragment fragment) {
        Node parent = parent(sibling);
        List<Part> parts = document.touched(parent);
        String lineStart = lineStart(sibling);
        Element added = adopt(fragment, parent, lineStart);
        int at = index(parts, sibling);
        parent.insertBefore(added, sibling.getNextSibling());
        parts.add(at + 1, document.piece(added));
        parts.add(at + 1, new Gap(lineStart));
    }

    /** @return what is there now */
    Element replace(Element old, Fragment fragment) {
        Node parent = parent(old);
        List<Part> parts = document.touched(parent);
        Element added = adopt(fragment, parent, lineStart(old));
        parts.set(index(parts, old), document.piece(added));
        parent.replaceChild(added, old);
        return added;
    }

    /** With their lines, where they stand alone there. All have one parent; they are gone in one go, however many they are. */
    void remove(List<Element> elements) {
        Node parent = parent(elements.getFirst());
        List<Part> parts = document.touched(parent);
        Set<Part> gone = Collections.newSetFromMap(new IdentityHashMap<>());
        for (Element element : elements) gone.add(document.piece(element));
        List<Part> kept = new ArrayList<>();
        var before = new JoinedGap(gap(parts, 0));
        for (int i = 1; i < parts.size(); i += 2) {
            Gap after = (Gap) parts.get(i + 1);
            if (gone.contains(parts.get(i))) {
                if (after.endsLine() && !before.isProse() && !keepsSpace(parent)) before.dropLineStart();
                before.add(after.text());
            } else {
                kept.add(before.gap());
                kept.add(parts.get(i));
                before = new JoinedGap(after.text());
            }
        }
        kept.add(before.gap());
        parts.clear();
        parts.addAll(kept);
        for (Element element : elements) parent.removeChild(element);
    }

    void commentOut(Element element) {
        Node parent = parent(element);
        List<Part> parts = document.touched(parent);
        int at = index(parts, element);
        var text = new StringBuilder();
        document.piece(element).print(text);
        String comment = XmlEscapes.comment(text.toString());
        setGap(parts, at - 1, gap(parts, at - 1) + "<!--" + comment + "-->" + gap(parts, at + 1));
        parts.subList(at, at + 2).clear();
        parent.replaceChild(document.tree().createComment(comment), element);
    }

    private Element adopt(Fragment fragment, Node parent, String lineStart) {
        String indent = lineStart.replaceAll("[\r\n]", "");
        return document.adopt(document.file().fitting(fragment.text(XmlDocument.namespaces(parent), indent, document.file().newline())), parent);
    }

    /** @param like an attribute of the transform: its name and namespace */
    void setAttribute(Element element, Attr like, String value) {
        Attr there = attribute(element, like);
        if (there != null && there.getValue().equals(value)) return;
        document.touched(parent(element));
        String name = there != null ? there.getName() : nameFor(element, like);
        write(element, name, value);
        if (like.getNamespaceURI() == null) element.setAttribute(name, value);
        else element.setAttributeNS(like.getNamespaceURI(), name, value);
    }

    private void write(Element element, String name, String value) {
        Piece piece = document.piece(element);
        piece.setOpenTag(document.file().fitting(OpenTag.of(piece.openTag()).with(name, value)));
    }

    /** The attribute of that name, whatever its prefix. */
    static @Nullable Attr attribute(Element element, Attr like) {
        return like.getNamespaceURI() == null ? element.getAttributeNode(like.getName()) : element.getAttributeNodeNS(like.getNamespaceURI(), like.getLocalName());
    }

    /** With a prefix that means the same here; declared if there is none. */
    private String nameFor(Element element, Attr like) {
        String uri = like.getNamespaceURI();
        if (uri == null) return like.getName();
        if (uri.equals(XMLConstants.XML_NS_URI)) return like.getName();
        var known = XmlDocument.namespaces(element);
        for (var entry : known.entrySet())
            if (!entry.getKey().isEmpty() && entry.getValue().equals(uri)) return entry.getKey() + ":" + like.getLocalName();
        String prefix = Objects.requireNonNullElse(like.getPrefix(), "p");
        while (known.containsKey(prefix)) prefix += "x";
        write(element, "xmlns:" + prefix, uri);
        element.setAttributeNS(XMLConstants.XMLNS_ATTRIBUTE_NS_URI, "xmlns:" + prefix, uri);
        return prefix + ":" + like.getLocalName();
    }

    void removeAttribute(Element element, Attr attribute) {
        document.touched(parent(element));
        Piece piece = document.piece(element);
        piece.setOpenTag(OpenTag.of(piece.openTag()).without(attribute.getName()));
        element.removeAttributeNode(attribute);
    }
}
