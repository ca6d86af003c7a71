package nary.fleet.spec;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import nary.config.ConfigException;
import nary.config.Document;
import nary.control.Json;
import org.junit.jupiter.api.Test;

/** The table of keys, the reader, the schema and the docs say the same. {@code -Dnary.docs.write=true} writes the files anew. */
class FleetKeysTest {

    @Test
    void theFilesAreWhatTheTableSays() throws IOException {
        assertWritten(Path.of("docs/fleet/keys.md"), FleetKeysPage.text());
        assertWritten(Path.of("docs/fleet.schema.json"), Json.write(FleetSchema.of()) + "\n");
    }

    private static void assertWritten(Path file, String text) throws IOException {
        if (Boolean.getBoolean("nary.docs.write")) Files.writeString(file, text);
        assertThat(file).hasContent(text);
    }

    /** The reader complains of each key, with a value that is wrong for any, but never that it is unknown. */
    @Test
    void theReaderKnowsEachKey() {
        for (FleetKeys.Group group : FleetKeys.ALL)
            for (FleetKeys.Key key : group.keys()) {
                String file = wrap(group, "\"" + key.name() + "\": {\"no such key\": {}}");
                assertThat(problems(file)).as(group.title() + ": " + key.name()).noneMatch(it -> it.contains("there is no key '" + key.name() + "'"));
            }
    }

    @Test
    void theReaderKnowsNoOther() {
        for (FleetKeys.Group group : FleetKeys.ALL)
            assertThat(problems(wrap(group, "\"other\": 1"))).as(group.title()).anyMatch(it -> it.contains("there is no key 'other'"));
    }

    /** Every key that the reader proposes is one of the table: each word of the source that is asked for. */
    @Test
    void theTableHasAllThatTheReaderAsksFor() throws IOException {
        List<String> known = FleetKeys.ALL.stream().flatMap(it -> it.keys().stream()).map(FleetKeys.Key::name).toList();
        List<String> asked = new ArrayList<>();
        try (Stream<Path> files = Files.list(Path.of("src/main/java/nary/fleet/spec"))) {
            for (Path file : files.filter(it -> it.toString().endsWith(".java") && !it.toString().contains("FleetKeys")).toList()) {
                var matcher = java.util.regex.Pattern.compile("\\.(?:text|texts|parsed|bool|duration|integer|section|sections|oneOf|values|textMap)\\(\"([A-Za-z$-]+)\"").matcher(Files.readString(file));
                while (matcher.find()) asked.add(matcher.group(1));
            }
        }
        asked.remove("env"); // of an app: an option of nary start
        assertThat(asked).hasSizeGreaterThan(30).isSubsetOf(known);
    }

    private static String wrap(FleetKeys.Group group, String key) {
        String name = key.startsWith("\"name\"") ? "" : "\"name\": \"a\", ";
        String environments = key.startsWith("\"environments\"") ? "" : ", \"environments\": [{\"name\": \"QA\", \"servers\": []}]";
        String build = "{\"builds\": [{" + name + "%s" + environments + "}]}";
        if (group == FleetKeys.FILE) return key.startsWith("\"builds\"") ? "{" + key + "}" : "{" + key + ", \"builds\": []}";
        if (group == FleetKeys.BUILD || group == FleetKeys.SETTINGS) return build.formatted(key);
        if (group == FleetKeys.ENVIRONMENT) return "{\"builds\": [{\"name\": \"a\", \"environments\": [{" + name + key + "}]}]}";
        if (group == FleetKeys.SERVER) return "{\"builds\": [{\"name\": \"a\", \"environments\": [{\"name\": \"QA\", \"servers\": [{" + key + "}]}]}]}";
        if (group == FleetKeys.BALANCER) return balancer(key);
        if (group == FleetKeys.FOLDER) return build.formatted("\"prepare\": {\"folders\": [{" + key + "}]}");
        if (group == FleetKeys.CALL) return build.formatted("\"loadBalancers\": [{\"type\": \"http\", \"out\": {" + key + "}}]");
        return build.formatted("\"" + group.title() + "\": {" + key + "}");
    }

    private static String balancer(String key) {
        String type = key.startsWith("\"type\"") ? "" : key.matches("\"(socket|host|backends)\".*") ? "\"type\": \"haproxy\", " : key.startsWith("\"file\"") ? "\"type\": \"monitor-file\", " : "\"type\": \"exec\", ";
        return "{\"builds\": [{\"name\": \"a\", \"loadBalancers\": [{" + type + key + "}], \"environments\": []}]}";
    }

    private static List<String> problems(String text) {
        try {
            FleetFile.read(Path.of("/srv/fleet.json"), Document.parse(text, "fleet.json"));
            return List.of();
        } catch (ConfigException e) {
            return e.lines();
        }
    }
}
