package nary.fleet.transform;

import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.jspecify.annotations.Nullable;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NamedNodeMap;
import org.w3c.dom.Node;
import org.xml.sax.ErrorHandler;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;
import org.xml.sax.SAXParseException;

/** A document twice: as a tree to search in, and as the text it came from, element by element. Nothing outside the file is ever read for it. */
final class XmlDocument {
    /** The JDK's own are made for messages of strangers. */
    private static final Map<String, Integer> LIMITS = Map.of("jdk.xml.maxElementDepth", 1000, "jdk.xml.elementAttributeLimit", 10_000);

    private static final String END = "</wrapper>";

    private final SourceFile file;
    private final Document tree;
    private final Map<Element, Piece> pieces = new IdentityHashMap<>();
    /** The text around the root. */
    private final Piece whole;

    private XmlDocument(SourceFile file, Document tree) {
        this.file = file;
        this.tree = tree;
        this.whole = Piece.of(file.text());
    }

    static XmlDocument parse(SourceFile file) throws TransformException {
        String readable = Doctype.blanked(file);
        try {
            return new XmlDocument(file, builder().parse(new InputSource(new StringReader(readable))));
        } catch (SAXParseException e) {
            throw new TransformException(file.place(e.getLineNumber(), e.getColumnNumber() - 1), "no XML: " + reason(e));
        } catch (SAXException e) {
            throw new TransformException(Place.whole(file.name()), "no XML: " + reason(e));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String reason(SAXException e) {
        return String.valueOf(e.getMessage()).replaceFirst("^JAXP\\d+: ", "");
    }

    private static DocumentBuilder builder() {
        try {
            DocumentBuilderFactory factory = DocumentBuilderFactory.newDefaultNSInstance();
            factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
            factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
            factory.setAttribute(XMLConstants.ACCESS_EXTERNAL_DTD, "");
            factory.setAttribute(XMLConstants.ACCESS_EXTERNAL_SCHEMA, "");
            LIMITS.forEach(factory::setAttribute);
            factory.setXIncludeAware(false);
            DocumentBuilder builder = factory.newDocumentBuilder();
            builder.setErrorHandler(THROWING);
            return builder;
        } catch (ParserConfigurationException e) {
            throw new IllegalStateException(e);
        }
    }

    private static final ErrorHandler THROWING = new ErrorHandler() {
        @Override
        public void warning(SAXParseException e) {}

        @Override
        public void error(SAXParseException e) throws SAXException {
            throw e;
        }

        @Override
        public void fatalError(SAXParseException e) throws SAXException {
            throw e;
        }
    };

    /** The n-th tag in it that is in no other one is its n-th child. Only when it is asked for: in a large file most elements never are. */
    private void align(Node parent) {
        Piece around = piece(parent);
        Markup markup = around.inside();
        @Nullable Element next = child(parent);
        @Nullable Piece open = null;
        int depth = 0;
        while (markup.next()) {
            switch (markup.kind()) {
                case OPEN -> {
                    if (depth++ == 0) open = around.within(markup);
                }
                case EMPTY -> {
                    if (depth == 0) next = known(next, around.within(markup));
                }
                case CLOSE -> {
                    if (--depth == 0) next = known(next, Objects.requireNonNull(open).closedBy(markup));
                }
                case TEXT, COMMENT, CDATA, INSTRUCTION, DOCTYPE -> {}
            }
        }
    }

    /** @return the element that comes after it */
    private @Nullable Element known(@Nullable Element element, Piece piece) {
        pieces.put(Objects.requireNonNull(element), piece);
        return sibling(element);
    }

    static @Nullable Element child(Node parent) {
        return elementFrom(parent.getFirstChild());
    }

    static @Nullable Element sibling(Node element) {
        return elementFrom(element.getNextSibling());
    }

    private static @Nullable Element elementFrom(@Nullable Node first) {
        Node node = first;
        while (node != null && !(node instanceof Element)) node = node.getNextSibling();
        return (Element) node;
    }

    static List<Element> children(Node parent) {
        List<Element> children = new ArrayList<>();
        for (Element child = child(parent); child != null; child = sibling(child)) children.add(child);
        return children;
    }

    SourceFile file() {
        return file;
    }

    Document tree() {
        return tree;
    }

    Element root() {
        return tree.getDocumentElement();
    }

    /** Of an element, or of the document. */
    Piece piece(Node node) {
        if (!(node instanceof Element element)) return whole;
        Piece known = pieces.get(element);
        if (known != null) return known;
        align(Objects.requireNonNull(element.getParentNode()));
        return Objects.requireNonNull(pieces.get(element));
    }

    /** Where an element begins. */
    Place place(Element element) {
        return file.place(piece(element).start());
    }

    /** What stands in it, to be changed: gap, element, gap, … gap. */
    List<Part> touched(Node parent) {
        for (Node node = parent; node != null; node = node.getParentNode()) {
            parts(node);
            piece(node).touch();
        }
        return parts(parent);
    }

    List<Part> parts(Node parent) {
        return piece(parent).parts(() -> children(parent).stream().map(this::piece).toList());
    }

    /**
     * Reads an element that is to stand in {@code parent}. It is known here, but has no place yet.
     *
     * @throws IllegalArgumentException if it cannot stand there
     */
    Element adopt(String markup, Node parent) {
        var wrapper = new StringBuilder("<wrapper");
        namespaces(parent).forEach((prefix, uri) ->
                wrapper.append(prefix.isEmpty() ? " xmlns=\"" : " xmlns:" + prefix + "=\"").append(XmlEscapes.attribute(uri, '"')).append('"'));
        wrapper.append('>');
        String text = wrapper + markup + END;
        try {
            Document parsed = builder().parse(new InputSource(new StringReader(text)));
            Element around = parsed.getDocumentElement();
            pieces.put(around, Piece.between(text, wrapper.length(), text.length() - END.length()));
            align(around);
            pieces.remove(around);
            return (Element) tree.adoptNode(Objects.requireNonNull(child(around)));
        } catch (SAXException | IOException e) {
            throw new IllegalArgumentException("what is to be inserted cannot be written in the encoding of " + file.name() + ": " + e.getMessage(), e);
        }
    }

    /** Prefixes in scope and what they mean; the empty one is the default namespace. */
    static Map<String, String> namespaces(Node node) {
        Map<String, String> found = new LinkedHashMap<>();
        for (Node each = node; each instanceof Element element; each = each.getParentNode()) {
            NamedNodeMap attributes = element.getAttributes();
            for (int i = 0; i < attributes.getLength(); i++) {
                Node attribute = attributes.item(i);
                if (!XMLConstants.XMLNS_ATTRIBUTE_NS_URI.equals(attribute.getNamespaceURI())) continue;
                String name = attribute.getNodeName();
                found.putIfAbsent(name.startsWith("xmlns:") ? name.substring("xmlns:".length()) : "", attribute.getNodeValue());
            }
        }
        return found;
    }

    String print() {
        var out = new StringBuilder(file.text().length() + 1024);
        whole.print(out);
        return out.toString();
    }
}
