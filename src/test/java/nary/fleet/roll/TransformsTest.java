package nary.fleet.roll;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A package's configuration for an environment. */
class TransformsTest {
    private static final String XDT = " xmlns:xdt=\"http://schemas.microsoft.com/XML-Document-Transform\"";

    @TempDir
    Path folder;

    private void write(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private String read(String name) throws IOException {
        return Files.readString(folder.resolve(name));
    }

    private List<String> transform(Path... parameters) throws IOException {
        return new Transforms(Map.of("URL", "http://mine", "DB_PASSWORD", "hunter2")).transform(folder, "qa", List.of(parameters).stream().findFirst());
    }

    @Test
    void eachPairIsFoundAndAppliedAndTheTransformStaysHere() throws Exception {
        write("Web.config", "<c>\n  <a v=\"1\"/>\n</c>\n");
        write("Web.QA.config", "<c" + XDT + "><a v=\"2\" xdt:Transform=\"SetAttributes\"/></c>");
        write("sub/whole.xml", "<old/>");
        write("sub/whole.qa.xml", "<new>\n</new>\n");
        write(".env", "A=1\nPASSWORD=x\n");
        write(".env.qa", "PASSWORD=#{DB_PASSWORD}\n");
        write("Web.Live.config", "<c/>");
        write("lone.qa.json", "{}");
        List<String> lines = transform();
        assertThat(read("Web.config")).isEqualTo("<c>\n  <a v=\"2\"/>\n</c>\n");
        assertThat(read("sub/whole.xml")).as("no transform: used as it is").isEqualTo("<new>\n</new>\n");
        assertThat(read(".env")).isEqualTo("A=1\nPASSWORD=hunter2\n");
        assertThat(lines).contains("Web.config by Web.QA.config", "-  <a v=\"1\"/>", "+  <a v=\"2\"/>", "sub/whole.xml by sub/whole.qa.xml").noneMatch(line -> line.contains("hunter2"));
        assertThat(List.of("Web.QA.config", "sub/whole.qa.xml", ".env.qa")).noneMatch(name -> Files.exists(folder.resolve(name)));
        assertThat(List.of("Web.Live.config", "lone.qa.json")).allMatch(name -> Files.exists(folder.resolve(name)));
    }

    @Test
    void parametersCountMoreThanTheEnvironment() throws Exception {
        write("a.json", "{\"url\": \"#{URL}\"}");
        write("a.qa.json", "{\"n\": 1}");
        Path parameters = Files.writeString(folder.resolveSibling(folder.getFileName() + ".env"), "URL=http://theirs\n");
        transform(parameters);
        assertThat(read("a.json")).isEqualTo("{\"url\": \"http://theirs\", \"n\": 1}");
    }

    @Test
    void whatHasNoEffectOrIsNotKnownIsAnErrorAndTheFileStays() throws Exception {
        String source = "<c><a v=\"#{NOBODY_SET_IT}\"/></c>";
        write("Web.config", source);
        write("Web.qa.config", "<c" + XDT + ">\n<b xdt:Transform=\"Remove\"/></c>");
        assertThatThrownBy(this::transform).isInstanceOf(IOException.class)
                .hasMessageContaining("Web.qa.config:2:1: nothing matches /c/b").hasMessageContaining("Web.config:1:10: no variable NOBODY_SET_IT");
        assertThat(read("Web.config")).isEqualTo(source);
        write("Web.QA.config", "<c/>");
        assertThatThrownBy(this::transform).isInstanceOf(IOException.class).hasMessageContaining("are for the same environment: remove one");
        assertThat(read("Web.config")).isEqualTo(source);
    }
}
