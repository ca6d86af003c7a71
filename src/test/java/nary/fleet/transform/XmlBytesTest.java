package nary.fleet.transform;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is not changed keeps its bytes; nothing outside the file is read. */
class XmlBytesTest {
    private static final String XDT = "xmlns:xdt=\"http://schemas.microsoft.com/XML-Document-Transform\"";

    /** Everything that a serialiser would write in its own way. */
    private static final String ODD =
            """
            <?xml version='1.0' standalone = "yes" ?>\r
            <?pi  <a>  ?>\r
            <!-- <c x="1"> -->\r
            <r  z = '1'\r
               a="&lt;&#10;&quot;'"   b='"' >\r
            \t<e></e><e/><e  />&#x41;&amp;&gt; > ]] \r
            \t<![CDATA[ <x> & ]] > ]]>\r
            \t<d
            one="1"
            two="2"/>
              <ä ü="é"/>
            </r  >
            <!-- the end -->\r
            """;

    @TempDir
    Path folder;

    private static String transform(String content) {
        return "<r " + XDT + ">" + content + "</r>";
    }

    private byte[] changed(byte[] source, String content) {
        return Attempt.in(folder).file("a.xml", source).file("a.T.xml", transform(content)).bytes();
    }

    private String changed(String source, String content) {
        return new String(changed(source.getBytes(StandardCharsets.UTF_8), content), StandardCharsets.UTF_8);
    }

    @Test
    void aTransformThatChangesNothingLeavesEveryByte() {
        assertThat(changed(ODD, "<d one=\"1\" xdt:Transform=\"SetAttributes\"/>")).isEqualTo(ODD);
        assertThat(changed(ODD, "<n xdt:Transform=\"Remove\" xdt:SupressWarnings=\"true\"/>")).isEqualTo(ODD);
    }

    @Test
    void onlyWhatChangesChanges() {
        assertThat(changed(ODD, "<d two=\"3\" four=\"4\" xdt:Transform=\"SetAttributes\"/>")).isEqualTo(ODD.replace("two=\"2\"", "two=\"3\"\nfour=\"4\""));
        assertThat(changed(ODD, "<e xdt:Locator=\"Condition(2)\" x=\"y\" xdt:Transform=\"SetAttributes\"/>")).isEqualTo(ODD.replace("<e/>", "<e x=\"y\"/>"));
        assertThat(changed(ODD, "<ä xdt:Transform=\"Remove\"/>")).isEqualTo(ODD.replace("\n  <ä ü=\"é\"/>", ""));
        assertThat(changed(ODD, "<d xdt:Transform=\"CommentOut\"/>")).isEqualTo(ODD.replace("<d\none=\"1\"\ntwo=\"2\"/>", "<!--<d\none=\"1\"\ntwo=\"2\"/>-->"));
    }

    @Test
    void whatIsInsertedHasTheLineEndsOfTheSource() {
        assertThat(changed("<r>\r\n\t<a/>\r\n</r>\r\n", "\n  <b>\n    <c/>\n  </b>".replace("<b>", "<b xdt:Transform=\"Insert\">"))).isEqualTo("<r>\r\n\t<a/>\r\n\t<b>\r\n\t  <c/>\r\n\t</b>\r\n</r>\r\n");
        assertThat(changed("<r>\n  <a/>\n</r>", "\r\n<b xdt:Transform=\"Insert\">\r\n</b>")).isEqualTo("<r>\n  <a/>\n  <b>\n  </b>\n</r>");
    }

    @Test
    void inOneLineItStaysInOneLine() {
        assertThat(changed("<r><a/></r>", "<b xdt:Transform=\"Insert\"/>")).isEqualTo("<r><a/><b/></r>");
        assertThat(changed("<r/>", "<b xdt:Transform=\"Insert\"/>")).isEqualTo("<r><b/></r>");
        assertThat(changed("<r>\n  <a/>\n</r>", "<a><b xdt:Transform=\"Insert\"/></a>")).isEqualTo("<r>\n  <a>\n    <b/>\n  </a>\n</r>");
    }

    @Test
    void proseAndKeptSpaceGetNoWhiteSpace() {
        assertThat(changed("<r>\n  some <i>text</i> and\n  more\n</r>", "<b xdt:Transform=\"Insert\"/>")).isEqualTo("<r>\n  some <i>text</i> and\n  more\n<b/></r>");
        assertThat(changed("<r xml:space=\"preserve\">\n  <i/>\n</r>", "<b xdt:Transform=\"InsertBefore(i)\"/>")).isEqualTo("<r xml:space=\"preserve\">\n  <b/><i/>\n</r>");
        assertThat(changed("<r xml:space=\"preserve\">\n  <i/>\n</r>", "<i xdt:Transform=\"Remove\"/>")).isEqualTo("<r xml:space=\"preserve\">\n  \n</r>");
    }

    @Test
    void aCommentBesideAnElementStaysWhenItGoes() {
        assertThat(changed("<r>\n  <a/> <!-- c -->\n  <b/>\n</r>", "<a xdt:Transform=\"Remove\"/>")).isEqualTo("<r>\n   <!-- c -->\n  <b/>\n</r>");
    }

    @Test
    void byteOrderMarksAndEncodingsStay() {
        byte[][] marks = {{}, {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF}, {(byte) 0xFF, (byte) 0xFE}, {(byte) 0xFE, (byte) 0xFF}, {}, {}, {}};
        List<String> names = List.of("UTF-8", "UTF-8", "UTF-16LE", "UTF-16BE", "windows-1252", "ISO-8859-1", "UTF-16LE");
        for (int i = 0; i < marks.length; i++) {
            String declared = i == 0 ? "" : "<?xml version=\"1.0\" encoding=\"" + (names.get(i).startsWith("UTF-16") ? "utf-16" : names.get(i)) + "\"?>";
            String source = declared + "<r>\n  <a v=\"é\"/>\n  <b/>\n</r>";
            byte[] expected = bytes(marks[i], names.get(i), source.replace("<b/>", "<b v=\"é\"/>"));
            assertThat(changed(bytes(marks[i], names.get(i), source), "<b v=\"é\" xdt:Transform=\"SetAttributes\"/>")).as(names.get(i)).isEqualTo(expected);
        }
    }

    private static byte[] bytes(byte[] mark, String charset, String text) {
        var out = new ByteArrayOutputStream();
        out.writeBytes(mark);
        out.writeBytes(text.getBytes(Charset.forName(charset)));
        return out.toByteArray();
    }

    @Test
    void whatTheEncodingCannotHoldBecomesAReference() {
        byte[] source = "<?xml version=\"1.0\" encoding=\"iso-8859-1\"?><r><b v=\"\u00e9\"/></r>".getBytes(StandardCharsets.ISO_8859_1);
        assertThat(new String(changed(source, "<b v=\"\u20ac\uD83D\uDE00\" xdt:Transform=\"SetAttributes\"/>"), StandardCharsets.ISO_8859_1))
                .endsWith("<r><b v=\"&#x20AC;&#x1F600;\"/></r>");
    }

    @Test
    void malformedBytesAndLyingDeclarationsAreNamed() {
        assertThat(Attempt.in(folder).file("a.xml", new byte[] {'<', 'r', '>', (byte) 0xE9, '<', '/', 'r', '>'}).errors()).containsExactly("a.xml: is not UTF-8: byte 3 is no character of it");
        assertThat(Attempt.in(folder).file("a.xml", "<?xml version=\"1.0\" encoding=\"utf-16\"?><r/>").errors()).containsExactly("a.xml:1:31: says it is utf-16, but it is not");
        assertThat(Attempt.in(folder).file("a.xml", "<?xml version=\"1.0\" encoding=\"latin-x\"?><r/>").errors()).containsExactly("a.xml:1:31: the encoding latin-x is not known");
        assertThat(Attempt.in(folder).file("a.xml", "<r>\n  <a>\n</r>").file("b.xml", transform("")).errors()).singleElement().asString().startsWith("a.xml:3:2: no XML: ");
        assertThat(Attempt.in(folder).file("a.xml", "").file("b.xml", transform("")).errors()).singleElement().asString().contains("no XML");
    }

    @Test
    void deepNestingIsRefused() {
        assertThat(Attempt.in(folder).file("a.xml", "<r>".repeat(2000) + "</r>".repeat(2000)).file("b.xml", transform("")).errors())
                .singleElement().asString().startsWith("a.xml:1:").contains("exceeds the limit \"1,000\"");
        assertThat(changed("<r>" + "<d>".repeat(900) + "</d>".repeat(900) + "<a/></r>", "<a xdt:Transform=\"Remove\"/>")).isEqualTo("<r>" + "<d>".repeat(900) + "</d>".repeat(900) + "</r>");
    }

    @Test
    void aNameThatTheEncodingCannotHoldIsAnError() {
        byte[] source = "<?xml version=\"1.0\" encoding=\"us-ascii\"?><r/>".getBytes(StandardCharsets.US_ASCII);
        assertThat(Attempt.in(folder).file("a.xml", source).file("t.xml", transform("<ä xdt:Transform=\"Insert\"/>")).errors())
                .singleElement().asString().contains("cannot be written in the encoding of a.xml");
    }

    @Test
    void externalEntitiesAreNeverRead() throws Exception {
        Path secret = Files.writeString(folder.resolve("secret.txt"), "top secret");
        String entity = "<!DOCTYPE r [<!ENTITY x SYSTEM \"" + secret.toUri() + "\">]><r>&x;</r>";
        for (String source : List.of(entity, "<!DOCTYPE r [ <!ENTITY % p SYSTEM \"" + secret.toUri() + "\"> %p; ]><r/>", "<!DOCTYPE r [<!ENTITY a \"1\"><!ENTITY b \"&a;&a;\">]><r>&b;</r>")) {
            assertThat(Attempt.in(folder).file("a.xml", "\n" + source).file("b.xml", transform("")).errors())
                    .containsExactly("a.xml:2:1: a document type with declarations of its own is refused, for it could read other files: remove it");
            assertThat(Attempt.in(folder).file("a.xml", "<r/>").file("b.xml", source).errors()).singleElement().asString().startsWith("b.xml:1:1: a document type");
        }
    }

    @Test
    void aDocumentTypeWithoutDeclarationsIsKeptAndNotRead() throws Exception {
        Path dtd = Files.writeString(folder.resolve("r.dtd"), "<!ATTLIST b w CDATA \"from the DTD\">");
        String source = "<!DOCTYPE r\n  SYSTEM \"" + dtd.toUri() + "\">\n<r><b/></r>";
        assertThat(changed(source, "<b v=\"1\" xdt:Transform=\"SetAttributes\"/>")).isEqualTo(source.replace("<b/>", "<b v=\"1\"/>"));
        assertThat(changed(source, "<b xdt:Locator=\"Condition(@w)\" xdt:Transform=\"Remove\" xdt:SupressWarnings=\"true\"/>")).isEqualTo(source);
    }

    @Test
    void namespacesMeanWhatTheyMeantInTheTransform() {
        String source = "<r xmlns=\"urn:d\" xmlns:p=\"urn:p\">\n  <p:a/>\n</r>";
        String transform = "<r xmlns=\"urn:d\" xmlns:q=\"urn:p\" " + XDT + ">%s</r>";
        assertThat(Attempt.in(folder).file("a.xml", source).file("t.xml", transform.formatted("<q:a q:v=\"1\" w=\"2\" xdt:Transform=\"SetAttributes\"/>")).text())
                .isEqualTo(source.replace("<p:a/>", "<p:a p:v=\"1\" w=\"2\"/>"));
        assertThat(Attempt.in(folder).file("a.xml", source).file("t.xml", transform.formatted("<b xdt:Transform=\"Insert\"><q:c/></b>")).text())
                .isEqualTo("<r xmlns=\"urn:d\" xmlns:p=\"urn:p\">\n  <p:a/>\n  <b xmlns:q=\"urn:p\"><q:c/></b>\n</r>");
        assertThat(Attempt.in(folder).file("a.xml", source).file("t.xml", transform.formatted("<b q:v=\"1\" xdt:Transform=\"InsertBefore(q:a)\"/>")).text()).contains("  <b q:v=\"1\" xmlns:q=\"urn:p\"/>\n  <p:a/>");
        assertThat(Attempt.in(folder).file("a.xml", source).file("t.xml", transform.formatted("<q:a xdt:Locator=\"XPath(/_defaultNamespace:r/q:a)\" xdt:Transform=\"Remove\"/>")).text())
                .isEqualTo("<r xmlns=\"urn:d\" xmlns:p=\"urn:p\">\n</r>");
    }

    @Test
    void anElementOfNoNamespaceIsInsertedAsSuch() {
        String source = "<p:r xmlns:p=\"urn:p\" xmlns=\"urn:d\"/>";
        assertThat(Attempt.in(folder).file("a.xml", source).file("t.xml", "<p:r xmlns:p=\"urn:p\" " + XDT + "><b xdt:Transform=\"Insert\"/></p:r>").text())
                .isEqualTo("<p:r xmlns:p=\"urn:p\" xmlns=\"urn:d\"><b xmlns=\"\"/></p:r>");
    }

    @Test
    void anotherNamespaceIsHintedAt() {
        assertThat(Attempt.in(folder).file("a.xml", "<r xmlns=\"urn:d\"><a/></r>").file("t.xml", transform("<a xdt:Transform=\"Remove\"/>")).errors())
                .singleElement().asString().endsWith("nothing matches /r/a: there is no r; there is one in the namespace urn:d, the transform's is in no namespace");
    }

    @Test
    void largeFiles() {
        var source = new StringBuilder("<?xml version=\"1.0\"?>\n<r>\n");
        for (int i = 0; source.length() < 10_000_000; i++) source.append("  <item id=\"").append(i).append("\">\n    <name>the name of ").append(i).append("</name><empty/>\n  </item>\n");
        source.append("  <last/>\n</r>\n");
        String text = source.toString();
        String content = "<item id=\"70000\" v=\"1\" xdt:Locator=\"Match(id)\" xdt:Transform=\"SetAttributes\"/><last xdt:Transform=\"Remove\"/>"
                + "<item xdt:Locator=\"Condition(@id='3')\" xdt:Transform=\"Remove\"/>";
        assertThat(changed(text, content))
                .as("changes here and there")
                .isEqualTo(text.replace("<item id=\"70000\">", "<item id=\"70000\" v=\"1\">").replace("  <last/>\n", "").replaceFirst("  <item id=\"3\">\n.*\n.*\n", ""));
        assertThat(changed(text, "<item xdt:Transform=\"RemoveAll\"/>")).as("tens of thousands at once").isEqualTo("<?xml version=\"1.0\"?>\n<r>\n  <last/>\n</r>\n");
    }
}
