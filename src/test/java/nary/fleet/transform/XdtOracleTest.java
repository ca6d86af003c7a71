package nary.fleet.transform;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;

/** Seeded documents and transforms: the edited text is what a plain implementation makes of the tree, and keeps the bytes of what it leaves alone. */
class XdtOracleTest {
    private static final int ROUNDS = Integer.getInteger("nary.transform.rounds", 300);
    private static final String XDT = "xmlns:xdt=\"http://schemas.microsoft.com/XML-Document-Transform\"";

    /** Makes a document, and a transform that has a chance of meeting it. */
    private static final class Writer {
        final Random random;
        final String newline;
        final String namespace;

        Writer(long seed) {
            random = new Random(seed);
            newline = random.nextInt(4) == 0 ? "\r\n" : "\n";
            namespace = random.nextInt(3) == 0 ? " xmlns=\"urn:d\" xmlns:p=\"urn:p\"" : random.nextInt(2) == 0 ? " xmlns:p=\"urn:p\"" : "";
        }

        private String pick(String... words) {
            return words[random.nextInt(words.length)];
        }

        private String name() {
            return !namespace.isEmpty() && random.nextInt(5) == 0 ? "p:" + pick("a", "b") : pick("a", "b", "c");
        }

        private String attributes() {
            var text = new StringBuilder();
            for (String name : List.of("k", "v"))
                if (random.nextBoolean()) {
                    String quote = pick("\"", "'");
                    text.append(pick(" ", "  ", newline + "\t")).append(name).append(pick("=", " = ")).append(quote).append(pick("1", "2", "&lt;&amp;", "é&#65;", ">")).append(quote);
                }
            return text.toString();
        }

        private String between(int depth) {
            return switch (random.nextInt(14)) {
                case 0 -> "";
                case 1 -> " ";
                case 2 -> "<!-- note " + random.nextInt(9) + " -->";
                case 3 -> newline + "  ".repeat(depth) + "<!-- a line -->" + newline + "  ".repeat(depth);
                case 4 -> " text &amp; more ";
                case 5 -> "<![CDATA[ <raw> & ]] ]]>";
                case 6 -> "<?pi some?>";
                case 7 -> newline + newline + "\t";
                default -> newline + "  ".repeat(depth);
            };
        }

        private String element(int depth) {
            String name = name();
            if (depth > 3 || random.nextInt(3) == 0) return "<" + name + attributes() + pick("/>", " />", "></" + name + ">");
            var text = new StringBuilder("<" + name + attributes() + ">");
            int children = random.nextInt(4);
            for (int i = 0; i < children; i++) text.append(between(depth + 1)).append(element(depth + 1));
            return text.append(between(depth)).append("</").append(name).append(pick(">", " >")).toString();
        }

        String source() {
            var text = new StringBuilder(pick("", "<?xml version='1.0'?>" + newline, "<!-- head -->"));
            text.append("<r").append(namespace).append(">");
            int children = 1 + random.nextInt(6);
            for (int i = 0; i < children; i++) text.append(between(1)).append(element(1));
            return text.append(between(0)).append("</r>").append(pick("", newline, "<!-- tail -->")).toString();
        }

        private String locator(String attributes) {
            return switch (random.nextInt(8)) {
                case 0 -> attributes.contains("k=") || attributes.contains("k =") ? " xdt:Locator=\"Match(k)\"" : "";
                case 1 -> " xdt:Locator=\"Condition(@k='1' or @v)\"";
                case 2 -> " xdt:Locator=\"Condition(last())\"";
                case 3 -> " xdt:Locator=\"Condition(2)\"";
                case 4 -> " xdt:Locator=\"XPath(//*[@k='2'])\"";
                case 5 -> " xdt:Locator=\"XPath(*[1])\"";
                default -> "";
            };
        }

        private String verb() {
            return pick("Replace", "Remove", "RemoveAll", "Insert", "InsertIfMissing", "InsertBefore(*[1])", "InsertAfter(*[last()])", "InsertBefore(//*[@v])", "SetAttributes", "SetAttributes(k)",
                    "RemoveAttributes", "RemoveAttributes(v)", "CommentOut", "SetTokenizedAttributes");
        }

        private String change(int depth) {
            String name = name();
            String attributes = attributes().replace("&#65;", random.nextBoolean() ? "$(k)" : "");
            String transform = depth > 1 || random.nextBoolean() ? " xdt:Transform=\"" + verb() + "\"" : "";
            // one of each attribute at most, for otherwise there is a finding
            if (transform.contains("(k)") && !attributes.matches("(?s).*\\sk ?=.*")) transform = transform.replace("(k)", "");
            if (transform.contains("Set") && attributes.isBlank()) attributes = " v='9'";
            var text = new StringBuilder("<" + name + attributes + locator(attributes) + transform + ">");
            int children = depth > 2 ? 0 : random.nextInt(3);
            for (int i = 0; i < children; i++) text.append(pick("", newline + "  ".repeat(depth + 1))).append(change(depth + 1));
            return text.append("</").append(name).append(">").toString();
        }

        String transform() {
            var text = new StringBuilder("<r" + namespace + " " + XDT + ">");
            int children = 1 + random.nextInt(4);
            for (int i = 0; i < children; i++) text.append(pick("", newline + "  ")).append(change(1));
            return text.append("</r>").toString();
        }
    }

    private static SourceFile file(String text, String name) throws TransformException {
        return SourceFile.of(text.getBytes(StandardCharsets.UTF_8), name, Format.XML);
    }

    @Test
    void theTextIsWhatThePlainWayMakesOfTheTree() throws Exception {
        long first = Long.getLong("nary.transform.seed", 1);
        int changed = 0;
        for (long seed = first; seed < first + ROUNDS; seed++) {
            var writer = new Writer(seed);
            String source = writer.source();
            String transform = writer.transform();
            String description = "seed " + seed + "\n" + source + "\n" + transform;
            var naive = new NaiveXdt(source);
            naive.apply(transform);
            XmlDocument document = XmlDocument.parse(file(source, "s"));
            var findings = new Findings(false);
            XmlDocument transformDocument = XmlDocument.parse(file(transform, "t"));
            Xdt.apply(document, transformDocument, findings);
            String result = document.print();
            assertThat(NaiveXdt.outline(NaiveXdt.parse(result))).as(description + "\n" + result).isEqualTo(NaiveXdt.outline(naive.target));
            assertThat(NaiveXdt.outline(document.tree())).as(description).isEqualTo(NaiveXdt.outline(naive.target));
            assertSameFindings(findings, naive, description);
            if (!transform.contains("\"Replace\"")) assertUntouchedBytes(source, result, naive.target, description);
            assertThat(transformDocument.print()).isEqualTo(transform);
            if (!result.equals(source)) changed++;
        }
        assertThat(changed).isGreaterThan(ROUNDS / 3);
    }

    private static void assertSameFindings(Findings findings, NaiveXdt naive, String description) {
        List<Finding> all = findings.all().stream().filter(each -> !each.text().contains("conflict") && !each.text().startsWith("$(k)") && !each.text().endsWith("to remove")).toList();
        assertThat(all.stream().filter(Finding::isError)).as(description).hasSize(naive.errors);
        assertThat(all.stream().filter(each -> !each.isError())).as(description + all).hasSize(naive.warnings);
    }

    /** The children of the root that are as they were stand in the result letter by letter, in their order. */
    private static void assertUntouchedBytes(String source, String result, Document changed, String description) throws Exception {
        XmlDocument original = XmlDocument.parse(file(source, "s"));
        List<String> left = new ArrayList<>();
        Element root = changed.getDocumentElement();
        for (Node node = root.getFirstChild(); node != null; node = node.getNextSibling()) if (node instanceof Element) left.add(NaiveXdt.outline(node));
        int at = 0;
        if (!left.equals(outlines(original))) return;
        for (Element child : XmlDocument.children(original.root())) {
            var text = new StringBuilder();
            original.piece(child).print(text);
            at = result.indexOf(text.toString(), at);
            assertThat(at).as(description + "\nlost: " + text).isNotNegative();
            at += text.length();
        }
    }

    private static List<String> outlines(XmlDocument document) {
        return XmlDocument.children(document.root()).stream().map(NaiveXdt::outline).toList();
    }

    @Test
    void whatIsOnlyReadStaysLetterByLetter() throws Exception {
        for (long seed = 1; seed <= ROUNDS; seed++) {
            String source = new Writer(seed).source();
            XmlDocument document = XmlDocument.parse(file(source, "s"));
            assertThat(document.print()).isEqualTo(source);
            for (Element child : XmlDocument.children(document.root())) document.touched(child);
            assertThat(document.print()).as("put together again, seed " + seed).isEqualTo(source);
        }
    }

    @Test
    void oneChangedAttributeChangesNoOtherByte() throws Exception {
        for (long seed = 1; seed <= ROUNDS; seed++) {
            var writer = new Writer(seed);
            String source = writer.source();
            XmlDocument document = XmlDocument.parse(file(source, "s"));
            List<Element> all = new ArrayList<>();
            collect(document.root(), all);
            Element chosen = all.get(writer.random.nextInt(all.size()));
            int start = document.file().text().indexOf(document.piece(chosen).openTag(), document.piece(chosen).start());
            String open = document.piece(chosen).openTag();
            Element like = NaiveXdt.parse("<a new='1'/>").getDocumentElement();
            new XmlEditor(document).setAttribute(chosen, like.getAttributeNode("new"), "1");
            String expected = source.substring(0, start) + OpenTag.of(open).with("new", "1") + source.substring(start + open.length());
            assertThat(document.print()).as("seed " + seed).isEqualTo(expected);
        }
    }

    private static void collect(Element element, List<Element> all) {
        all.add(element);
        for (Element child : XmlDocument.children(element)) collect(child, all);
    }
}
