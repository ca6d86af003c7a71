package nary.fleet.transform;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import javax.xml.XMLConstants;
import javax.xml.namespace.NamespaceContext;
import javax.xml.namespace.QName;
import javax.xml.xpath.XPath;
import javax.xml.xpath.XPathConstants;
import javax.xml.xpath.XPathExpressionException;
import javax.xml.xpath.XPathFactory;
import org.jspecify.annotations.Nullable;
import org.w3c.dom.Attr;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;

/** XPath 1.0 of a transform. Prefixes mean what they mean there; {@code _defaultNamespace} is its default namespace. */
final class Expressions {
    private static final String DEFAULT_NAMESPACE = "_defaultNamespace";

    private final Element scope;
    private final Map<String, String> made = new HashMap<>();
    private final Map<String, String> values = new HashMap<>();

    private Expressions(Element scope) {
        this.scope = scope;
    }

    /** One expression for the whole path: it is read once, however many elements lie on the way. */
    static List<Element> elements(List<TargetPath.Step> steps, Document document) {
        var expressions = new Expressions(steps.getLast().element());
        var path = new StringBuilder();
        for (TargetPath.Step step : steps) expressions.append(path, step);
        return expressions.evaluate(path.toString(), document, steps.getLast().toString());
    }

    /** @param scope whose prefixes the expression uses @throws IllegalArgumentException if it is wrong, or yields something else than elements */
    static List<Element> elements(String expression, Element scope, Node context) {
        return new Expressions(scope).evaluate(expression, context, expression);
    }

    private void append(StringBuilder path, TargetPath.Step step) {
        String name = name(step.element().getNamespaceURI(), step.element().getLocalName());
        switch (step.locator()) {
            case Locator.Same _ -> path.append('/').append(name);
            case Locator.Match match -> path.append('/').append(name).append(predicate(match));
            case Locator.Condition condition -> path.append('/').append(name).append('[').append(condition.predicate()).append(']');
            case Locator.Path locator -> {
                if (locator.isAbsolute()) path.setLength(0);
                else path.append('/').append(name).append('/');
                path.append(locator.expression());
            }
        }
    }

    private String predicate(Locator.Match match) {
        var text = new StringBuilder();
        for (Attr attribute : match.attributes()) {
            String variable = "_v" + values.size();
            values.put(variable, attribute.getValue());
            String name = attribute.getNamespaceURI() == null ? attribute.getName() : name(attribute.getNamespaceURI(), attribute.getLocalName());
            text.append("[@").append(name).append(" = $").append(variable).append(']');
        }
        return text.toString();
    }

    private String name(@Nullable String uri, String local) {
        if (uri == null) return local;
        String prefix = "_n" + made.size();
        made.put(prefix, uri);
        return prefix + ":" + local;
    }

    private List<Element> evaluate(String expression, Node context, String shown) {
        try {
            XPathFactory factory = XPathFactory.newDefaultInstance();
            factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
            XPath path = factory.newXPath();
            path.setNamespaceContext(new Prefixes());
            path.setXPathVariableResolver((QName name) -> values.get(name.getLocalPart()));
            return elements((NodeList) path.evaluate(expression, context, XPathConstants.NODESET), shown);
        } catch (XPathExpressionException e) {
            throw new IllegalArgumentException("'" + shown + "' is no XPath: " + reason(e), e);
        } catch (javax.xml.xpath.XPathFactoryConfigurationException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String reason(XPathExpressionException e) {
        Throwable cause = e.getCause() == null ? e : e.getCause();
        return String.valueOf(cause.getMessage()).strip();
    }

    private static List<Element> elements(NodeList nodes, String shown) {
        List<Element> found = new ArrayList<>();
        for (int i = 0; i < nodes.getLength(); i++) {
            if (!(nodes.item(i) instanceof Element element)) throw new IllegalArgumentException("'" + shown + "' finds '" + nodes.item(i).getNodeName() + "', which is no element");
            found.add(element);
        }
        return found;
    }

    private final class Prefixes implements NamespaceContext {
        @Override
        public String getNamespaceURI(String prefix) {
            String own = made.get(prefix);
            if (own != null) return own;
            String declared = scope.lookupNamespaceURI(prefix.equals(DEFAULT_NAMESPACE) ? null : prefix);
            return declared == null ? XMLConstants.NULL_NS_URI : declared;
        }

        @Override
        public @Nullable String getPrefix(String uri) {
            return scope.lookupPrefix(uri);
        }

        @Override
        public Iterator<String> getPrefixes(String uri) {
            String prefix = getPrefix(uri);
            return prefix == null ? List.<String>of().iterator() : List.of(prefix).iterator();
        }
    }
}
