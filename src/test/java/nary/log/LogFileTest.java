package nary.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.zip.GZIPInputStream;
import nary.config.Output;
import nary.log.Segments.Segment;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Rotation, compression, retention, and files that are moved away. */
@Timeout(60)
class LogFileTest {
    private final Queue<String> trouble = new ConcurrentLinkedQueue<>();
    private final List<Archive> archives = new ArrayList<>();
    private Path path;

    @BeforeEach
    void name(@TempDir Path folder) {
        path = folder.resolve("stdout.log");
    }

    @AfterEach
    void close() throws InterruptedException {
        for (Archive archive : archives) archive.close();
        assertThat(trouble).isEmpty();
    }

    private LogFile file(long maxSize, Optional<Integer> maxFiles, Optional<Duration> maxAge) throws IOException {
        var limits = new Output(Output.Format.RAW, Optional.of(maxSize), maxFiles, maxAge, Output.Overflow.WAIT);
        archives.add(Archive.start(limits, trouble::add));
        LogFile file = LogFile.at(path, archives.getLast(), "waits", trouble::add);
        file.open();
        return file;
    }

    private LogFile file(long maxSize) throws IOException {
        return file(maxSize, Optional.empty(), Optional.empty());
    }

    private static void write(LogFile file, String text) {
        assertThat(file.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)))).isTrue();
    }

    /** All parts, oldest first, and the file itself. */
    private List<String> contents() throws IOException {
        List<String> contents = new ArrayList<>();
        for (Segment part : Segments.of(path)) contents.add(text(part));
        contents.add(Files.readString(path));
        return contents;
    }

    private static String text(Segment part) throws IOException {
        try (InputStream in = part.isCompressed() ? new GZIPInputStream(Files.newInputStream(part.path())) : Files.newInputStream(part.path())) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void aFileIsRotatedBeforeTheLineThatWouldExceedItsSize() throws Exception {
        LogFile file = file(10);
        write(file, "one\ntwo\nthree\nfour\n");
        write(file, "five\n");
        file.close(0);
        assertThat(contents()).containsExactly("one\ntwo\n", "three\n", "four\nfive\n");
    }

    @Test
    void aLineLongerThanTheSizeIsAFileOfItsOwn() throws Exception {
        LogFile file = file(10);
        write(file, "a\nbbbbbbbbbbbbbbbbbbbb\nc\n");
        file.close(0);
        assertThat(contents()).containsExactly("a\n", "bbbbbbbbbbbbbbbbbbbb\n", "c\n");
    }

    @Test
    void aLineWrittenInPiecesStaysInOneFile() throws Exception {
        LogFile file = file(10);
        write(file, "a\n");
        write(file, "bbbbbb");
        write(file, "bbbbbbbbbbbbbbbb");
        write(file, "b\nc\n");
        file.close(0);
        assertThat(contents()).containsExactly("a\nbbbbbbbbbbbbbbbbbbbbbbb\n", "c\n");
    }

    @Test
    void whateverThePiecesNoByteIsLostAndEachFileEndsWithALine() throws Exception {
        Random random = new Random(5);
        StringBuilder all = new StringBuilder();
        for (int i = 0; i < 2000; i++) all.append(i).append(" ").append("x".repeat(random.nextInt(40))).append('\n');
        LogFile file = file(1000);
        for (int from = 0, to; from < all.length(); from = to) {
            to = Math.min(all.length(), from + 1 + random.nextInt(3000));
            write(file, all.substring(from, to));
        }
        file.close(0);
        assertThat(String.join("", contents())).isEqualTo(all.toString());
        assertThat(contents()).allSatisfy(each -> assertThat(each).endsWith("\n"));
        assertThat(contents().size()).isGreaterThan(40);
    }

    @Test
    void whatIsRotatedIsCompressedAndNamedAsNaughtDoes() throws Exception {
        long before = System.currentTimeMillis();
        LogFile file = file(10);
        write(file, "first\nsecond\nthird\n");
        Soon.isTrue("all parts are compressed", () -> Segments.all(path).size() == 2 && Segments.all(path).stream().allMatch(Segment::isCompressed));
        assertThat(Segments.all(path)).allSatisfy(part -> {
            assertThat(part.path().getFileName().toString()).matches("stdout-[0-9]{13}\\.log\\.gz");
            assertThat(part.stamp()).isBetween(before, System.currentTimeMillis() + 2);
        });
        file.close(0);
        assertThat(contents()).containsExactly("first\n", "second\n", "third\n");
    }

    @Test
    void onlyTheLatestPartsAreKept() throws Exception {
        LogFile file = file(5, Optional.of(2), Optional.empty());
        for (int i = 0; i < 8; i++) write(file, "line" + i + "\n");
        Soon.isTrue("two are left, compressed", () -> Segments.all(path).size() == 2 && Segments.all(path).stream().allMatch(Segment::isCompressed));
        file.close(0);
        assertThat(contents()).containsExactly("line5\n", "line6\n", "line7\n");
    }

    @Test
    void whatIsTooOldIsDeletedAtTheStartToo() throws Exception {
        long now = System.currentTimeMillis();
        Path old = Files.writeString(Segments.rotated(path, now - 100_000), "old\n");
        Path young = Files.writeString(Segments.rotated(path, now - 10_000), "young\n");
        Path other = Files.writeString(path.resolveSibling("stdout-3.log"), "somebody else's\n");
        LogFile file = file(1000, Optional.empty(), Optional.of(Duration.ofSeconds(50)));
        Soon.isTrue("the old one is gone, the young one compressed", () -> !Files.exists(old) && !Files.exists(young));
        assertThat(Segments.of(path)).singleElement().satisfies(part -> assertThat(text(part)).isEqualTo("young\n"));
        assertThat(other).exists();
        file.close(0);
    }

    @Test
    void whatACrashLeftHalfCompressedIsCompressedAgain() throws Exception {
        Path part = Files.writeString(Segments.rotated(path, System.currentTimeMillis()), "whole\n");
        Files.writeString(Path.of(part + Segments.UNFINISHED), "half");
        LogFile file = file(1000);
        Soon.isTrue("compressed", () -> !Files.exists(part) && !Files.exists(Path.of(part + Segments.UNFINISHED)));
        assertThat(contents()).containsExactly("whole\n", "");
        file.close(0);
    }

    @Test
    void aFileThatWasMovedAwayIsWrittenOnUntilItIsReopened() throws Exception {
        LogFile file = file(1000);
        Path moved = path.resolveSibling("stdout.log.1");
        write(file, "one\n");
        Files.move(path, moved);
        write(file, "two\n");
        file.reopen();
        write(file, "three\n");
        file.close(0);
        assertThat(moved).hasContent("one\ntwo");
        assertThat(path).hasContent("three");
    }

    @Test
    void whatTookThePlaceOfAFileThatWasMovedAwayIsGoneOnWithWhenItIsFull() throws Exception {
        LogFile file = file(10);
        write(file, "one\n");
        Files.move(path, path.resolveSibling("stdout.log.1"));
        Files.writeString(path, "another's\n");
        write(file, "much longer than ten\n");
        file.close(0);
        assertThat(path.resolveSibling("stdout.log.1")).hasContent("one");
        assertThat(contents()).containsExactly("another's\n", "much longer than ten\n");
    }

    @Test
    void aTornLineOfAKilledSupervisorGetsItsEnd() throws Exception {
        Files.writeString(path, "whole\nto");
        LogFile file = file(1000);
        write(file, "next\n");
        file.close(0);
        assertThat(path).hasContent("whole\nto\nnext");
    }

    @Test
    void devicesAreNotRotated() throws Exception {
        path = Path.of("/dev/null");
        LogFile file = file(1);
        write(file, "one\ntwo\n");
        file.reopen();
        write(file, "three\n");
        file.close(0);
        assertThat(path).exists();
    }

    @Test
    void aLinkedFileIsRotatedWhereItIs(@TempDir Path elsewhere) throws Exception {
        Path real = elsewhere.resolve("real.log");
        Files.writeString(real, "");
        Files.createSymbolicLink(path, real);
        LogFile file = file(5);
        write(file, "one\ntwo\n");
        file.close(0);
        assertThat(Segments.of(real)).hasSize(1);
        assertThat(path).isSymbolicLink().hasContent("two");
    }
}
