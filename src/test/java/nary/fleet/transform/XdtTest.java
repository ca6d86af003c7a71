package nary.fleet.transform;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each locator and each transform of XDT: what it does, and what is said when nothing matches, strict and lenient. */
class XdtTest {
    private static final String SOURCE =
            """
            <?xml version="1.0" encoding="utf-8"?>
            <!-- the shop -->
            <configuration>
              <appSettings>
                <add key="Mode"   value='plain' /> <!-- kept -->
                <add key="Url" value="http://localhost/?a=1&amp;b=2"/>
                <add key="Url2" value="x"/>
              </appSettings>
              <system.web>
                <compilation debug="true" targetFramework="4.8"/>
              </system.web>
            </configuration>
            """;

    @TempDir
    Path folder;

    private Attempt with(String transform) {
        return with(SOURCE, transform);
    }

    private Attempt with(String source, String transform) {
        String body = "<configuration xmlns:xdt=\"http://schemas.microsoft.com/XML-Document-Transform\">\n" + transform + "\n</configuration>\n";
        return Attempt.in(folder).file("App.config", source).file("App.DEV.config", body);
    }

    private static String changed(String from, String to) {
        assertThat(SOURCE).containsOnlyOnce(from);
        return SOURCE.replace(from, to);
    }

    @Nested
    class Locators {
        @Test
        void noneMeansTheSamePath() {
            assertThat(with("<system.web><compilation debug=\"false\" xdt:Transform=\"SetAttributes\"/></system.web>").text()).isEqualTo(changed("debug=\"true\"", "debug=\"false\""));
        }

        @Test
        void matchComparesAttributes() {
            assertThat(with("<appSettings><add key=\"Url\" value=\"y\" xdt:Locator=\"Match(key)\" xdt:Transform=\"SetAttributes\"/></appSettings>").text())
                    .isEqualTo(changed("\"http://localhost/?a=1&amp;b=2\"", "\"y\""));
            assertThat(with("<appSettings><add key=\"Url2\" value=\"x\" xdt:Locator=\"Match(key, value)\" xdt:Transform=\"Remove\"/></appSettings>").text())
                    .isEqualTo(changed("    <add key=\"Url2\" value=\"x\"/>\n", ""));
        }

        @Test
        void matchOfAMissingAttributeIsAnError() {
            var attempt = with("<appSettings>\n<add key=\"Url\" xdt:Locator=\"Match(kye)\" xdt:Transform=\"Remove\"/></appSettings>");
            assertThat(attempt.errors()).containsExactly("App.DEV.config:3:1: Match(kye): this element has no attribute 'kye'; did you mean key?");
            assertThat(attempt.lenient().errors()).hasSize(1);
        }

        @Test
        void conditionIsAPredicate() {
            assertThat(with("<appSettings><add xdt:Locator=\"Condition(starts-with(@key, 'Url') and @value='x')\" xdt:Transform=\"Remove\"/></appSettings>").text())
                    .isEqualTo(changed("    <add key=\"Url2\" value=\"x\"/>\n", ""));
            assertThat(with("<appSettings><add value=\"n\" xdt:Locator=\"Condition(last())\" xdt:Transform=\"SetAttributes\"/></appSettings>").text())
                    .isEqualTo(changed("value=\"x\"", "value=\"n\""));
        }

        @Test
        void xpathIsAbsoluteOrRelative() {
            String removed = changed("    <add key=\"Url2\" value=\"x\"/>\n", "");
            assertThat(with("<any xdt:Locator=\"XPath(/configuration/appSettings/add[@key='Url2'])\" xdt:Transform=\"Remove\"/>").text()).isEqualTo(removed);
            assertThat(with("<appSettings xdt:Locator=\"XPath(add[3])\" xdt:Transform=\"Remove\"/>").text()).isEqualTo(removed);
        }

        @Test
        void locatorsOfAncestorsAccumulate() {
            String source = "<configuration><location path=\"a\"><b v=\"1\"/></location><location path=\"c\"><b v=\"1\"/></location></configuration>";
            assertThat(with(source, "<location path=\"c\" xdt:Locator=\"Match(path)\"><b v=\"2\" xdt:Transform=\"SetAttributes\"/></location>").text())
                    .isEqualTo(source.replace("<location path=\"c\"><b v=\"1\"/>", "<location path=\"c\"><b v=\"2\"/>"));
            assertThat(with(source, "<location xdt:Locator=\"Condition(@path='c')\"><b v=\"1\" xdt:Locator=\"Match(v)\" xdt:Transform=\"Remove\"/></location>").text())
                    .isEqualTo(source.replace("<location path=\"c\"><b v=\"1\"/>", "<location path=\"c\">"));
        }

        @Test
        void wrongOnesAreNamed() {
            assertThat(with("<a xdt:Locator=\"Mach(key)\" xdt:Transform=\"Remove\"/>").errors()).containsExactly("App.DEV.config:2:1: there is no locator 'Mach'; did you mean Match? (Match, Condition, XPath)");
            assertThat(with("<a xdt:Locator=\"Condition(@x=)\" xdt:Transform=\"Remove\"/>").errors()).singleElement().asString().startsWith("App.DEV.config:2:1: 'a[@x=]' is no XPath: ");
            assertThat(with("<a xdt:Locator=\"Match(x\" xdt:Transform=\"Remove\"/>").errors()).containsExactly("App.DEV.config:2:1: 'Match(x' has no closing parenthesis at its end");
            assertThat(with("<a xdt:Locater=\"Match(x)\" xdt:Transform=\"Remove\"/>").errors()).containsExactly("App.DEV.config:2:1: there is no attribute xdt:Locater; did you mean Locator?");
            assertThat(with("<appSettings xdt:Locator=\"XPath(add/@key)\" xdt:Transform=\"Remove\"/>").errors()).singleElement().asString().contains("which is no element");
        }
    }

    /** A warning of the format: an error here, unless lenient. */
    private void missesWith(String transform, String text) {
        assertThat(with(transform).errors()).containsExactly("App.DEV.config:2:1: " + text);
        assertThat(with(transform).lenient().findings()).containsExactly("App.DEV.config:2:1: warning: " + text);
        assertThat(with(transform).lenient().text()).isEqualTo(SOURCE);
    }

    /** An error of the format. */
    private void failsWith(String transform, String text) {
        assertThat(with(transform).errors()).containsExactly("App.DEV.config:2:1: " + text);
        assertThat(with(transform).lenient().errors()).containsExactly("App.DEV.config:2:1: " + text);
    }

    private void onlyFirst(String verb) {
        var attempt = with("<appSettings><add key=\"n\" xdt:Transform=\"" + verb + "\"/></appSettings>");
        assertThat(attempt.findings()).containsExactly("App.DEV.config:2:14: warning: /configuration/appSettings/add matches 3 elements; only the first is changed, line 5");
        assertThat(attempt.text()).contains("\"Url\"", "\"Url2\"");
    }

    @Nested
    class Transforms {
        @Test
        void replace() {
            assertThat(with("    <system.web xdt:Transform=\"Replace\">\n      <b>\n        <c/>\n      </b>\n    </system.web>").text())
                    .isEqualTo(changed("  <system.web>\n    <compilation debug=\"true\" targetFramework=\"4.8\"/>\n  </system.web>", "  <system.web>\n    <b>\n      <c/>\n    </b>\n  </system.web>"));
            missesWith("<nothing xdt:Transform=\"Replace\"/>", "nothing matches /configuration/nothing: there is no nothing in /configuration");
            onlyFirst("Replace");
        }

        @Test
        void remove() {
            assertThat(with("<system.web xdt:Transform=\"Remove\"/>").text()).isEqualTo(changed("  <system.web>\n    <compilation debug=\"true\" targetFramework=\"4.8\"/>\n  </system.web>\n", ""));
            missesWith("<a xdt:Transform=\"Remove\"/>", "nothing matches /configuration/a: there is no a in /configuration");
            onlyFirst("Remove");
        }

        @Test
        void removeAll() {
            assertThat(with("<appSettings><add xdt:Transform=\"RemoveAll\"/></appSettings>").text())
                    .isEqualTo(SOURCE.replace("    <add key=\"Url\" value=\"http://localhost/?a=1&amp;b=2\"/>\n    <add key=\"Url2\" value=\"x\"/>\n", "").replace("<add key=\"Mode\"   value='plain' />", ""));
            assertThat(with(TWICE, "<p xdt:Transform=\"RemoveAll\"/>").text()).isEqualTo("<configuration></configuration>");
            assertThat(with("<configuration><e><e/>\n<b/></e>\n</configuration>", "<e xdt:Locator=\"Condition(true())\"><e xdt:Locator=\"XPath(//e)\" xdt:Transform=\"RemoveAll\"/></e>").text()).as("one within another").isEqualTo("<configuration>\n</configuration>");
            missesWith("<a xdt:Transform=\"RemoveAll\"/>", "nothing matches /configuration/a: there is no a in /configuration");
        }

        @Test
        void insert() {
            assertThat(with("<appSettings>\n<add key=\"New\" value=\"1\" xdt:Transform=\"Insert\" />\n</appSettings>").text())
                    .isEqualTo(changed("value=\"x\"/>\n", "value=\"x\"/>\n    <add key=\"New\" value=\"1\" />\n"));
            assertThat(with("<system.web><compilation><deep xdt:Transform=\"Insert\"><er/></deep></compilation></system.web>").text())
                    .isEqualTo(changed("4.8\"/>", "4.8\">\n      <deep><er/></deep>\n    </compilation>"));
            assertThat(with(TWICE, "<p><n xdt:Transform=\"Insert\"/></p>").text()).as("the first parent").isEqualTo(TWICE.replaceFirst("</p>", "<n/></p>"));
            failsWith("<a><b xdt:Transform=\"Insert\"/></a>", "nothing matches /configuration/a: there is no a in /configuration", 4);
        }

        private static final String TWICE = "<configuration><p><e a=\"1\"/><e a=\"2\"/></p><p><e a=\"3\"/></p></configuration>";

        private void failsWith(String transform, String text, int column) {
            assertThat(with(transform).errors()).containsExactly("App.DEV.config:2:" + column + ": " + text);
            assertThat(with(transform).lenient().errors()).containsExactly("App.DEV.config:2:" + column + ": " + text);
        }

        @Test
        void insertIfMissing() {
            assertThat(with("<appSettings><add key=\"Url\" value=\"1\" xdt:Locator=\"Match(key)\" xdt:Transform=\"InsertIfMissing\" /></appSettings>").text()).isEqualTo(SOURCE);
            assertThat(with("<appSettings><add key=\"N\" xdt:Locator=\"Match(key)\" xdt:Transform=\"InsertIfMissing\"/></appSettings>").text())
                    .isEqualTo(changed("value=\"x\"/>\n", "value=\"x\"/>\n    <add key=\"N\"/>\n"));
            assertThat(with(TWICE, "<p><n xdt:Transform=\"InsertIfMissing\"/></p>").text()).as("the first parent").isEqualTo(TWICE.replaceFirst("</p>", "<n/></p>"));
            assertThat(with(TWICE, "<p><e a=\"3\" xdt:Locator=\"Match(a)\" xdt:Transform=\"InsertIfMissing\"/></p>").text()).as("it is in the second").isEqualTo(TWICE);
            failsWith("<a><b xdt:Transform=\"InsertIfMissing\"/></a>", "nothing matches /configuration/a: there is no a in /configuration", 4);
        }

        @Test
        void insertBeforeAndAfter() {
            String before = "<add key=\"0\" xdt:Transform=\"InsertBefore(/configuration/appSettings/add[@key='Url'])\"/>";
            assertThat(with("<appSettings>" + before + "</appSettings>").text()).isEqualTo(changed("    <add key=\"Url\" ", "    <add key=\"0\"/>\n    <add key=\"Url\" "));
            assertThat(with("<appSettings><add key=\"0\" xdt:Transform=\"InsertAfter(add[starts-with(@key, 'Url')])\"/></appSettings>").text())
                    .isEqualTo(changed("    <add key=\"Url2\"", "    <add key=\"0\"/>\n    <add key=\"Url2\""));
            assertThat(with(TWICE, "<p><n xdt:Transform=\"InsertBefore(/configuration/p/e)\"/></p>").text()).as("the first hit").isEqualTo(TWICE.replaceFirst("<e", "<n/><e"));
            assertThat(with(TWICE, "<p><n xdt:Transform=\"InsertAfter(e)\"/></p>").text()).as("the first hit").isEqualTo(TWICE.replaceFirst("\"1\"/>", "\"1\"/><n/>"));
            for (String verb : List.of("InsertBefore", "InsertAfter")) {
                XdtTest.this.failsWith("<a xdt:Transform=\"" + verb + "(b)\"/>", "nothing matches b in /configuration");
                XdtTest.this.failsWith("<a xdt:Transform=\"" + verb + "\"/>", verb + " needs a path, e.g. " + verb + "(/configuration/appSettings)");
                failsWith("<a><b xdt:Transform=\"" + verb + "(c)\"/></a>", "nothing matches /configuration/a: there is no a in /configuration", 4);
            }
        }

        @Test
        void setAttributes() {
            assertThat(with("<appSettings><add value=\"&lt;&amp;'&quot;\" n='2' xdt:Transform=\"SetAttributes\"/></appSettings>").text())
                    .isEqualTo(SOURCE.replace("value='plain' />", "value='&lt;&amp;&apos;\"' n='2' />")
                            .replace("value=\"http://localhost/?a=1&amp;b=2\"/>", "value=\"&lt;&amp;'&quot;\" n=\"2\"/>")
                            .replace("value=\"x\"/>", "value=\"&lt;&amp;'&quot;\" n=\"2\"/>"));
            assertThat(with("<system.web><compilation debug=\"no\" targetFramework=\"no\" xdt:Transform=\"SetAttributes(debug)\"/></system.web>").text())
                    .isEqualTo(changed("debug=\"true\"", "debug=\"no\""));
            missesWith("<a b=\"c\" xdt:Transform=\"SetAttributes\"/>", "nothing matches /configuration/a: there is no a in /configuration");
            missesWith("<appSettings xdt:Transform=\"SetAttributes(d)\"/>", "this element has no attribute 'd'", "this element has no attribute to set");
        }

        private void missesWith(String transform, String... texts) {
            assertThat(with(transform).errors()).containsExactly(List.of(texts).stream().map(text -> "App.DEV.config:2:1: " + text).toArray(String[]::new));
            assertThat(with(transform).lenient().findings()).containsExactly(List.of(texts).stream().map(text -> "App.DEV.config:2:1: warning: " + text).toArray(String[]::new));
            assertThat(with(transform).lenient().text()).isEqualTo(SOURCE);
        }

        @Test
        void removeAttributes() {
            assertThat(with("<system.web><compilation xdt:Transform=\"RemoveAttributes(debug)\"/></system.web>").text()).isEqualTo(changed(" debug=\"true\"", ""));
            assertThat(with("<system.web><compilation xdt:Transform=\"RemoveAttributes\"/></system.web>").text()).isEqualTo(changed(" debug=\"true\" targetFramework=\"4.8\"", ""));
            assertThat(with("<system.web><compilation xdt:Transform=\"RemoveAttributes(debug, targetFramework)\"/></system.web>").text())
                    .isEqualTo(changed(" debug=\"true\" targetFramework=\"4.8\"", ""));
            assertThat(with(TWICE, "<p><e xdt:Transform=\"RemoveAttributes(a)\"/></p>").text()).as("of all").isEqualTo(TWICE.replaceAll(" a=\"[1-3]\"", ""));
            missesWith("<a xdt:Transform=\"RemoveAttributes(x)\"/>", "nothing matches /configuration/a: there is no a in /configuration");
            missesWith("<system.web xdt:Transform=\"RemoveAttributes(x)\"/>", "/configuration/system.web has no attribute x to remove");
        }

        @Test
        void commentOut() {
            assertThat(with("<system.web xdt:Transform=\"CommentOut\"/>").text())
                    .isEqualTo(changed("<system.web>\n    <compilation debug=\"true\" targetFramework=\"4.8\"/>\n  </system.web>", "<!--<system.web>\n    <compilation debug=\"true\" targetFramework=\"4.8\"/>\n  </system.web>-->"));
            assertThat(with("<appSettings xdt:Transform=\"CommentOut\"/>").text()).as("a comment within").contains("<!--<appSettings>", "<!- - kept - ->", "</appSettings>-->");
            missesWith("<a xdt:Transform=\"CommentOut\"/>", "nothing matches /configuration/a: there is no a in /configuration");
            onlyFirst("CommentOut");
        }

        @Test
        void setTokenizedAttributes() {
            assertThat(with("<appSettings><add key=\"Url\" value=\"$(key)=$(value)!$(own)\" own=\"o\" xdt:Locator=\"Match(key)\" xdt:Transform=\"SetTokenizedAttributes(value)\"/></appSettings>").text())
                    .isEqualTo(changed("\"http://localhost/?a=1&amp;b=2\"", "\"Url=http://localhost/?a=1&amp;b=2!o\""));
            assertThat(with(TWICE, "<p><e a=\"<$(a)>\" xdt:Transform=\"SetTokenizedAttributes\"/></p>".replace("<$", "&lt;$")).text()).as("of all").isEqualTo(TWICE.replaceAll("a=\"([1-3])\"", "a=\"&lt;$1>\""));
            String unknown = "<system.web xdt:Transform=\"SetTokenizedAttributes\" v=\"$(w)\"/>";
            assertThat(with(unknown).errors()).containsExactly("App.DEV.config:2:1: $(w): neither /configuration/system.web nor this element has an attribute 'w'");
            assertThat(with(unknown).lenient().text()).isEqualTo(changed("<system.web>", "<system.web v=\"$(w)\">"));
            missesWith("<a b=\"c\" xdt:Transform=\"SetTokenizedAttributes\"/>", "nothing matches /configuration/a: there is no a in /configuration");
        }

        @Test
        void unknownOnesAreNamed() {
            XdtTest.this.failsWith("<a xdt:Transform=\"Remov\"/>",
                    "there is no transform 'Remov'; did you mean Remove? (Replace, Remove, RemoveAll, Insert, InsertIfMissing, InsertBefore, InsertAfter, SetAttributes, RemoveAttributes, CommentOut, SetTokenizedAttributes)");
            XdtTest.this.failsWith("<a xdt:Transform=\"Remove(x)\"/>", "Remove takes no arguments");
            XdtTest.this.failsWith("<xdt:Import path=\"x\"/>", "the element xdt:Import is not known; of XDT there are attributes only");
        }
    }

    @Nested
    @DisplayName("order, errors, warnings")
    class Rules {
        @Test
        void theElementFirstThenItsChildrenInTheOrderOfTheFile() {
            assertThat(with("<new xdt:Transform=\"Insert\"><b/></new><new><b v=\"1\" xdt:Transform=\"SetAttributes\"/><c xdt:Transform=\"Insert\"/></new>").text())
                    .isEqualTo(changed("</configuration>", "  <new><b v=\"1\"/><c/></new>\n</configuration>"));
        }

        @Test
        void errorsAreCollectedAndTheRestGoesOn() {
            assertThat(with("<a xdt:Transform=\"Remove\"/>\n<b xdt:Transform=\"Foo\"/>\n<system.web xdt:Transform=\"Remove\"/>\n  <c xdt:Transform=\"Remove\"/>").errors())
                    .hasSize(3)
                    .satisfiesExactly(it -> assertThat(it).startsWith("App.DEV.config:2:1: "), it -> assertThat(it).startsWith("App.DEV.config:3:1: "), it -> assertThat(it).startsWith("App.DEV.config:5:3: "));
        }

        @Test
        void whatWasRemovedBeforeIsSaid() {
            assertThat(with("<system.web xdt:Transform=\"Remove\"/>\n<system.web v=\"1\" xdt:Transform=\"SetAttributes\"/>").errors())
                    .containsExactly("App.DEV.config:3:1: nothing matches /configuration/system.web: there is no system.web in /configuration; it was removed by App.DEV.config:2:1");
        }

        @Test
        void messagesHoldNoSecrets() {
            assertThat(with("<a password=\"hunter2\" xdt:Locator=\"Match(password)\" xdt:Transform=\"Remove\"/>").errors().toString()).contains("@password='********'").doesNotContain("hunter");
            assertThat(with("<a s=\"Server=x;Password=hunter2\" xdt:Locator=\"Match(s)\" xdt:Transform=\"Remove\"/>").errors().toString()).doesNotContain("hunter");
        }

        @Test
        void conflictsAreErrors() {
            String both = "<system.web v=\"1\" xdt:Transform=\"SetAttributes\"/>\n<system.web v=\"2\" xdt:Transform=\"SetAttributes\"/>";
            assertThat(with(both).errors()).containsExactly("App.DEV.config:3:1: conflict: App.DEV.config:2:1 sets the same attribute 'v' of the same element to another value");
            assertThat(with(both).lenient().text()).isEqualTo(changed("<system.web>", "<system.web v=\"2\">"));
            assertThat(with(both.replace("\"2\"", "\"1\"")).text()).isEqualTo(changed("<system.web>", "<system.web v=\"1\">"));
            String undone = "<system.web v=\"1\" xdt:Transform=\"SetAttributes\"/>\n<system.web xdt:Transform=\"RemoveAttributes(v)\"/>";
            assertThat(with(undone).errors()).containsExactly("App.DEV.config:3:1: conflict: App.DEV.config:2:1 sets the same attribute 'v' of the same element, which this removes");
            assertThat(with(undone).lenient().text()).isEqualTo(SOURCE);
            String setAgain = "<system.web><compilation xdt:Transform=\"RemoveAttributes(debug)\"/>\n<compilation debug=\"no\" xdt:Transform=\"SetAttributes\"/></system.web>";
            assertThat(with(setAgain).errors()).containsExactly("App.DEV.config:3:1: conflict: App.DEV.config:2:13 removes the same attribute 'debug' of the same element, which this sets");
            String replaced = "<system.web xdt:Transform=\"Replace\"/>\n<system.web v=\"1\" xdt:Transform=\"Replace\"/>";
            assertThat(with(replaced).errors()).containsExactly("App.DEV.config:3:1: conflict: App.DEV.config:2:1 has replaced the same element");
        }

        @Test
        void suppressedWarningsAreNoErrorsEither() {
            assertThat(with("<a xdt:Transform=\"Remove\" xdt:SupressWarnings=\"true\"/>").text()).isEqualTo(SOURCE);
            assertThat(with("<a xdt:Transform=\"Remove\" xdt:SupressWarnings=\"false\"/>").errors()).hasSize(1);
            assertThat(with("<a xdt:Transform=\"Remove\" xdt:SupressWarnings=\"yes\"/>").errors()).containsExactly("App.DEV.config:2:1: SupressWarnings is true or false, not 'yes'");
        }

        @Test
        void theRootStays() {
            for (String verb : List.of("Remove", "RemoveAll", "CommentOut")) {
                String transform = "<configuration xmlns:xdt=\"http://schemas.microsoft.com/XML-Document-Transform\" xdt:Transform=\"" + verb + "\"/>";
                assertThat(Attempt.in(folder).file("App.config", SOURCE).file("T.config", transform).errors()).singleElement().asString().contains("T.config:1:1: the root element cannot be");
            }
            String replaced = "<configuration xmlns:xdt=\"http://schemas.microsoft.com/XML-Document-Transform\" xdt:Transform=\"Replace\"><a/></configuration>";
            assertThat(Attempt.in(folder).file("App.config", SOURCE).file("T.config", replaced).text())
                    .isEqualTo("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<!-- the shop -->\n<configuration><a/></configuration>\n");
            String inserted = replaced.replace("Replace", "Insert");
            assertThat(Attempt.in(folder).file("App.config", SOURCE).file("T.config", inserted).errors()).containsExactly("T.config:1:1: the root element cannot be inserted: a document has exactly one");
        }

        @Test
        void aFileWithoutTransformAttributesIsUsedAsItIs() {
            String whole = "<other>\r\n</other>";
            assertThat(Attempt.in(folder).file("App.config", SOURCE).file("App.DEV.config", whole).text()).isEqualTo(whole);
        }

        @Test
        void chains() {
            String head = "<configuration xmlns:xdt=\"http://schemas.microsoft.com/XML-Document-Transform\">";
            assertThat(Attempt.in(folder).file("App.config", SOURCE)
                            .file("App.A.config", head + "<n v=\"1\" xdt:Transform=\"Insert\"/></configuration>")
                            .file("App.B.config", head + "<n v=\"2\" xdt:Transform=\"SetAttributes\"/></configuration>")
                            .text())
                    .isEqualTo(changed("</configuration>", "  <n v=\"2\"/>\n</configuration>"));
        }
    }
}
