package nary.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import nary.config.Output;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class LogViewTest {
    private Path out;
    private Path err;

    private final List<String> seen = Collections.synchronizedList(new ArrayList<>());

    private final LogView.Sink sink = new LogView.Sink() {
        @Override
        public boolean line(byte[] bytes) {
            String line = new String(bytes, StandardCharsets.UTF_8);
            assertThat(line).endsWith("\n");
            return seen.add(line.strip());
        }

        @Override
        public void pause() {}
    };

    @BeforeEach
    void names(@TempDir Path folder) {
        out = folder.resolve("out.log");
        err = folder.resolve("err.log");
    }

    private static String at(int second, int slot, String text) {
        return "2026-01-01T00:00:%02d.000+00:00 1.%d 99 %s\n".formatted(second, slot, text);
    }

    private static void gzip(Path path, String text) throws IOException {
        try (OutputStream to = new GZIPOutputStream(Files.newOutputStream(path))) {
            to.write(text.getBytes(StandardCharsets.UTF_8));
        }
    }

    private void threeParts() throws IOException {
        gzip(Path.of(Segments.rotated(out, 1000000000001L) + ".gz"), at(1, 0, "a") + at(3, 1, "c"));
        Files.writeString(Segments.rotated(out, 1000000000002L), at(5, 0, "e") + "   at E.java\n");
        Files.writeString(out, at(7, 1, "g"));
        Files.writeString(err, at(2, 1, "b") + at(4, 0, "d") + at(6, 0, "f"));
    }

    private List<String> texts() {
        return seen.stream().map(line -> line.replaceFirst("^.* 99 ", "").strip()).toList();
    }

    @Test
    void linesAreMergedByTimeThroughRotatedAndCompressedParts() throws Exception {
        threeParts();
        try (LogView view = LogView.open(List.of(out, err), -1)) {
            view.all(sink);
        }
        assertThat(texts()).containsExactly("a", "b", "c", "d", "e", "at E.java", "f", "g");
    }

    @Test
    void theLastLinesReachBackThroughTheParts() throws Exception {
        threeParts();
        for (int count = 0; count <= 8; count++) {
            seen.clear();
            try (LogView view = LogView.open(List.of(out, err), -1)) {
                view.last(count, sink);
            }
            List<String> all = List.of("a", "b", "c", "d", "e", "at E.java", "f", "g");
            assertThat(texts()).isEqualTo(all.subList(8 - count, 8));
        }
    }

    @Test
    void oneWorkersLinesAreToldByTheirSlot() throws Exception {
        threeParts();
        try (LogView view = LogView.open(List.of(out, err), 0)) {
            view.all(sink);
        }
        assertThat(texts()).containsExactly("a", "d", "e", "at E.java", "f");
    }

    @Test
    void filesOfSlotsAreFoundByTheirName(@TempDir Path folder) throws Exception {
        Files.writeString(folder.resolve("w0.log"), "zero\n");
        Files.writeString(folder.resolve("w1.log"), "one\n");
        Files.writeString(folder.resolve("w.log"), "not a slot's\n");
        try (LogView view = LogView.open(List.of(folder.resolve("w{slot}.log")), 1)) {
            view.all(sink);
        }
        assertThat(seen).containsExactly("one");
    }

    @Test
    void aFileThatIsNotThereIsEmpty() throws Exception {
        try (LogView view = LogView.open(List.of(out, err), -1)) {
            assertThat(view.all(sink)).isTrue();
        }
        assertThat(seen).isEmpty();
    }

    @Test
    void followingMissesNothingThroughRotations() throws Exception {
        var limits = new Output(Output.Format.RAW, Optional.of(500L), Optional.empty(), Optional.empty(), Output.Overflow.WAIT);
        Archive archive = Archive.start(limits, _ -> {});
        LogFile file = LogFile.at(out, archive, "", _ -> {});
        file.open();
        AtomicBoolean isOver = new AtomicBoolean();
        Thread follower = Thread.ofPlatform().start(() -> follow(isOver));
        int lines = 20_000;
        for (int i = 0; i < lines; i++) {
            file.write(ByteBuffer.wrap(("line " + i + "\n").getBytes(StandardCharsets.UTF_8)));
            if (i % 5000 == 2500) Thread.sleep(300);
        }
        file.close(0);
        isOver.set(true);
        follower.join();
        archive.close();
        assertThat(seen).isEqualTo(IntStream.range(0, lines).mapToObj(i -> "line " + i).toList());
    }

    private void follow(AtomicBoolean isOver) {
        try (LogView view = LogView.open(List.of(out, err), -1)) {
            if (view.all(sink)) view.follow(sink, isOver::get);
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void followingGoesOnWhenLogrotateMovesTheFile() throws Exception {
        Files.writeString(out, "one\n");
        AtomicBoolean isOver = new AtomicBoolean();
        Thread follower = Thread.ofPlatform().start(() -> follow(isOver));
        Soon.isTrue("the first line", () -> seen.contains("one"));
        Files.move(out, out.resolveSibling("out.log.1"));
        Files.writeString(out, "");
        Files.writeString(out.resolveSibling("out.log.1"), "two\n", StandardOpenOption.APPEND);
        Soon.isTrue("what was still written to the old file", () -> seen.contains("two"));
        Files.writeString(out, "three\n", StandardOpenOption.APPEND);
        Soon.isTrue("the new file", () -> seen.contains("three"));
        isOver.set(true);
        follower.join(Duration.ofSeconds(5));
        assertThat(seen).containsExactly("one", "two", "three");
    }

    @Test
    void whatIsWrittenToTheOldFileWhileThereIsNoneOfItsNameIsSeen() throws Exception {
        Files.writeString(out, "one\n");
        Path moved = out.resolveSibling("out.log.1");
        List<String> lines = new ArrayList<>();
        try (LogSource source = new LogSource(out, -1, _ -> true)) {
            look(source, lines);
            Files.move(out, moved);
            look(source, lines);
            Files.writeString(moved, "two\n", StandardOpenOption.APPEND);
            Files.writeString(out, "three\n");
            look(source, lines);
            Files.writeString(moved, "late\n", StandardOpenOption.APPEND);
            look(source, lines);
        }
        assertThat(lines).containsExactly("one", "two", "three", "late");
    }

    private static void look(LogSource source, List<String> lines) throws IOException {
        source.more(line -> lines.add(new String(line.bytes(), StandardCharsets.UTF_8).strip()));
    }
}
