package nary.fleet.transform;

import java.util.ArrayList;
import java.util.List;
import nary.config.Suggest;
import org.w3c.dom.Attr;
import org.w3c.dom.Element;

/** Which of the elements of its name an element of a transform means. */
sealed interface Locator {
    List<String> NAMES = List.of("Match", "Condition", "XPath");

    /** All of them. */
    record Same() implements Locator {}

    /** Those with these attributes. */
    record Match(List<Attr> attributes) implements Locator {
        boolean fits(Element element) {
            for (Attr attribute : attributes) {
                Attr there = XmlEditor.attribute(element, attribute);
                if (there == null || !there.getValue().equals(attribute.getValue())) return false;
            }
            return true;
        }
    }

    /** Those that a predicate holds for. */
    record Condition(String predicate) implements Locator {}

    /** Those at a path; relative to the elements of its name unless it begins with a slash. */
    record Path(String expression) implements Locator {
        boolean isAbsolute() {
            return expression.startsWith("/");
        }
    }

    /** @throws IllegalArgumentException saying what is wrong with the element's xdt:Locator */
    static Locator of(Element element) {
        String value = element.getAttributeNS(Xdt.NAMESPACE, "Locator");
        if (value.isBlank()) return new Same();
        Call call = Call.parse(value);
        return switch (call.name()) {
            case "Match" -> match(element, call);
            case "Condition" -> new Condition(one(call, "a predicate, e.g. Condition(@name='a')"));
            case "XPath" -> new Path(one(call, "a path, e.g. XPath(/configuration/appSettings)"));
            default -> throw new IllegalArgumentException("there is no locator '" + call.name() + "'" + Suggest.text(call.name(), NAMES) + " (" + String.join(", ", NAMES) + ")");
        };
    }

    private static String one(Call call, String what) {
        if (call.text().isEmpty()) throw new IllegalArgumentException(call.name() + " needs " + what);
        return call.text();
    }

    private static Match match(Element element, Call call) {
        List<Attr> attributes = new ArrayList<>();
        for (String name : call.arguments()) {
            Attr attribute = element.getAttributeNode(name);
            if (attribute == null) throw new IllegalArgumentException(call + ": this element has no attribute '" + name + "'" + Suggest.text(name, names(element)));
            attributes.add(attribute);
        }
        if (attributes.isEmpty()) throw new IllegalArgumentException("Match needs the names of attributes, e.g. Match(name)");
        return new Match(attributes);
    }

    private static List<String> names(Element element) {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < element.getAttributes().getLength(); i++) names.add(element.getAttributes().item(i).getNodeName());
        return names;
    }
}
