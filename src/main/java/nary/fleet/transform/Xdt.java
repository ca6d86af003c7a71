package nary.fleet.transform;

import java.util.List;
import java.util.Set;
import nary.config.Suggest;
import org.w3c.dom.Element;
import org.w3c.dom.NamedNodeMap;
import org.w3c.dom.Node;

/** XML Document Transform: one transform file applied to one document, element by element, each before its children. */
final class Xdt {
    static final String NAMESPACE = "http://schemas.microsoft.com/XML-Document-Transform";

    /** The misspelling is the format's. */
    private static final String QUIET = "SupressWarnings";

    private static final Set<String> ATTRIBUTES = Set.of("Transform", "Locator", QUIET);

    private final XmlDocument transform;
    private final XmlDocument source;
    private final Findings findings;
    private final XmlChange change;

    private Xdt(XmlDocument source, XmlDocument transform, Findings findings) {
        this.source = source;
        this.transform = transform;
        this.findings = findings;
        this.change = new XmlChange(source, transform, findings);
    }

    static void apply(XmlDocument source, XmlDocument transform, Findings findings) {
        new Xdt(source, transform, findings).walk(transform.root(), TargetPath.ROOT);
    }

    /** A file without anything of XDT says nothing about another: it is a whole file. */
    static boolean isTransform(XmlDocument document) {
        return isTransform(document.root());
    }

    private static boolean isTransform(Element element) {
        if (NAMESPACE.equals(element.getNamespaceURI())) return true;
        NamedNodeMap attributes = element.getAttributes();
        for (int i = 0; i < attributes.getLength(); i++) if (NAMESPACE.equals(attributes.item(i).getNamespaceURI())) return true;
        for (Element child = XmlDocument.child(element); child != null; child = XmlDocument.sibling(child)) if (isTransform(child)) return true;
        return false;
    }

    private void walk(Element element, TargetPath parent) {
        TargetPath path;
        try {
            checkAttributes(element);
            path = parent.to(element);
        } catch (IllegalArgumentException e) {
            // where its children would belong is not known
            findings.error(transform.place(element), String.valueOf(e.getMessage()));
            return;
        }
        try {
            if (element.hasAttributeNS(NAMESPACE, "Transform")) apply(element, path);
        } catch (IllegalArgumentException e) {
            findings.error(transform.place(element), String.valueOf(e.getMessage()));
        }
        for (Element child : XmlDocument.children(element)) walk(child, path);
    }

    private static void checkAttributes(Element element) {
        if (NAMESPACE.equals(element.getNamespaceURI())) throw new IllegalArgumentException("the element " + element.getNodeName() + " is not known; of XDT there are attributes only");
        NamedNodeMap attributes = element.getAttributes();
        for (int i = 0; i < attributes.getLength(); i++) {
            Node each = attributes.item(i);
            boolean isUnknown = NAMESPACE.equals(each.getNamespaceURI()) && !ATTRIBUTES.contains(each.getLocalName());
            if (isUnknown) throw new IllegalArgumentException("there is no attribute " + each.getNodeName() + Suggest.text(each.getLocalName(), ATTRIBUTES));
        }
    }

    private void apply(Element element, TargetPath path) {
        Call call = Call.parse(element.getAttributeNS(NAMESPACE, "Transform"));
        Verb verb = Verb.of(call);
        var at = new XmlChange.At(element, path, transform.place(element), isQuiet(element));
        switch (verb) {
            case REPLACE -> change.replace(at);
            case REMOVE -> change.remove(at);
            case REMOVE_ALL -> change.removeAll(at);
            case INSERT -> change.insert(at);
            case INSERT_IF_MISSING -> change.insertIfMissing(at);
            case INSERT_BEFORE -> change.insertBeside(at, call.text(), true);
            case INSERT_AFTER -> change.insertBeside(at, call.text(), false);
            case SET_ATTRIBUTES -> change.setAttributes(at, call.arguments());
            case REMOVE_ATTRIBUTES -> change.removeAttributes(at, call.arguments());
            case COMMENT_OUT -> change.commentOut(at);
            case SET_TOKENIZED_ATTRIBUTES -> change.setTokenizedAttributes(at, call.arguments());
        }
    }

    private static boolean isQuiet(Element element) {
        String value = element.getAttributeNS(NAMESPACE, QUIET);
        if (!List.of("", "true", "false", "True", "False").contains(value)) throw new IllegalArgumentException(QUIET + " is true or false, not '" + value + "'");
        return value.equalsIgnoreCase("true");
    }
}
