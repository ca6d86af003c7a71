package nary.fleet.roll;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import nary.fleet.spec.FleetFile;
import nary.fleet.spec.Target;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Packages of all kinds become the same folder. */
class ParcelTest {
    @TempDir
    private Path root;

    private Path content;

    @BeforeEach
    void write() throws IOException {
        content = Files.createDirectories(root.resolve("content/site"));
        Files.createDirectories(content.resolve("bin"));
        Files.writeString(content.resolve("index.html"), "hello");
        Files.writeString(content.resolve("bin/run"), "#!/bin/sh\n");
        Files.setPosixFilePermissions(content.resolve("bin/run"), PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private Parcel pack(String source) throws Exception {
        String text = "{ \"builds\": [ { \"name\": \"web\", \"package\": \"" + source + "\", \"environments\": [ { \"name\": \"QA\", \"servers\": [ \"a\" ] } ] } ] }";
        Target target = FleetFile.read(Files.writeString(root.resolve("fleet.json"), text), "fleet.json").targets("QA").getFirst();
        return Parcel.pack(target, "r1", root.resolve("packages"), Transformer.NONE, Operator.current());
    }

    private void assertWhole(Parcel parcel) {
        assertThat(parcel.folder().resolve("index.html")).hasContent("hello");
        assertThat(parcel.folder().resolve("bin/run")).isExecutable();
        assertThat(parcel.folder().resolve("index.html").toFile().canExecute()).isFalse();
        assertThat(parcel.folder().resolve(Parcel.NOTE)).content().contains("\"release\":\"r1\"", parcel.hash());
    }

    private void tar(String archive, String folder, String what) throws Exception {
        Process tar = new ProcessBuilder("tar", "-czf", root.resolve(archive).toString(), "-C", root.resolve(folder).toString(), what).inheritIO().start();
        assertThat(tar.waitFor()).isZero();
    }

    /** With modes, as Unix tools write them. */
    private void zip(String archive, String prefix) throws IOException {
        try (var zip = FileSystems.newFileSystem(root.resolve(archive), Map.of("create", "true", "enablePosixFileAttributes", "true"))) {
            for (Path file : List.of(content.resolve("index.html"), content.resolve("bin/run"))) {
                Path to = zip.getPath("/" + prefix + content.relativize(file));
                Files.createDirectories(to.getParent());
                Files.copy(file, to);
                Files.setPosixFilePermissions(to, Files.getPosixFilePermissions(file));
            }
        }
    }

    @Test
    void aFolderAndEachArchiveIsTheSameRelease() throws Exception {
        Parcel folder = pack("content/site");
        assertWhole(folder);
        tar("flat.tar.gz", "content/site", ".");
        tar("lifted.tgz", "content", "site");
        zip("flat.zip", "");
        zip("lifted.zip", "site-1.2/");
        for (String archive : List.of("flat.tar.gz", "lifted.tgz", "flat.zip", "lifted.zip")) {
            Parcel parcel = pack(archive);
            assertWhole(parcel);
            assertThat(parcel.hash()).as(archive).isEqualTo(folder.hash());
        }
    }

    @Test
    void aJarIsSentAsItIs() throws Exception {
        byte[] bytes = "PK, and more".getBytes(StandardCharsets.UTF_8);
        Files.write(root.resolve("app.jar"), bytes);
        assertThat(pack("app.jar").folder().resolve("app.jar")).hasBinaryContent(bytes);
    }

    @Test
    void whatCannotBeAReleaseIsRefusedInOneLine() throws Exception {
        Files.writeString(root.resolve("site.rar"), "x");
        Files.writeString(root.resolve("broken.tar.gz"), "x");
        Files.createDirectories(root.resolve("empty"));
        try (OutputStream out = Files.newOutputStream(root.resolve("evil.zip"));
                var zip = new ZipOutputStream(out)) {
            zip.putNextEntry(new ZipEntry("../../outside"));
            zip.write('x');
        }
        assertThatThrownBy(() -> pack("none")).hasMessage("web: there is no package " + root.resolve("none"));
        assertThatThrownBy(() -> pack("site.rar")).hasMessage(root.resolve("site.rar") + " is no package: a folder, .tar.gz, .tgz, .zip or .jar is one");
        assertThatThrownBy(() -> pack("broken.tar.gz")).hasMessageStartingWith(root.resolve("broken.tar.gz") + " cannot be unpacked: ");
        assertThatThrownBy(() -> pack("empty")).hasMessage(root.resolve("empty") + " is empty");
        assertThatThrownBy(() -> pack("evil.zip")).hasMessage(root.resolve("evil.zip") + " holds a name that leads out of it: ../../outside");
        assertThat(root.resolve("outside")).doesNotExist();
    }

    @Test
    void itsHashIsOfAllThatCounts() throws Exception {
        String before = pack("content/site").hash();
        assertThat(pack("content/site").hash()).isEqualTo(before);
        Files.setPosixFilePermissions(content.resolve("index.html"), PosixFilePermissions.fromString("rwxr-xr-x"));
        assertThat(pack("content/site").hash()).isNotEqualTo(before);
    }
}
