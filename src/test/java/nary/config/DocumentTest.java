package nary.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DocumentTest {
    private static Document parse(String... lines) throws ConfigException {
        return Document.parse(String.join("\n", lines) + "\n", "f.yml");
    }

    private static void refused(String message, String... lines) {
        assertThatThrownBy(() -> parse(lines).problems().orThrow()).isInstanceOf(ConfigException.class).hasMessage(message);
    }

    @Test
    void everyKindOfValueIsReadAsItWasWritten() throws Exception {
        Document document = parse("name: web", "version: 1.10", "count: 3", "on: true", "wait: 1.5s", "most: 10M", "mode: fast", "empty: ''", "port: 0080");
        Section root = document.root();
        assertThat(root.text("name")).contains("web");
        assertThat(root.text("version")).contains("1.10");
        assertThat(root.integer("count", 1, 3)).contains(3);
        assertThat(root.bool("on")).contains(true);
        assertThat(root.duration("wait")).contains(Duration.ofMillis(1500));
        assertThat(root.size("most")).contains(10L << 20);
        assertThat(root.oneOf("mode", "slow", "fast")).contains("fast");
        assertThat(root.text("empty")).contains("");
        assertThat(root.text("port")).contains("0080");
        assertThat(root.text("nowhere")).isEmpty();
        root.end();
        document.problems().orThrow();
    }

    @Test
    void jsonIsReadToo() throws Exception {
        Section root = parse("{", "\t\"name\": \"w\\u00e9b\\/\", \"list\": [1, \"b\"],", "\t\"env\": {\"A\": 1, \"B\": true, \"URL\": \"http://x:1\"}", "}").root();
        assertThat(root.text("name")).contains("wéb/");
        assertThat(root.texts("list")).containsExactly("1", "b");
        assertThat(root.textMap("env")).isEqualTo(Map.of("A", "1", "B", "true", "URL", "http://x:1"));
    }

    @Test
    void listsMapsAndSectionsKeepTheirOrderAndTheirPlaces() throws Exception {
        Section root = parse("list: one", "apps:", "  b:", "    x: 1", "  a: {x: 2}", "hosts:", "- name: h1", "- name: h2").root();
        assertThat(root.texts("list")).containsExactly("one");
        assertThat(root.texts("nowhere")).isEmpty();
        Map<String, Section> apps = root.named("apps");
        assertThat(apps.keySet()).containsExactly("b", "a");
        assertThat(apps.get("b").placeOf("x")).isEqualTo(new Place("f.yml", 4, 8));
        assertThat(apps.get("b").placeOfKey("x")).isEqualTo(new Place("f.yml", 4, 5));
        assertThat(apps.get("a").path()).isEqualTo("apps.a");
        List<Section> hosts = root.sections("hosts");
        assertThat(hosts).extracting(it -> it.text("name").orElseThrow()).containsExactly("h1", "h2");
        assertThat(hosts.get(1).path()).isEqualTo("hosts[1]");
        assertThat(root.section("apps").orElseThrow().names()).containsExactly("b", "a");
    }

    @Test
    void anchorsAndMergedKeysWork() throws Exception {
        Document document = parse("x-common: &common", "  wait: 3", "  name: none", "web:", "  <<: *common", "  name: w", "api:", "  <<: [*common, {extra: 1}]");
        Section web = document.root().section("web").orElseThrow();
        Section api = document.root().section("api").orElseThrow();
        assertThat(web.names()).containsExactly("name", "wait");
        assertThat(web.text("name")).contains("w");
        assertThat(api.text("extra")).contains("1");
        document.root().end();
        document.problems().orThrow();
    }

    @Test
    void everyProblemIsToldAtOnceInTheFilesOrder() throws Exception {
        Document document = parse("wiat: 3", "count: 99", "on: yes", "wait: soon", "most: big", "mode: fats", "name:", "env: [a]", "list: {a: 1}", "apps: 3");
        Section root = document.root();
        root.named("apps");
        root.textMap("env");
        root.texts("list");
        root.text("name");
        root.oneOf("mode", "slow", "fast");
        root.size("most");
        root.duration("wait");
        root.bool("on");
        root.integer("count", 1, 10);
        root.require("image", "image: web");
        root.end();
        assertThatThrownBy(document.problems()::orThrow).isInstanceOfSatisfying(ConfigException.class, e -> assertThat(e.lines()).containsExactly(
                "f.yml:1:1: the key 'image' is missing, e.g. image: web",
                "f.yml:1:1: there is no key 'wiat'; did you mean wait?",
                "f.yml:2:8: count: '99' is not a number from 1 to 10",
                "f.yml:3:5: on: 'yes' is neither true nor false",
                "f.yml:4:7: wait: 'soon' is no duration; use seconds, e.g. 30 or 0.5, or 250ms, 5m, 1h",
                "f.yml:5:7: most: 'big' is no size; use bytes, e.g. 10485760, or 512K, 10M, 1G",
                "f.yml:6:7: mode: 'fats' is none of slow, fast; did you mean fast?",
                "f.yml:7:6: name: one value is wanted, and this is nothing; leave the key out, or write \"\" for an empty text",
                "f.yml:8:6: env: a group of keys is wanted, 'key: value' in lines of their own, and this is a list",
                "f.yml:9:7: list: one value is wanted, and this is a group of keys",
                "f.yml:10:7: apps: a group of keys is wanted, 'key: value' in lines of their own, and this is '3'"));
    }

    @Test
    void anUnknownKeyBelowSaysWhere() throws Exception {
        Document document = parse("apps:", "  web: {comand: x}");
        Section web = document.root().named("apps").get("web");
        web.text("command");
        web.end();
        assertThat(document.problems().lines()).containsExactly("f.yml:2:9: there is no key 'comand' in apps.web; did you mean command?");
    }

    @Test
    void whatIsNoYamlIsSaidInOneLine() {
        refused("f.yml:2:1: the key 'a' is there twice, first in line 1", "a: 1", "a: 2");
        refused("f.yml:2:1: a tab where only spaces may stand: indent with spaces", "a:", "\tb: 1");
        refused("f.yml:1:5: a ':' that belongs to no key here: quote the text, or check the indentation", "a: b: c");
        refused("f.yml:1:1: a file of keys is wanted, 'key: value', and this is a list", "- a");
        refused("f.yml:1:1: a file of keys is wanted, 'key: value', and this is 'a'", "a");
        refused("f.yml:2:1: a second document begins here: use one file for each", "a: 1", "---", "b: 1");
        assertThatThrownBy(() -> parse("a: \"x", "b: 1")).isInstanceOf(ConfigException.class).hasMessageStartingWith("f.yml:").hasMessageContaining("no YAML");
        assertThatThrownBy(() -> parse("{\"a\": 1,, }")).isInstanceOf(ConfigException.class).hasMessageStartingWith("f.yml:1:");
        assertThatThrownBy(() -> parse("? [a]", ": 1")).hasMessage("f.yml:1:3: a key is a word, and this is none");
        assertThatThrownBy(() -> parse("a: \u0001")).hasMessageStartingWith("f.yml:1:4: a character that no YAML file may have (code 1)");
    }

    @Test
    void whatNeverEndsIsRefused() {
        assertThatThrownBy(() -> parse("a: &a [*a]")).isInstanceOf(ConfigException.class);
        assertThatThrownBy(() -> parse("a: " + "[".repeat(60) + "]".repeat(60))).hasMessageContaining("nested deeper than 32");
        StringBuilder laughs = new StringBuilder("a0: &a0 [1,1,1,1,1,1,1,1,1,1]\n");
        for (int i = 1; i < 9; i++) laughs.append("a%d: &a%d [%s]\n".formatted(i, i, ("*a" + (i - 1) + ",").repeat(9)));
        assertThatThrownBy(() -> parse(laughs.toString())).isInstanceOf(ConfigException.class);
    }

    @Test
    void anEmptyFileHasNoKeys() throws Exception {
        assertThat(parse("").root().names()).isEmpty();
        assertThat(parse("# nothing").root().names()).isEmpty();
        assertThat(parse("---").root().names()).isEmpty();
    }

    @Test
    void aFileIsNamedAsItWasTyped(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("n.yml");
        Files.writeString(file, "\uFEFFa: 1\n");
        assertThat(Document.read(file, "n.yml").root().placeOf("a")).isEqualTo(new Place("n.yml", 1, 4));
        Files.write(file, new byte[] {'a', ':', ' ', (byte) 0xff});
        assertThatThrownBy(() -> Document.read(file, "n.yml")).hasMessage("n.yml:1:1: this file is not UTF-8");
        assertThatThrownBy(() -> Document.read(folder, "x")).isInstanceOf(IOException.class).hasMessage("x is a directory");
        assertThatThrownBy(() -> Document.read(folder.resolve("no"), "no")).isInstanceOf(IOException.class);
        Files.write(file, new byte[(1 << 20) + 1]);
        assertThatThrownBy(() -> Document.read(file, "n.yml")).hasMessage("n.yml has more than 1048576 bytes");
    }
}
