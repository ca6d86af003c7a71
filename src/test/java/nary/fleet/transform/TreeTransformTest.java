package nary.fleet.transform;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.json.Json;
import jakarta.json.JsonValue;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Merge patch and JSON Patch on JSON and YAML: the standards' own examples, and the bytes of what does not change. */
class TreeTransformTest {
    @TempDir
    Path folder;

    private Attempt json(String source, String patch) {
        return Attempt.in(folder).file("app.json", source).file("app.DEV.json", patch);
    }

    private Attempt yaml(String source, String patch) {
        return Attempt.in(folder).file("app.yml", source).file("app.DEV.yml", patch);
    }

    private static JsonValue value(String json) {
        try (var reader = Json.createReader(new StringReader(json))) {
            return reader.readValue();
        }
    }

    private static JsonValue yamlValue(String yaml) {
        try {
            return YamlText.read(SourceFile.of(yaml.getBytes(StandardCharsets.UTF_8), "y", Format.YAML)).value();
        } catch (TransformException e) {
            throw new AssertionError(e.finding().toString());
        }
    }

    @Nested
    class MergePatch {
        /** RFC 7396, appendix A; those whose null removes nothing are lenient. */
        private static final List<List<String>> EXAMPLES = List.of(
                List.of("{\"a\":\"b\"}", "{\"a\":\"c\"}", "{\"a\":\"c\"}"),
                List.of("{\"a\":\"b\"}", "{\"b\":\"c\"}", "{\"a\":\"b\",\"b\":\"c\"}"),
                List.of("{\"a\":\"b\"}", "{\"a\":null}", "{}"),
                List.of("{\"a\":\"b\",\"b\":\"c\"}", "{\"a\":null}", "{\"b\":\"c\"}"),
                List.of("{\"a\":[\"b\"]}", "{\"a\":\"c\"}", "{\"a\":\"c\"}"),
                List.of("{\"a\":\"c\"}", "{\"a\":[\"b\"]}", "{\"a\":[\"b\"]}"),
                List.of("{\"a\":{\"b\":\"c\"}}", "{\"a\":{\"b\":\"d\",\"c\":null}}", "{\"a\":{\"b\":\"d\"}}"),
                List.of("{\"a\":[{\"b\":\"c\"}]}", "{\"a\":[1]}", "{\"a\":[1]}"),
                List.of("[\"a\",\"b\"]", "[\"c\",\"d\"]", "[\"c\",\"d\"]"),
                List.of("{\"a\":\"b\"}", "[\"c\"]", "[\"c\"]"),
                List.of("{\"a\":\"foo\"}", "null", "null"),
                List.of("{\"a\":\"foo\"}", "\"bar\"", "\"bar\""),
                List.of("{\"e\":null}", "{\"a\":1}", "{\"e\":null,\"a\":1}"),
                List.of("[1,2]", "{\"a\":\"b\",\"c\":null}", "{\"a\":\"b\"}"),
                List.of("{}", "{\"a\":{\"bb\":{\"ccc\":null}}}", "{\"a\":{\"bb\":{}}}"));

        @Test
        void examplesOfTheStandard() {
            for (List<String> each : EXAMPLES) {
                assertThat(value(json(each.get(0), each.get(1)).lenient().text())).as("%s", each).isEqualTo(value(each.get(2)));
                if (!each.get(2).equals("null")) assertThat(yamlValue(yaml(each.get(0), each.get(1)).lenient().text())).as("%s", each).isEqualTo(value(each.get(2)));
            }
        }

        @Test
        void aNullThatRemovesNothingIsAnError() {
            assertThat(json("{\"a\": {}}", "{\n  \"a\": {\"b\": null}}").errors()).containsExactly("app.DEV.json:2:9: nothing to remove: the source has no /a/b");
            assertThat(json("{\"a\": {}}", "{\n  \"a\": {\"b\": null}}").lenient().findings()).containsExactly("app.DEV.json:2:9: warning: nothing to remove: the source has no /a/b");
            assertThat(yaml("a: {}\n", "a:\n  b:\n").errors()).containsExactly("app.DEV.yml:2:3: nothing to remove: the source has no /a/b");
        }
    }

    @Nested
    class JsonPatch {
        private void makes(String source, String patch, String expected) {
            assertThat(value(json(source, patch).text())).as(patch).isEqualTo(value(expected));
            assertThat(yamlValue(yaml(source, patch).text())).as(patch).isEqualTo(value(expected));
        }

        /** RFC 6902, appendix A. */
        @Test
        void examplesOfTheStandard() {
            makes("{\"foo\": \"bar\"}", "[{\"op\": \"add\", \"path\": \"/baz\", \"value\": \"qux\"}]", "{\"baz\": \"qux\", \"foo\": \"bar\"}");
            makes("{\"foo\": [\"bar\", \"baz\"]}", "[{\"op\": \"add\", \"path\": \"/foo/1\", \"value\": \"qux\"}]", "{\"foo\": [\"bar\", \"qux\", \"baz\"]}");
            makes("{\"baz\": \"qux\", \"foo\": \"bar\"}", "[{\"op\": \"remove\", \"path\": \"/baz\"}]", "{\"foo\": \"bar\"}");
            makes("{\"foo\": [\"bar\", \"qux\", \"baz\"]}", "[{\"op\": \"remove\", \"path\": \"/foo/1\"}]", "{\"foo\": [\"bar\", \"baz\"]}");
            makes("{\"baz\": \"qux\", \"foo\": \"bar\"}", "[{\"op\": \"replace\", \"path\": \"/baz\", \"value\": \"boo\"}]", "{\"baz\": \"boo\", \"foo\": \"bar\"}");
            makes("{\"foo\": {\"bar\": \"baz\", \"waldo\": \"fred\"}, \"qux\": {\"corge\": \"grault\"}}", "[{\"op\": \"move\", \"from\": \"/foo/waldo\", \"path\": \"/qux/thud\"}]",
                    "{\"foo\": {\"bar\": \"baz\"}, \"qux\": {\"corge\": \"grault\", \"thud\": \"fred\"}}");
            makes("{\"foo\": [\"all\", \"grass\", \"cows\", \"eat\"]}", "[{\"op\": \"move\", \"from\": \"/foo/1\", \"path\": \"/foo/3\"}]", "{\"foo\": [\"all\", \"cows\", \"eat\", \"grass\"]}");
            makes("{\"baz\": \"qux\", \"foo\": [\"a\", 2, \"c\"]}", "[{\"op\": \"test\", \"path\": \"/baz\", \"value\": \"qux\"}, {\"op\": \"test\", \"path\": \"/foo/1\", \"value\": 2}]",
                    "{\"baz\": \"qux\", \"foo\": [\"a\", 2, \"c\"]}");
            makes("{\"foo\": \"bar\"}", "[{\"op\": \"add\", \"path\": \"/child\", \"value\": {\"grandchild\": {}}}]", "{\"foo\": \"bar\", \"child\": {\"grandchild\": {}}}");
            makes("{\"/\": 9, \"~1\": 10}", "[{\"op\": \"test\", \"path\": \"/~01\", \"value\": 10}]", "{\"/\": 9, \"~1\": 10}");
            makes("{\"foo\": [\"bar\"]}", "[{\"op\": \"add\", \"path\": \"/foo/-\", \"value\": [\"abc\", \"def\"]}]", "{\"foo\": [\"bar\", [\"abc\", \"def\"]]}");
            makes("{\"foo\": null}", "[{\"op\": \"copy\", \"from\": \"/foo\", \"path\": \"/bar\"}]", "{\"foo\": null, \"bar\": null}");
        }

        @Test
        void eachFailureNamesItsOperation() {
            String patch = """
                    [
                      {"op": "replace", "path": "/a", "value": 2},
                      {"op": "replace", "path": "/nothing", "value": 2},
                      {"op": "test", "path": "/a", "value": 7},
                      {"op": "remove", "path": "/gone"},
                      {"op": "jump", "path": "/a"},
                      {"op": "add", "path": "/b"}
                    ]
                    """;
            assertThat(json("{\"a\": 1}", patch).errors())
                    .satisfiesExactly(
                            it -> assertThat(it).startsWith("app.DEV.json:3:3: \"replace\" \"/nothing\" cannot be done: "),
                            it -> assertThat(it).startsWith("app.DEV.json:4:3: \"test\" \"/a\" cannot be done: "),
                            it -> assertThat(it).startsWith("app.DEV.json:5:3: \"remove\" \"/gone\" cannot be done: "),
                            it -> assertThat(it).startsWith("app.DEV.json:6:3: \"jump\" \"/a\" cannot be done: "),
                            it -> assertThat(it).startsWith("app.DEV.json:7:3: \"add\" \"/b\" cannot be done: "));
            assertThat(json("{\"a\": 1}", "[{\"op\": \"remove\", \"path\": \"/gone\"}]").lenient().text()).isEqualTo("{\"a\": 1}");
        }

        @Test
        void jsonMayPatchYaml() {
            assertThat(Attempt.in(folder).file("app.yml", "a: 1 # one\n").file("p.json", "[{\"op\": \"add\", \"path\": \"/b\", \"value\": \"x: y\"}]").text()).isEqualTo("a: 1 # one\nb: \"x: y\"\n");
        }
    }

    @Nested
    class JsonBytes {
        private static final String SOURCE =
                """
                {
                  // what it listens on
                  "port" :  8080, /* the port */
                  "hosts": [ "a", "b" ],

                  "log":{"level":"info","files":["x"]},
                  "big": 1e2, "esc": "\\u0041\\/", // two in one line
                  "last": {
                    "a": true
                  },
                }
                """;

        private void makes(String patch, String from, String to) {
            assertThat(SOURCE).contains(from);
            assertThat(json(SOURCE, patch).text()).isEqualTo(SOURCE.replace(from, to));
        }

        @Test
        void onlyWhatChangesChanges() {
            makes("{}", "x", "x");
            makes("{\"port\": 8080, \"esc\": \"A/\", \"big\": 1e2}", "x", "x");
            makes("{\"port\": 81}", "8080", "81");
            makes("{\"port\": null}", "  \"port\" :  8080, /* the port */\n", "");
            makes("{\"hosts\": [\"a\", \"c\", \"b\"]}", "\"b\" ]", "\"c\", \"b\" ]");
            makes("{\"hosts\": [\"b\"]}", "[ \"a\", \"b\" ]", "[ \"b\" ]");
            makes("{\"hosts\": [\"a\"]}", ", \"b\" ]", " ]");
            makes("{\"log\": {\"level\": null}}", "\"level\":\"info\",", "");
            makes("{\"log\": {\"more\": {\"a\": [1, 2]}}}", "[\"x\"]}", "[\"x\"],\"more\":{\"a\": [1, 2]}}");
            makes("{\"big\": null}", "\"big\": 1e2, ", "");
            makes("{\"esc\": null}", "\"esc\": \"\\u0041\\/\", ", "");
            makes("{\"last\": {\"b\": {\"c\": 1}}}", "    \"a\": true\n", "    \"a\": true,\n    \"b\": {\n      \"c\": 1\n    }\n");
            makes("{\"new\": \"x\"}", "  },\n}", "  },\n  \"new\": \"x\"\n}");
            makes("{\"last\": null}", "  \"last\": {\n    \"a\": true\n  },\n", "");
        }

        @Test
        void lineEndsAndMarksStay() {
            byte[] source = "\uFEFF{\r\n\t\"a\": 1\r\n}\r\n".getBytes(StandardCharsets.UTF_8);
            assertThat(new String(Attempt.in(folder).file("a.json", source).file("b.json", "{\"b\":{\"c\":2}}").bytes(), StandardCharsets.UTF_8))
                    .isEqualTo("\uFEFF{\r\n\t\"a\": 1,\r\n\t\"b\": {\r\n\t\t\"c\": 2\r\n\t}\r\n}\r\n");
        }

        @Test
        void malformedFilesAreNamed() {
            assertThat(json("{\"a\": 1,\n \"a\": 2}", "{}").errors()).singleElement().asString().startsWith("app.json:2:").endsWith("no JSON: the key 'a' stands twice");
            assertThat(json("{\"a\": 1}\n x", "{}").errors()).singleElement().asString().startsWith("app.json:2:").contains("no JSON: ");
            assertThat(json("{\"a\": }", "{}").errors()).containsExactly("app.json:1:7: no JSON: unexpected '}'");
            assertThat(json("{\"a\": \"", "{}").errors()).singleElement().asString().startsWith("app.json:1:").endsWith("no JSON: the file ends too early");
            assertThat(json("", "{}").errors()).singleElement().asString().contains("no JSON: ");
            assertThat(json("[".repeat(100_000), "{}").errors()).singleElement().asString().contains("no JSON: ");
        }
    }

    @Nested
    class YamlBytes {
        private static final String SOURCE =
                """
                # the shop
                port:   8080   # the port
                hosts:
                  - a  # first
                  # between
                  - b
                log: {level: info, 'files': [x, "y"]}   # flow
                text: |
                  line 1
                    line 2

                empty:
                quoted: 'it''s'
                list:
                - name: n1
                  size: 1 # one
                - name: n2
                  size: 2
                nested:
                  deep:
                    # a comment
                    key: value
                """;

        private void makes(String patch, String from, String to) {
            assertThat(SOURCE).contains(from);
            assertThat(yaml(SOURCE, patch).text()).isEqualTo(SOURCE.replace(from, to));
        }

        @Test
        void onlyWhatChangesChanges() {
            makes("{}", "x", "x");
            makes("port: 81", "8080", "81");
            makes("port: null", "port:   8080   # the port\n", "");
            makes("hosts: [a, b, c]", "  - b\n", "  - b\n  - c\n");
            makes("hosts: [a, x, b]", "  - b\n", "  - x\n  - b\n");
            makes("hosts: [b]", "  - a  # first\n", "");
            makes("hosts: [a]", "  - b\n", "");
            makes("log: {level: null}", "level: info, ", "");
            makes("log: {level: 'yes', more: 1}", "info, 'files': [x, \"y\"]}", "\"yes\", 'files': [x, \"y\"], more: 1}");
            makes("text: short", "|\n  line 1\n    line 2\n\n", "short\n\n");
            makes("text: null", "text: |\n  line 1\n    line 2\n\n", "\n");
            makes("empty: full", "empty:\n", "empty: full\n");
            makes("empty: {a: [1, {b: c, d: e}]}", "empty:\n", "empty:\n  a:\n    - 1\n    - b: c\n      d: e\n");
            makes("quoted: that's", "'it''s'", "'that''s'");
            makes("nested: {deep: {key: null, other: 1}}", "    key: value\n", "    other: 1\n");
            makes("nested: {deep: {other: 'true'}}", "    key: value\n", "    key: value\n    other: \"true\"\n");
            makes("nested: {deep: null, a: 1}", "  deep:\n    # a comment\n    key: value\n", "  a: 1\n");
            makes("nested: 5", ":\n  deep:\n    # a comment\n    key: value\n", ": 5\n");
            makes("port: {a: 1}", "port:   8080   # the port", "port:\n  a: 1   # the port");
            makes("new: {}\nother: [1]", "key: value\n", "key: value\nnew: {}\nother:\n  - 1\n");
        }

        @Test
        void entriesOfAListChangeInPlace() {
            makes("[{op: replace, path: /list/0/size, value: 3}]", "size: 1 #", "size: 3 #");
            makes("[{op: remove, path: /list/0/name}]", "- name: n1\n  size: 1", "- size: 1");
            makes("[{op: remove, path: /list/0/size}]", "  size: 1 # one\n", "");
            makes("[{op: add, path: /list/1, value: {name: n3, size: [1]}}]", "- name: n2", "- name: n3\n  size:\n    - 1\n- name: n2");
            makes("[{op: remove, path: /list/1}]", "- name: n2\n  size: 2\n", "");
            makes("[{op: add, path: /list/-, value: m}]", "  size: 2\n", "  size: 2\n- m\n");
        }

        @Test
        void withoutALastLineEnd() {
            assertThat(yaml("a: 1\nb: 2", "b: null").text()).isEqualTo("a: 1");
            assertThat(yaml("a: 1\nb: 2\nc: 3", "b: null\nc: null").text()).isEqualTo("a: 1");
            assertThat(yaml("a: 1", "b: 2").text()).isEqualTo("a: 1\nb: 2");
            assertThat(yaml("a: 1\r\nb: 2\r\n", "c:\n  d: 1").text()).isEqualTo("a: 1\r\nb: 2\r\nc:\r\n  d: 1\r\n");
        }

        @Test
        void anchorsAndAliases() {
            String source = "base: &b\n  x: 1\nuse: *b\nother: *b\n";
            assertThat(yaml(source, "more: 1").text()).isEqualTo(source + "more: 1\n");
            assertThat(yaml(source, "use: {x: 2}").text()).isEqualTo("base: &b\n  x: 1\nuse:\n  x: 2\nother: *b\n");
            assertThat(yaml(source, "base: {x: 2}").errors()).containsExactly("app.DEV.yml: it changes a part of app.yml that an anchor shares with another part: write that part out first");
            assertThat(yaml("a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c]\n"
                                    + "e: &e [*d,*d,*d,*d,*d,*d,*d,*d,*d]\nf: &f [*e,*e,*e,*e,*e,*e,*e,*e,*e]\ng: [*f,*f,*f,*f,*f,*f,*f,*f,*f]\n", "x: 1").errors())
                    .singleElement().asString().contains("aliases make more than 1000000 values");
        }

        @Test
        void malformedFilesAreNamed() {
            assertThat(yaml("a: 1\n b: 2\n", "{}").errors()).singleElement().asString().startsWith("app.yml:2:").contains("no YAML: ");
            assertThat(yaml("a: 1\na: 2\n", "{}").errors()).containsExactly("app.yml:2:1: the key 'a' stands twice");
            assertThat(yaml("a: 1\n---\nb: 2\n", "{}").errors()).containsExactly("app.yml:2:1: a second document begins; only files with one can be transformed");
            assertThat(yaml("[a]: 1\n", "{}").errors()).singleElement().asString().contains("a key that is no plain word");
            assertThat(yaml("a: " + "[".repeat(1000), "{}").errors()).singleElement().asString().startsWith("app.yml:1:");
        }

        @Test
        void anEmptyFileIsFilled() {
            assertThat(yaml("", "a: 1").text().strip()).isEqualTo("{a: 1}");
            assertThat(yaml("# nothing yet\n", "a: 1").text()).startsWith("# nothing yet\n").contains("a: 1");
        }
    }
}
