package nary.fleet.transform;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.XMLConstants;
import org.jspecify.annotations.Nullable;
import org.w3c.dom.Attr;
import org.w3c.dom.Element;
import org.w3c.dom.Node;

/** The verbs of XDT: each finds what is meant and changes it, or says what it misses. */
final class XmlChange {
    private static final Pattern TOKEN = Pattern.compile("\\$\\(([^()]+)\\)");

    private final XmlDocument source;
    private final XmlDocument transform;
    private final Findings findings;
    private final XmlEditor editor;
    private final List<Removed> removed = new ArrayList<>();
    private final Map<Element, Map<String, Claim>> claims = new IdentityHashMap<>();

    /** One transform. @param isQuiet its author wants no warnings */
    record At(Element element, TargetPath path, boolean isQuiet) {}

    private record Removed(Node parent, Element element, String how, Place by) {}

    private record Claim(String value, Place by) {}

    XmlChange(XmlDocument source, XmlDocument transform, Findings findings) {
        this.source = source;
        this.transform = transform;
        this.findings = findings;
        this.editor = new XmlEditor(source);
    }

    private Place place(At at) {
        return transform.place(at.element());
    }

    private Fragment fragment(At at) {
        return new Fragment(transform, at.element());
    }

    /** All that are meant; none is a finding. */
    private List<Element> targets(At at) {
        List<Element> found = at.path().find(source);
        if (found.isEmpty() && !at.isQuiet()) findings.missed(place(at), missing(at.path()));
        return found;
    }

    private String missing(TargetPath path) {
        return path.missing(source) + removedBy(path);
    }

    private String removedBy(TargetPath path) {
        List<? extends Node> parents = path.parent().steps().isEmpty() ? List.of(source.tree()) : path.parent().find(source);
        for (Removed each : removed)
            if (parents.contains(each.parent()) && path.last().isPlain() && path.last().fits(each.element())) return "; it was " + each.how() + " by " + each.by();
        return "";
    }

    private @Nullable Element first(At at) {
        List<Element> found = targets(at);
        if (found.size() > 1 && !at.isQuiet())
            findings.warning(place(at), at.path() + " matches " + found.size() + " elements; only the first is changed, " + described(found.getFirst()));
        return found.isEmpty() ? null : found.getFirst();
    }

    private String described(Element element) {
        return source.piece(element).isOf(source.file()) ? "line " + source.place(element).line() : "which is new";
    }

    void replace(At at) {
        Element target = first(at);
        if (target == null) return;
        Node parent = target.getParentNode();
        editor.replace(target, fragment(at));
        if (parent != null) removed.add(new Removed(parent, target, "replaced", place(at)));
    }

    void remove(At at) {
        Element target = first(at);
        if (target != null) remove(at, target);
    }

    void removeAll(At at) {
        for (Element target : targets(at)) if (isInTree(target)) remove(at, target);
    }

    private void remove(At at, Element target) {
        Node parent = notRoot(target, "removed");
        editor.remove(target);
        removed.add(new Removed(parent, target, "removed", place(at)));
    }

    /** Not with an element around it. */
    private boolean isInTree(Element element) {
        Node node = element;
        while (node.getParentNode() != null) node = node.getParentNode();
        return node == source.tree();
    }

    void commentOut(At at) {
        Element target = first(at);
        if (target == null) return;
        Node parent = notRoot(target, "commented out");
        editor.commentOut(target);
        removed.add(new Removed(parent, target, "commented out", place(at)));
    }

    private Node notRoot(Element target, String what) {
        Node parent = target.getParentNode();
        if (parent == null || target == source.root()) throw new IllegalArgumentException("the root element cannot be " + what + ": a document has exactly one");
        return parent;
    }

    void insert(At at) {
        editor.append(parent(at), fragment(at));
    }

    void insertIfMissing(At at) {
        Element parent = parent(at);
        if (at.path().find(source).isEmpty()) editor.append(parent, fragment(at));
    }

    /** The first that it may stand in. */
    private Element parent(At at) {
        TargetPath path = at.path().parent();
        if (path.steps().isEmpty()) throw new IllegalArgumentException("the root element cannot be inserted: a document has exactly one");
        List<Element> found = path.find(source);
        if (found.isEmpty()) throw new IllegalArgumentException(missing(path));
        return found.getFirst();
    }

    /** @param expression where, relative to the parent */
    void insertBeside(At at, String expression, boolean isBefore) {
        Element parent = parent(at);
        List<Element> found = Expressions.elements(expression, at.element(), parent);
        if (found.isEmpty()) throw new IllegalArgumentException("nothing matches " + expression + " in " + at.path().parent());
        notRoot(found.getFirst(), "given a sibling");
        if (isBefore) editor.insertBefore(found.getFirst(), fragment(at));
        else editor.insertAfter(found.getFirst(), fragment(at));
    }

    void setAttributes(At at, List<String> names) {
        List<Attr> wanted = ofTransform(at, names);
        for (Element target : targets(at)) for (Attr each : wanted) set(at, target, each, each.getValue());
    }

    private void set(At at, Element target, Attr like, String value) {
        String name = like.getNamespaceURI() == null ? like.getName() : like.getLocalName() + " " + like.getNamespaceURI();
        Claim before = claims.computeIfAbsent(target, _ -> new HashMap<>()).put(name, new Claim(value, place(at)));
        boolean isConflict = before != null && !before.value().equals(value) && !at.isQuiet();
        if (isConflict) findings.missed(place(at), "conflict: " + before.by() + " sets the same attribute '" + like.getName() + "' of the same element to another value");
        editor.setAttribute(target, like, value);
    }

    /** The named attributes of the transform's element, or all that are not XDT's own. */
    private List<Attr> ofTransform(At at, List<String> names) {
        List<Attr> wanted = names.isEmpty() ? all(transform, at.element()) : named(at, at.element(), names);
        if (wanted.isEmpty() && !at.isQuiet()) findings.missed(place(at), "this element has no attribute to set");
        return wanted;
    }

    /** In the order of the file; no declarations of namespaces. */
    private static List<Attr> all(XmlDocument document, Element element) {
        List<Attr> all = new ArrayList<>();
        for (OpenTag.Attribute each : OpenTag.of(document.piece(element).openTag()).attributes()) {
            Attr attribute = element.getAttributeNode(each.name());
            boolean isDeclaration = XMLConstants.XMLNS_ATTRIBUTE_NS_URI.equals(attribute.getNamespaceURI());
            if (!isDeclaration && !Xdt.NAMESPACE.equals(attribute.getNamespaceURI())) all.add(attribute);
        }
        return all;
    }

    private List<Attr> named(At at, Element element, List<String> names) {
        List<Attr> wanted = new ArrayList<>();
        for (String name : names) {
            Attr attribute = element.getAttributeNode(name);
            if (attribute != null) wanted.add(attribute);
            else if (!at.isQuiet()) findings.missed(place(at), "this element has no attribute '" + name + "'");
        }
        return wanted;
    }

    void removeAttributes(At at, List<String> names) {
        boolean isAny = false;
        List<Element> targets = targets(at);
        for (Element target : targets)
            for (Attr each : all(source, target)) {
                if (!names.isEmpty() && !names.contains(each.getName())) continue;
                editor.removeAttribute(target, each);
                isAny = true;
            }
        if (!targets.isEmpty() && !isAny && !at.isQuiet())
            findings.missed(place(at), at.path() + " has no attribute" + (names.isEmpty() ? "" : " " + String.join(", ", names)) + " to remove");
    }

    void setTokenizedAttributes(At at, List<String> names) {
        List<Attr> wanted = ofTransform(at, names);
        for (Element target : targets(at)) for (Attr each : wanted) set(at, target, each, filled(at, target, each));
    }

    /** {@code $(name)}: the attribute of the source's element, or else of the transform's. */
    private String filled(At at, Element target, Attr attribute) {
        Matcher matcher = TOKEN.matcher(attribute.getValue());
        var value = new StringBuilder();
        while (matcher.find()) {
            String name = matcher.group(1).strip();
            String found = token(at, target, attribute, name);
            if (found == null && !at.isQuiet()) findings.missed(place(at), "$(" + name + "): neither " + at.path() + " nor this element has an attribute '" + name + "'");
            matcher.appendReplacement(value, Matcher.quoteReplacement(found == null ? matcher.group() : found));
        }
        return matcher.appendTail(value).toString();
    }

    private static @Nullable String token(At at, Element target, Attr attribute, String name) {
        if (target.hasAttribute(name)) return target.getAttribute(name);
        boolean isOther = at.element().hasAttribute(name) && !name.equals(attribute.getName());
        return isOther ? at.element().getAttribute(name) : null;
    }
}
