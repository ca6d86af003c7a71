package nary.fleet.transform;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TransformationTest {
    @TempDir
    Path folder;

    @Test
    void formatsAreToldByNameOrByTheFirstCharacter() {
        assertThat(Attempt.in(folder).file("a.JSON", "{\"a\":1}").file("b", "{\"a\":2}").text()).isEqualTo("{\"a\":2}");
        assertThat(Attempt.in(folder).file("app", " {\"a\":1}").file("b", "{\"a\":2}").text()).isEqualTo(" {\"a\":2}");
        assertThat(Attempt.in(folder).file("app.manifest", "<a/>").text()).isEqualTo("<a/>");
        assertThat(Attempt.in(folder).file(".env.local", "A=1").file("b", "A=2").text()).isEqualTo("A=2");
        assertThat(Attempt.in(folder).file("app.txt", "a=1").errors()).containsExactly("app.txt: what format is it? Say --format xml, json, yaml, properties, env or ini");
    }

    @Test
    void withoutATransformEveryByteStays() {
        byte[] bytes = "\uFEFF<?xml version='1.0'?>\r\n<a  b = '1'/>\r\n".getBytes(StandardCharsets.UTF_8);
        for (String name : List.of("a.xml", "a.properties")) assertThat(Attempt.in(folder).file(name, bytes).bytes()).isEqualTo(bytes);
        assertThat(Attempt.in(folder).file("a.yml", "a: 1 # x\n---\nb: 2\n").text()).isEqualTo("a: 1 # x\n---\nb: 2\n");
    }

    @Test
    void withoutATransformAMalformedFileIsNamed() {
        for (String name : List.of("a.xml", "a.json", "a.yml", "a.env")) assertThat(Attempt.in(folder).file(name, "{ [").errors()).singleElement().asString().startsWith(name);
    }

    @Test
    void warningsComeWithTheResult() {
        var attempt = Attempt.in(folder).file("a.json", "{}").file("b.json", "{\"a\": null}").lenient();
        assertThat(attempt.outcome()).isInstanceOf(Outcome.Done.class);
        assertThat(attempt.findings()).containsExactly("b.json:1:2: warning: nothing to remove: the source has no /a");
    }

    @Test
    void filesOfAnEnvironmentAreFound() throws Exception {
        for (String name : List.of("App.config", "App.DEV.config", "App.QA.config", "lone.DEV.config", ".env", ".env.DEV", "x.DEV", "DEV.config", "sub/a.b.json", "sub/a.b.Dev.json")) {
            Files.createDirectories(folder.resolve(name).getParent());
            Files.writeString(folder.resolve(name), "");
        }
        assertThat(EnvironmentFiles.in(folder, "DEV"))
                .containsExactly(
                        new EnvironmentFiles.Pair(folder.resolve(".env"), folder.resolve(".env.DEV")),
                        new EnvironmentFiles.Pair(folder.resolve("App.config"), folder.resolve("App.DEV.config")),
                        new EnvironmentFiles.Pair(folder.resolve("sub/a.b.json"), folder.resolve("sub/a.b.Dev.json")));
    }

    @Test
    void outputsAreWrittenWholeWithTheRightsOfWhatTheyReplace() throws Exception {
        Path like = Files.writeString(folder.resolve("like"), "");
        Files.setPosixFilePermissions(like, PosixFilePermissions.fromString("rw-r-----"));
        Path out = folder.resolve("out");
        OutputFile.write(out, new byte[] {1}, like);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(out))).isEqualTo("rw-r-----");
        Files.setPosixFilePermissions(out, PosixFilePermissions.fromString("rw-------"));
        Path link = Files.createSymbolicLink(folder.resolve("link"), out);
        OutputFile.write(link, new byte[] {2}, like);
        assertThat(link).isSymbolicLink();
        assertThat(out).hasBinaryContent(new byte[] {2});
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(out))).isEqualTo("rw-------");
        assertThat(folder.toFile().list()).containsExactlyInAnyOrder("like", "link", "out");
        org.junit.jupiter.api.Assumptions.assumeTrue(System.getProperty("user.name", "").equals("root"), "only root can give files away");
        Files.setAttribute(out, "unix:uid", 65534);
        OutputFile.write(out, new byte[] {3}, like);
        assertThat(Files.getAttribute(out, "unix:uid")).isEqualTo(65534);
    }
}
