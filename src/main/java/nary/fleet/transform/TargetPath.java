package nary.fleet.transform;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.w3c.dom.Attr;
import org.w3c.dom.Element;
import org.w3c.dom.Node;

/** What an element of a transform means in the source: the names and locators from the root down to it. */
record TargetPath(List<Step> steps) {
    record Step(Element element, Locator locator) {
        boolean isPlain() {
            return locator instanceof Locator.Same || locator instanceof Locator.Match;
        }

        boolean hasName(Element candidate) {
            return element.getLocalName().equals(candidate.getLocalName()) && Objects.equals(element.getNamespaceURI(), candidate.getNamespaceURI());
        }

        /** Of a plain one. */
        boolean fits(Element candidate) {
            return hasName(candidate) && (!(locator instanceof Locator.Match match) || match.fits(candidate));
        }

        @Override
        public String toString() {
            String name = element.getNodeName();
            return switch (locator) {
                case Locator.Same _ -> name;
                case Locator.Match match -> name + match.attributes().stream().map(Step::equality).collect(Collectors.joining(" and ", "[", "]"));
                case Locator.Condition condition -> name + "[" + condition.predicate() + "]";
                case Locator.Path path -> path.isAbsolute() ? path.expression() : name + "/" + path.expression();
            };
        }

        private static String equality(Attr attribute) {
            return "@" + attribute.getName() + "='" + attribute.getValue() + "'";
        }
    }

    static final TargetPath ROOT = new TargetPath(List.of());

    /** @throws IllegalArgumentException saying what is wrong with the element's xdt:Locator */
    TargetPath to(Element child) {
        List<Step> longer = new ArrayList<>(steps);
        longer.add(new Step(child, Locator.of(child)));
        return new TargetPath(List.copyOf(longer));
    }

    TargetPath parent() {
        return new TargetPath(steps.subList(0, steps.size() - 1));
    }

    Step last() {
        return steps.getLast();
    }

    /** The elements that are meant, in document order. @throws IllegalArgumentException if an expression is wrong */
    List<Element> find(XmlDocument source) {
        if (!steps.stream().allMatch(Step::isPlain)) return Expressions.elements(steps, source.tree());
        List<? extends Node> found = List.of(source.tree());
        for (Step step : steps) found = children(found, step);
        return found.stream().filter(Element.class::isInstance).map(Element.class::cast).toList();
    }

    private static List<Element> children(List<? extends Node> parents, Step step) {
        List<Element> fitting = new ArrayList<>();
        for (Node parent : parents)
            for (Element child = XmlDocument.child(parent); child != null; child = XmlDocument.sibling(child)) if (step.fits(child)) fitting.add(child);
        return fitting;
    }

    /** Why nothing is found: the first step that leads nowhere. */
    String missing(XmlDocument source) {
        TargetPath there = this;
        TargetPath beyond = this;
        while (!there.steps.isEmpty() && there.find(source).isEmpty()) {
            beyond = there;
            there = there.parent();
        }
        String where = there.steps.isEmpty() ? "" : " in " + there;
        boolean isPlainlyMissing = beyond.steps.size() == steps.size() && where.isEmpty();
        return "nothing matches " + this + (isPlainlyMissing ? "" : ": there is no " + Masking.masked(beyond.last() + where)) + namespaceHint(there, beyond, source);
    }

    private static String namespaceHint(TargetPath there, TargetPath beyond, XmlDocument source) {
        Element wanted = beyond.last().element();
        List<? extends Node> parents = there.steps.isEmpty() ? List.of(source.tree()) : there.find(source);
        for (Node parent : parents)
            for (Element child : XmlDocument.children(parent))
                if (child.getLocalName().equals(wanted.getLocalName()) && !Objects.equals(child.getNamespaceURI(), wanted.getNamespaceURI()))
                    return "; there is one in " + namespace(child) + ", the transform's is in " + namespace(wanted);
        return "";
    }

    private static String namespace(Element element) {
        return element.getNamespaceURI() == null ? "no namespace" : "the namespace " + element.getNamespaceURI();
    }

    @Override
    public String toString() {
        var text = new StringBuilder();
        for (Step step : steps) {
            boolean isAbsolute = step.locator() instanceof Locator.Path path && path.isAbsolute();
            if (isAbsolute) text.setLength(0);
            else text.append('/');
            text.append(step);
        }
        return Masking.masked(text.toString());
    }
}
