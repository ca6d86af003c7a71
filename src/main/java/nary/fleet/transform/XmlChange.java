package nary.fleet.transform;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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
    private final Map<Element, Place> replaced = new IdentityHashMap<>();

    /** One transform. @param place of its element @param isQuiet its author wants no warnings */
    record At(Element element, TargetPath path, Place place, boolean isQuiet) {}

    private record Removed(Node parent, Element element, String how, Place by) {}

    private record Claim(@Nullable String value, Place by) {}

    XmlChange(XmlDocument source, XmlDocument transform, Findings findings) {
        this.source = source;
        this.transform = transform;
        this.findings = findings;
        this.editor = new XmlEditor(source);
    }

    private Fragment fragment(At at) {
        return new Fragment(transform, at.element());
    }

    /** All that are meant; none is a finding. */
    private List<Element> targets(At at) {
        List<Element> found = at.path().find(source);
        if (found.isEmpty() && !at.isQuiet()) findings.missed(at.place(), missing(at.path()));
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
            findings.warning(at.place(), at.path() + " matches " + found.size() + " elements; only the first is changed, " + described(found.getFirst()));
        return found.isEmpty() ? null : found.getFirst();
    }

    private String described(Element element) {
        return source.piece(element).isOf(source.file()) ? "line " + source.place(element).line() : "which is new";
    }

    void replace(At at) {
        Element target = first(at);
        if (target == null) return;
        Place before = replaced.get(target);
        if (before != null && !at.isQuiet()) findings.missed(at.place(), "conflict: " + before + " has replaced the same element");
        Node parent = target.getParentNode();
        replaced.put(editor.replace(target, fragment(at)), at.place());
        if (parent != null) removed.add(new Removed(parent, target, "replaced", at.place()));
    }

    void remove(At at) {
        Element target = first(at);
        if (target != null) remove(at, List.of(target));
    }

    /** Parent by parent, those further out first: what is in one that is gone is gone with it. */
    void removeAll(At at) {
        Map<Node, List<Element>> byParent = new LinkedHashMap<>();
        for (Element target : targets(at)) byParent.computeIfAbsent(notRoot(target, "removed"), _ -> new ArrayList<>()).add(target);
        byParent.forEach((parent, all) -> {
            if (isInTree(parent)) remove(at, all);
        });
    }

    /** Children of one parent. */
    private void remove(At at, List<Element> targets) {
        Node parent = notRoot(targets.getFirst(), "removed");
        editor.remove(targets);
        for (Element target : targets) removed.add(new Removed(parent, target, "removed", at.place()));
    }

    private boolean isInTree(Node of) {
        Node node = of;
        while (node.getParentNode() != null) node = node.getParentNode();
        return node == source.tree();
    }

    void commentOut(At at) {
        Element target = first(at);
        if (target == null) return;
        Node parent = notRoot(target, "commented out");
        editor.commentOut(target);
        removed.add(new Removed(parent, target, "commented out", at.place()));
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
        claim(at, target, like, value);
        editor.setAttribute(target, like, value);
    }

    /** @param value null: it is removed */
    private void claim(At at, Element target, Attr attribute, @Nullable String value) {
        String name = attribute.getNamespaceURI() == null ? attribute.getName() : attribute.getLocalName() + " " + attribute.getNamespaceURI();
        Claim before = claims.computeIfAbsent(target, _ -> new HashMap<>()).put(name, new Claim(value, at.place()));
        if (before == null || Objects.equals(before.value(), value) || at.isQuiet()) return;
        String how = value == null ? ", which this removes" : before.value() == null ? ", which this sets" : " to another value";
        findings.missed(at.place(), "conflict: " + before.by() + (before.value() == null ? " removes" : " sets") + " the same attribute '" + attribute.getName() + "' of the same element" + how);
    }

    /** The named attributes of the transform's element, or all that are not XDT's own. */
    private List<Attr> ofTransform(At at, List<String> names) {
        List<Attr> wanted = names.isEmpty() ? all(transform, at.element()) : named(at, at.element(), names);
        if (wanted.isEmpty() && !at.isQuiet()) findings.missed(at.place(), "this element has no attribute to set");
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
            else if (!at.isQuiet()) findings.missed(at.place(), "this element has no attribute '" + name + "'");
        }
        return wanted;
    }

    void removeAttributes(At at, List<String> names) {
        boolean isAny = false;
        List<Element> targets = targets(at);
        for (Element target : targets)
            for (Attr each : all(source, target)) {
                if (!names.isEmpty() && !names.contains(each.getName())) continue;
                claim(at, target, each, null);
                editor.removeAttribute(target, each);
                isAny = true;
            }
        if (!targets.isEmpty() && !isAny && !at.isQuiet())
            findings.missed(at.place(), at.path() + " has no attribute" + (names.isEmpty() ? "" : " " + String.join(", ", names)) + " to remove");
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
            if (found == null && !at.isQuiet()) findings.missed(at.place(), "$(" + name + "): neither " + at.path() + " nor this element has an attribute '" + name + "'");
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
