package nary.fleet.transform;

import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.xpath.XPathConstants;
import javax.xml.xpath.XPathFactory;
import org.w3c.dom.Attr;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;
import org.w3c.dom.Text;
import org.xml.sax.InputSource;

/** XDT the plain way: on a tree alone, every path an XPath, white space of no account. What the real one is held against. */
final class NaiveXdt {
    private static final String XDT = "http://schemas.microsoft.com/XML-Document-Transform";

    final Document target;
    int warnings;
    int errors;

    NaiveXdt(String source) throws Exception {
        target = parse(source);
    }

    static Document parse(String text) throws Exception {
        return DocumentBuilderFactory.newDefaultNSInstance().newDocumentBuilder().parse(new InputSource(new StringReader(text)));
    }

    void apply(String transform) throws Exception {
        Element root = parse(transform).getDocumentElement();
        walk(root, "");
    }

    private void walk(Element element, String parent) throws Exception {
        String path = path(element, parent);
        String value = element.getAttributeNS(XDT, "Transform");
        if (!value.isEmpty()) apply(element, parent, path, value);
        for (Node node = element.getFirstChild(); node != null; node = node.getNextSibling()) if (node instanceof Element child) walk(child, path);
    }

    private static String path(Element element, String parent) {
        String uri = element.getNamespaceURI() == null ? "" : element.getNamespaceURI();
        String step = parent + "/*[local-name()='" + element.getLocalName() + "' and namespace-uri()='" + uri + "']";
        String locator = element.getAttributeNS(XDT, "Locator");
        String inner = locator.isEmpty() ? "" : locator.substring(locator.indexOf('(') + 1, locator.length() - 1);
        if (locator.startsWith("XPath(/")) return inner;
        if (locator.startsWith("XPath(")) return step + "/" + inner;
        if (locator.startsWith("Condition(")) return step + "[" + inner + "]";
        if (locator.startsWith("Match(")) for (String name : inner.split(",")) step += "[@" + name.strip() + "='" + element.getAttribute(name.strip()) + "']";
        return step;
    }

    private List<Element> find(String path, Node context) throws Exception {
        NodeList nodes = (NodeList) XPathFactory.newDefaultInstance().newXPath().evaluate(path, context, XPathConstants.NODESET);
        List<Element> found = new ArrayList<>();
        for (int i = 0; i < nodes.getLength(); i++) found.add((Element) nodes.item(i));
        return found;
    }

    private void apply(Element element, String parent, String path, String value) throws Exception {
        String verb = value.replaceFirst("\\(.*", "");
        String inner = value.contains("(") ? value.substring(value.indexOf('(') + 1, value.length() - 1) : "";
        List<Element> parents = parent.isEmpty() ? List.of() : find(parent, target);
        List<Element> targets = find(path, target);
        if (verb.startsWith("Insert")) {
            if (parents.isEmpty()) {
                errors++;
                return;
            }
            insert(element, verb, inner, parents.getFirst(), targets);
            return;
        }
        if (targets.isEmpty()) {
            warnings++;
            return;
        }
        boolean isFirstOnly = List.of("Replace", "Remove", "CommentOut").contains(verb);
        if (isFirstOnly && targets.size() > 1) warnings++;
        for (Element each : isFirstOnly ? targets.subList(0, 1) : targets) change(element, verb, inner, each);
    }

    private void insert(Element element, String verb, String inner, Element parent, List<Element> targets) throws Exception {
        switch (verb) {
            case "Insert" -> parent.appendChild(copy(element));
            case "InsertIfMissing" -> {
                if (targets.isEmpty()) parent.appendChild(copy(element));
            }
            default -> {
                List<Element> siblings = find(inner, parent);
                if (siblings.isEmpty() || siblings.getFirst() == target.getDocumentElement()) errors++;
                else siblings.getFirst().getParentNode().insertBefore(copy(element), verb.equals("InsertBefore") ? siblings.getFirst() : siblings.getFirst().getNextSibling());
            }
        }
    }

    private void change(Element element, String verb, String inner, Element each) {
        Node parent = each.getParentNode();
        boolean isRoot = parent instanceof Document;
        switch (verb) {
            case "Replace" -> parent.replaceChild(copy(element), each);
            case "Remove", "RemoveAll" -> {
                if (isRoot) errors++;
                else parent.removeChild(each);
            }
            case "CommentOut" -> {
                if (isRoot) errors++;
                else parent.replaceChild(target.createComment("<"), each);
            }
            case "SetAttributes" -> attributes(element).forEach(attribute -> {
                if (inner.isEmpty() || inner.contains(attribute.getName())) each.setAttribute(attribute.getName(), attribute.getValue());
            });
            case "SetTokenizedAttributes" -> attributes(element).forEach(attribute -> each.setAttribute(attribute.getName(), attribute.getValue().replace("$(k)", token(element, each, attribute))));
            case "RemoveAttributes" -> {
                attributes(each).forEach(attribute -> {
                    if (inner.isEmpty() || inner.contains(attribute.getName())) each.removeAttributeNode(attribute);
                });
            }
            default -> throw new AssertionError(verb);
        }
    }

    private static String token(Element element, Element target, Attr attribute) {
        if (target.hasAttribute("k")) return target.getAttribute("k");
        return element.hasAttribute("k") && !attribute.getName().equals("k") ? element.getAttribute("k") : "$(k)";
    }

    private static List<Attr> attributes(Element element) {
        List<Attr> all = new ArrayList<>();
        for (int i = 0; i < element.getAttributes().getLength(); i++) {
            Attr attribute = (Attr) element.getAttributes().item(i);
            if (attribute.getNamespaceURI() == null) all.add(attribute);
        }
        return all;
    }

    private Element copy(Element element) {
        Element copy = (Element) target.importNode(element, true);
        scrub(copy);
        return copy;
    }

    private static void scrub(Element element) {
        element.removeAttributeNS(XDT, "Transform");
        element.removeAttributeNS(XDT, "Locator");
        for (Node node = element.getFirstChild(); node != null; node = node.getNextSibling()) if (node instanceof Element child) scrub(child);
    }

    /** One line a node: names with namespaces, attributes, text without white space around it. */
    static String outline(Node node) {
        var out = new StringBuilder();
        outline(node, "", out);
        return out.toString();
    }

    private static void outline(Node node, String indent, StringBuilder out) {
        switch (node.getNodeType()) {
            case Node.ELEMENT_NODE -> {
                out.append(indent).append('{').append(node.getNamespaceURI()).append('}').append(node.getLocalName());
                attributes((Element) node).stream().map(each -> " " + each.getName() + "=" + each.getValue()).sorted().forEach(out::append);
                out.append('\n');
            }
            case Node.COMMENT_NODE -> out.append(indent).append(node.getNodeValue().startsWith("<") ? "commented out" : "# " + node.getNodeValue()).append('\n');
            case Node.PROCESSING_INSTRUCTION_NODE -> out.append(indent).append("? ").append(node.getNodeValue()).append('\n');
            default -> {}
        }
        var text = new StringBuilder();
        for (Node child = node.getFirstChild(); child != null; child = child.getNextSibling()) {
            if (child instanceof Text piece) text.append(piece.getData());
            else flush(text, indent, out);
            outline(child, indent + " ", out);
        }
        flush(text, indent, out);
    }

    /** Text and CDATA side by side are one. */
    private static void flush(StringBuilder text, String indent, StringBuilder out) {
        if (!text.toString().isBlank()) out.append(indent).append(" > ").append(text.toString().strip()).append('\n');
        text.setLength(0);
    }
}
