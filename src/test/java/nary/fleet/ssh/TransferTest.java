package nary.fleet.ssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import nary.fleet.Host;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files there and back, on this machine; the same way they go to a server. */
class TransferTest {
    @TempDir
    Path home;

    @TempDir
    Path here;

    private Remote remote;

    @BeforeEach
    void open() throws IOException {
        remote = new Local(home).to(Host.of("there"));
        write("app/index.html", "hello");
        write("app/bin/run me.sh", "#!/bin/sh\n");
        write("app/a'b\\c$d", "odd name");
        write("app/-n", "");
        Files.setPosixFilePermissions(here.resolve("app/bin/run me.sh"), PosixFilePermissions.fromString("rwxr-x---"));
        Files.createDirectories(here.resolve("app/empty/folder"));
        Files.createSymbolicLink(here.resolve("app/link"), Path.of("bin/run me.sh"));
    }

    private void write(String name, String text) throws IOException {
        Files.createDirectories(here.resolve(name).getParent());
        Files.writeString(here.resolve(name), text);
    }

    private static List<String> listing(Path root) throws IOException {
        try (Stream<Path> all = Files.walk(root)) {
            return all.filter(path -> !path.equals(root)).map(path -> describe(root, path)).sorted().toList();
        }
    }

    private static String describe(Path root, Path path) {
        try {
            String name = root.relativize(path).toString();
            if (Files.isSymbolicLink(path)) return name + " -> " + Files.readSymbolicLink(path);
            String mode = PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
            return name + " " + mode + (Files.isDirectory(path) ? "/" : " " + Tree.sha256(path, Long.MAX_VALUE));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private Transfer upload(String name, String to, String... basis) throws IOException, InterruptedException {
        Transfer transfer = remote.upload(here.resolve(name), to, List.of(basis));
        try (Stream<Path> left = Files.walk(home)) {
            assertThat(left.filter(path -> path.toString().endsWith("nary-partial"))).isEmpty();
        }
        return transfer;
    }

    @Test
    void aFolderArrivesAsItIs() throws Exception {
        assertThat(upload("app", "releases/1")).isEqualTo(new Transfer(4, 4, 23, 23));
        assertThat(listing(home.resolve("releases/1"))).isEqualTo(listing(here.resolve("app")));
    }

    @Test
    void whatIsThereIsNotSentAgain() throws Exception {
        upload("app", "releases/1");
        assertThat(upload("app", "releases/1").sent()).isZero();
        write("app/index.html", "changed");
        Files.setPosixFilePermissions(here.resolve("app/-n"), PosixFilePermissions.fromString("rwx------"));
        assertThat(upload("app", "releases/1")).isEqualTo(new Transfer(4, 1, 25, 7));
        assertThat(listing(home.resolve("releases/1"))).isEqualTo(listing(here.resolve("app")));
    }

    @Test
    void whatTheReleaseBeforeHasIsCopiedThere() throws Exception {
        upload("app", "releases/1");
        write("app/new", "new");
        assertThat(upload("app", "releases/2", "releases/0", "releases/1")).isEqualTo(new Transfer(5, 1, 26, 3));
        assertThat(listing(home.resolve("releases/2"))).isEqualTo(listing(here.resolve("app")));
        assertThat(Files.isSameFile(home.resolve("releases/1/index.html"), home.resolve("releases/2/index.html"))).isFalse();
    }

    @Test
    void whatIsOnlyThereStays() throws Exception {
        Files.createDirectories(home.resolve("etc/bin"));
        Files.writeString(home.resolve("etc/bin/other"), "theirs");
        upload("app", "etc");
        assertThat(Files.readString(home.resolve("etc/bin/other"))).isEqualTo("theirs");
        assertThat(listing(home.resolve("etc"))).containsAll(listing(here.resolve("app")));
    }

    @Test
    void anUploadThatWasCutOffGoesOn() throws Exception {
        byte[] large = new byte[3_000_000];
        new Random(1).nextBytes(large);
        Files.write(here.resolve("app/large"), large);
        Path staging = Files.createDirectories(home.resolve("releases/.1.nary-partial"));
        Files.write(staging.resolve("large"), java.util.Arrays.copyOf(large, 2_000_000));
        Files.writeString(staging.resolve("index.html"), "hello");
        Files.writeString(staging.resolve("stale"), "of another version");
        Files.createDirectories(staging.resolve("-n"));
        Transfer transfer = upload("app", "releases/1");
        assertThat(transfer).isEqualTo(new Transfer(5, 4, 3_000_023, 1_000_018));
        assertThat(listing(home.resolve("releases/1"))).isEqualTo(listing(here.resolve("app")));
    }

    @Test
    void aBeginningOfSomethingElseIsNotUsed() throws Exception {
        Files.write(here.resolve("app/large"), new byte[3_000_000]);
        Path staging = Files.createDirectories(home.resolve("releases/.1.nary-partial"));
        Files.write(staging.resolve("large"), new byte[2_000_000 + 1]);
        Files.writeString(staging.resolve("large"), "x", java.nio.file.StandardOpenOption.WRITE);
        assertThat(upload("app", "releases/1").sentBytes()).isEqualTo(3_000_023);
        assertThat(listing(home.resolve("releases/1"))).isEqualTo(listing(here.resolve("app")));
    }

    @Test
    void aFileGoesToItsPlaceOrIntoAFolder() throws Exception {
        assertThat(upload("app/index.html", "sub/page.html").sent()).isEqualTo(1);
        assertThat(upload("app/index.html", "sub/page.html").sent()).isZero();
        assertThat(home.resolve("sub/page.html")).hasContent("hello");
        upload("app/index.html", "sub");
        upload("app/index.html", "other/");
        assertThat(home.resolve("sub/index.html")).hasContent("hello");
        assertThat(home.resolve("other/index.html")).hasContent("hello");
        write("app/index.html", "changed");
        upload("app/index.html", home.resolve("sub/page.html").toString());
        assertThat(home.resolve("sub/page.html")).hasContent("changed");
    }

    @Test
    void aLinkToAFolderIsFollowed() throws Exception {
        Files.createDirectories(home.resolve("v1"));
        Files.createSymbolicLink(home.resolve("current"), Path.of("v1"));
        upload("app", "current");
        assertThat(Files.isSymbolicLink(home.resolve("current"))).isTrue();
        assertThat(home.resolve("v1/index.html")).hasContent("hello");
    }

    @Test
    void whatIsInTheWayIsNamed() throws Exception {
        Files.writeString(home.resolve("app"), "a file");
        assertThatThrownBy(() -> upload("app", "app")).hasMessageStartingWith("there: ").hasMessageContaining("there is a file");
        Files.createDirectories(home.resolve("etc/index.html"));
        assertThatThrownBy(() -> upload("app", "etc")).hasMessageContaining("cannot overwrite directory");
        assertThatThrownBy(() -> upload("app/index.html", "app/x/y")).hasMessageContaining("cannot look at app/x/y");
        assertThatThrownBy(() -> upload("nothing", "x")).isInstanceOf(java.nio.file.NoSuchFileException.class);
        write("app/a\nb", "");
        assertThatThrownBy(() -> upload("app", "y")).hasMessageContaining("line break");
    }

    @Test
    void whatChangesMeanwhileDoesNotAppear() throws Exception {
        Tree tree = Tree.of(here.resolve("app"));
        write("app/index.html", "other");
        assertThatThrownBy(() -> remote.upload(tree, "releases/1", List.of()))
                .satisfies(e -> assertThat(((RemoteException) e).kind()).isEqualTo(RemoteException.Kind.CORRUPT));
        Files.delete(here.resolve("app/index.html"));
        assertThatThrownBy(() -> remote.upload(tree, "releases/1", List.of())).isInstanceOf(RemoteException.class);
        assertThat(home.resolve("releases/1")).doesNotExist();
    }

    @Test
    void manyFiles() throws Exception {
        for (int i = 0; i < 3000; i++) write("many/" + i % 50 + "/a rather long name of a file that is one of many " + i, "content " + i);
        assertThat(upload("many", "many").sent()).isEqualTo(3000);
        assertThat(upload("many", "many").sent()).isZero();
        assertThat(listing(home.resolve("many"))).isEqualTo(listing(here.resolve("many")));
    }

    @Test
    void aFolderComesBack() throws Exception {
        upload("app", "app");
        assertThat(remote.download("app", here.resolve("got"))).isEqualTo(new Transfer(4, 4, 23, 23));
        assertThat(listing(here.resolve("got"))).isEqualTo(listing(here.resolve("app")));
        assertThat(remote.download("app", here.resolve("got")).sent()).isZero();
        Files.writeString(home.resolve("app/index.html"), "changed");
        Files.writeString(here.resolve("got/own"), "mine");
        assertThat(remote.download("app/", here.resolve("got")).sent()).isEqualTo(1);
        assertThat(here.resolve("got/index.html")).hasContent("changed");
        assertThat(here.resolve("got/own")).hasContent("mine");
        assertThat(here.resolve(".got.nary-partial")).doesNotExist();
    }

    @Test
    void aFileComesBack() throws Exception {
        upload("app/index.html", "x y.html");
        remote.download("x y.html", here.resolve("z.html"));
        assertThat(here.resolve("z.html")).hasContent("hello");
        Files.createDirectories(here.resolve("got"));
        remote.download("x y.html", here.resolve("got"));
        assertThat(here.resolve("got/x y.html")).hasContent("hello");
        assertThatThrownBy(() -> remote.download("nothing", here.resolve("w"))).hasMessage("there: there is no nothing");
    }

    @Test
    void aDownloadThatWasCutOffGoesOn() throws Exception {
        byte[] large = new byte[3_000_000];
        new Random(2).nextBytes(large);
        Files.createDirectories(home.resolve("app"));
        Files.write(home.resolve("app/large"), large);
        Files.createDirectories(here.resolve(".got.nary-partial"));
        Files.write(here.resolve(".got.nary-partial/large"), java.util.Arrays.copyOf(large, 2_000_000));
        remote.download("app", here.resolve("got"));
        assertThat(here.resolve("got/large")).hasBinaryContent(large);
    }

    @Test
    void theServerDoesNotChooseWhereWeWrite() {
        var inventory = new Inventory();
        inventory.line(Lines.Stream.OUT, "kind FOLDER");
        inventory.line(Lines.Stream.OUT, "entry f\t644\t1\t./../../evil\t");
        assertThatThrownBy(inventory::entries).hasMessageContaining("is no path below the folder");
    }
}
