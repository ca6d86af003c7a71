package nary.fleet.transform;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jaxen.JaxenException;
import org.jaxen.XPathFunctionContext;
import org.jaxen.dom.DOMXPath;
import org.jspecify.annotations.Nullable;
import org.w3c.dom.Attr;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;

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
            var path = new DOMXPath(expression);
            // none of the library's own: some of them read other files
            path.setFunctionContext(new XPathFunctionContext(false));
            path.setNamespaceContext(this::namespace);
            path.setVariableContext((_, _, name) -> Objects.requireNonNull(values.get(name), () -> "there is no variable $" + name));
            return elements(path.evaluate(context), shown);
        } catch (JaxenException e) {
            throw new IllegalArgumentException("'" + shown + "' is no XPath: " + String.valueOf(e.getMessage()).strip(), e);
        }
    }

    private static List<Element> elements(Object result, String shown) {
        if (!(result instanceof List<?> nodes)) throw new IllegalArgumentException("'" + shown + "' finds no elements, but yields a " + (result instanceof Boolean ? "truth value" : result instanceof Number ? "number" : "text"));
        List<Element> found = new ArrayList<>();
        for (Object each : nodes) {
            if (!(each instanceof Element element)) throw new IllegalArgumentException("'" + shown + "' finds '" + (each instanceof Node node ? node.getNodeName() : "a namespace") + "', which is no element");
            found.add(element);
        }
        return found;
    }

    /** Null: it means nothing, which is an error. */
    private @Nullable String namespace(String prefix) {
        String own = made.get(prefix);
        if (own != null) return own;
        boolean isDefault = prefix.equals(DEFAULT_NAMESPACE);
        String declared = scope.lookupNamespaceURI(isDefault ? null : prefix);
        return declared == null && isDefault ? "" : declared;
    }
}
