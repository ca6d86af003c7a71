package nary.fleet.roll;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a dry run says, and that it is nothing but a look. */
class PreviewTest {
    @TempDir
    private Path root;

    private Yard yard;

    @BeforeEach
    void build() throws Exception {
        yard = new Yard(root, 2);
        yard.pack("1");
        Files.writeString(root.resolve("package/old.css"), "a");
        yard.deploy(Yard.wish("r1"));
    }

    private List<String> lines() throws Exception {
        return new Preview(yard.fleet(), yard, new Transforms(Map.of("KEY", "swordfish")), _ -> null).lines(Yard.wish("r2"), "r2");
    }

    @Test
    void itNamesBalancerDiskFilesAndConfiguration() throws Exception {
        yard.pack("2");
        Files.writeString(root.resolve("package/new.css"), "b");
        Files.writeString(root.resolve("package/app.json"), "{ \"log\": \"info\", \"key\": \"#{KEY}\" }");
        Files.writeString(root.resolve("package/app.QA.json"), "{ \"log\": \"debug\" }");
        yard.diary();
        List<String> lines = lines();
        assertThat(lines.getFirst()).isEqualTo("1. web to r2 in QA, 2 servers, 1 at a time: out of rotation, replaced, back");
        assertThat(lines).anyMatch(it -> it.startsWith("   package: " + root.resolve("package") + ", 4 files, ")).anyMatch(it -> it.startsWith("   configuration: ") && it.contains("debug")).noneMatch(it -> it.contains("swordfish"));
        int server = lines.indexOf("   web2: ok");
        assertThat(lines.subList(server, server + 6))
                .containsExactly(
                        "   web2: ok",
                        "     disk: site/releases/r2 is made, data linked to shared, current moves from r1 to it; 1 files change, 2 are new, 1 go",
                        "       ~ version",
                        "       + app.json",
                        "       + new.css",
                        "       - old.css");
        assertThat(lines.get(server + 6)).isEqualTo("     balancer: in (ordered in) → drained, at most 30s → stopped and started → up again");
        assertThat(yard.diary()).as("the balancer was only asked").isEmpty();
        assertThat(yard.site("web1").resolve("releases/r2")).doesNotExist();
        assertThat(yard.picture()).isEqualTo(yard.all("r1"));
    }

    @Test
    void manyFilesAreCounted() throws Exception {
        yard.pack("1");
        Files.writeString(root.resolve("package/old.css"), "a");
        assertThat(lines()).anyMatch(it -> it.endsWith("to it; no file changes"));
        for (int i = 0; i < 50; i++) Files.writeString(root.resolve("package/page" + i), "x");
        assertThat(lines()).filteredOn(it -> it.startsWith("       ")).hasSize(2 * 21).contains("       … and 30 more");
    }

    @Test
    void whatCannotBeReachedIsSaid() throws Exception {
        Trees.delete(yard.home("web2"));
        List<String> lines = lines();
        assertThat(lines).anyMatch(it -> it.startsWith("   web2: web2: no command can be started here: "));
        assertThat(lines).contains("   web1: ok");
    }
}
