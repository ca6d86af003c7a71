package nary.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import nary.config.Output;
import nary.id.WorkerId;
import nary.log.Capture.Stream;
import nary.posix.Errno;
import nary.posix.Fd;
import nary.posix.OsException;
import nary.posix.Posix;
import nary.posix.Processes;
import nary.posix.ffm.LinuxPosix;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class CaptureTest {
    private static final WorkerId A = new WorkerId(1, 0, 1);
    private static final WorkerId B = new WorkerId(1, 1, 1);
    private static final Output UNROTATED = new Output(Output.Format.RAW, Optional.empty(), Optional.empty(), Optional.empty(), Output.Overflow.WAIT);
    private static final Duration LIMIT = Duration.ofSeconds(20);

    private final Posix posix = LinuxPosix.create();
    private final Queue<String> trouble = new ConcurrentLinkedQueue<>();
    private final List<Fd> ends = new ArrayList<>();
    private Path out;
    private Path err;
    private Capture capture;

    @BeforeEach
    void start(@TempDir Path folder) throws IOException {
        out = folder.resolve("logs/out.log");
        err = folder.resolve("logs/err.log");
        capture = Capture.start(posix, out, err, UNROTATED, trouble::add);
    }

    @AfterEach
    void close() throws InterruptedException {
        hangUp();
        capture.drainAndClose(Duration.ofSeconds(5));
    }

    private Fd open(WorkerId worker, Stream stream) throws OsException {
        Fd end = capture.open(worker, stream);
        ends.add(end);
        return end;
    }

    private void hangUp() {
        ends.forEach(posix.sockets()::close);
        ends.clear();
    }

    private void write(Fd end, byte[] bytes) throws OsException {
        for (int done = 0; done < bytes.length; ) done += posix.sockets().write(end, bytes, done, bytes.length - done);
    }

    private void write(Fd end, String text) throws OsException {
        write(end, text.getBytes(StandardCharsets.UTF_8));
    }

    private void finish() throws InterruptedException {
        hangUp();
        capture.drainAndClose(LIMIT);
    }

    /** Its output goes to A's pipes; returns when the shell itself has ended. */
    private void shell(String script) throws Exception {
        Fd stdout = capture.open(A, Stream.OUT);
        Fd stderr = capture.open(A, Stream.ERR);
        var program = new Processes.Program(
                "/bin/sh", List.of("sh", "-c", script), Map.of("PATH", "/usr/bin:/bin"), "/", Map.of(1, stdout, 2, stderr), Processes.Isolation.GROUP);
        var child = posix.processes().spawn(program);
        posix.sockets().close(stdout);
        posix.sockets().close(stderr);
        Soon.isTrue("the shell ends", () -> posix.processes().reap(child.pidfd()).isPresent());
        posix.sockets().close(child.pidfd());
    }

    @Test
    void linesOfManyWritersAreWholeAndInOrder() throws Exception {
        int writers = 8;
        int lines = 2000;
        List<Thread> threads = new ArrayList<>();
        for (int w = 0; w < writers; w++) threads.add(writer(w, open(new WorkerId(1, w, 1), Stream.OUT), lines));
        for (Thread thread : threads) thread.join();
        finish();

        Map<Integer, Integer> next = new HashMap<>();
        for (String line : Files.readAllLines(out)) {
            String[] words = line.split(" ");
            int writer = Integer.parseInt(words[0]);
            int number = Integer.parseInt(words[1]);
            assertThat(number).isEqualTo(next.getOrDefault(writer, 0));
            assertThat(line).isEqualTo(line(writer, number));
            next.put(writer, number + 1);
        }
        assertThat(next).hasSize(writers).allSatisfy((writer, count) -> assertThat(count).isEqualTo(lines));
    }

    private static String line(int writer, int number) {
        return writer + " " + number + " " + "x".repeat(new Random(31L * writer + number).nextInt(number % 100 == 0 ? 100_000 : 300));
    }

    /** Writes in pieces that do not care for line ends. */
    private Thread writer(int number, Fd end, int lines) {
        return Thread.ofPlatform().start(() -> {
            Random random = new Random(number);
            StringBuilder text = new StringBuilder();
            for (int i = 0; i < lines; i++) text.append(line(number, i)).append('\n');
            byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
            try {
                for (int from = 0, to; from < bytes.length; from = to) {
                    to = Math.min(bytes.length, from + 1 + random.nextInt(5000));
                    write(end, Arrays.copyOfRange(bytes, from, to));
                }
            } catch (OsException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    @Test
    void whatAWorkerWroteJustBeforeItWasKilledIsInTheFile() throws Exception {
        shell("echo first; echo why >&2; echo last; kill -9 $$");
        finish();
        assertThat(out).content().isEqualTo("first\nlast\n");
        assertThat(err).content().isEqualTo("why\n");
    }

    @Test
    void aLastLineWithoutAnEndGetsOne() throws Exception {
        write(open(A, Stream.OUT), "one\ntwo");
        finish();
        assertThat(out).content().isEqualTo("one\ntwo\n");
    }

    @Test
    void anEmptyOutputStaysEmpty() throws Exception {
        open(A, Stream.OUT);
        finish();
        assertThat(out).isEmptyFile();
    }

    @Test
    void filesAreAppendedTo() throws Exception {
        write(open(A, Stream.OUT), "one\n");
        finish();
        capture = Capture.start(posix, out, err, UNROTATED, trouble::add);
        write(open(A, Stream.OUT), "two\n");
        finish();
        assertThat(out).content().isEqualTo("one\ntwo\n");
    }

    @Test
    void bytesPassUnchanged() throws Exception {
        byte[] bytes = new byte[300_000];
        new Random(7).nextBytes(bytes);
        bytes[bytes.length - 1] = '\n';
        write(open(A, Stream.OUT), bytes);
        finish();
        assertThat(out).hasBinaryContent(bytes);
    }

    @Test
    void aLineOfTenMegabytesStaysWholeAmongOthers() throws Exception {
        Fd big = open(A, Stream.OUT);
        Fd small = open(B, Stream.OUT);
        Thread others = Thread.ofPlatform().start(() -> repeat(small, "small\n", 5000));
        byte[] line = new byte[10_000_000];
        Arrays.fill(line, (byte) 'b');
        line[line.length - 1] = '\n';
        write(big, line);
        others.join();
        finish();

        Map<String, Integer> counts = new HashMap<>();
        for (String each : Files.readAllLines(out)) counts.merge(each.length() + each.substring(0, 1), 1, Integer::sum);
        assertThat(counts).containsOnly(Map.entry("5s", 5000), Map.entry("9999999b", 1));
    }

    private void repeat(Fd end, String text, int times) {
        try {
            for (int i = 0; i < times; i++) write(end, text);
        } catch (OsException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aLongLineThatDoesNotEndHoldsTheOthersUpForASecondOnly() throws Exception {
        Fd endless = open(A, Stream.OUT);
        Fd other = open(B, Stream.OUT);
        write(endless, "a".repeat(3 * LinePipe.LARGE));
        Soon.isTrue("a piece is passed on", () -> Files.size(out) >= LinePipe.LARGE);
        write(other, "other\n");
        Soon.isTrue("the other's line", () -> Files.readString(out).contains("\nother\n"));
        write(endless, "z\n");
        finish();
        assertThat(Files.readString(out).replaceAll("[\n]|other", "")).isEqualTo("a".repeat(3 * LinePipe.LARGE) + "z");
        assertThat(Files.readAllLines(out)).contains("other").allMatch(line -> line.equals("other") || line.matches("a*z?"));
    }

    @Test
    void bothMayBeTheSameFile() throws Exception {
        finish();
        capture = Capture.start(posix, out, out, UNROTATED, trouble::add);
        Fd stderr = open(A, Stream.ERR);
        write(open(A, Stream.OUT), "out\n");
        write(stderr, "err\n");
        finish();
        assertThat(Files.readAllLines(out)).containsExactlyInAnyOrder("out", "err");
    }

    @Test
    void outputMayBeDiscarded() throws Exception {
        finish();
        capture = Capture.start(posix, Path.of("/dev/null"), err, UNROTATED, trouble::add);
        write(open(A, Stream.OUT), "x".repeat(1_000_000) + "\n");
        write(open(A, Stream.ERR), "kept\n");
        finish();
        assertThat(err).content().isEqualTo("kept\n");
    }

    @Test
    void theLastErrorsAreKnownLineByLine() throws Exception {
        Fd stderr = open(A, Stream.ERR);
        repeat(stderr, "x".repeat(99) + "\n", 1000);
        write(stderr, "\tat Main.java\nError: port in use\nunfinished");
        capture.awaitEnd(A, LIMIT);
        assertThat(capture.lastErrors(A, 3)).containsExactly("\tat Main.java", "Error: port in use", "unfinished");
        assertThat(capture.lastErrors(A, 1000)).hasSizeBetween(160, 167).startsWith("x".repeat(99));
        assertThat(capture.lastErrors(B, 3)).isEmpty();
        capture.forget(A);
        assertThat(capture.lastErrors(A, 3)).isEmpty();
    }

    @Test
    void theErrorsOfTheLatestDeadAreRememberedAndOfAllTheLiving() throws Exception {
        write(open(A, Stream.ERR), "alive\n");
        for (int i = 2; i < 102; i++) {
            WorkerId dead = new WorkerId(2, 0, i);
            Fd end = capture.open(dead, Stream.ERR);
            write(end, "dead " + i + "\n");
            posix.sockets().close(end);
            capture.awaitEnd(dead, LIMIT);
        }
        assertThat(capture.lastErrors(A, 1)).containsExactly("alive");
        assertThat(capture.lastErrors(new WorkerId(2, 0, 101), 1)).containsExactly("dead 101");
        assertThat(capture.lastErrors(new WorkerId(2, 0, 2), 1)).isEmpty();
    }

    @Test
    void aGrandchildThatKeepsThePipeOpenDelaysNothing() throws Exception {
        shell("echo why >&2; printf partial; sleep 4 & exit 1");
        long start = System.nanoTime();
        capture.awaitEnd(A, LIMIT);
        assertThat(capture.lastErrors(A, 1)).containsExactly("why");
        finish();
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(3));
        assertThat(out).content().isEqualTo("partial\n");
    }

    @Test
    void aWriteThatHangsHoldsItsWritersAndNobodyElse(@TempDir Path folder) throws Exception {
        finish();
        Path fifo = folder.resolve("fifo");
        assertThat(new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor()).isZero();
        try (RandomAccessFile reader = new RandomAccessFile(fifo.toFile(), "rw")) {
            capture = Capture.start(posix, fifo, err, UNROTATED, trouble::add);
            AtomicInteger written = new AtomicInteger();
            Fd stdout = open(A, Stream.OUT);
            Thread.ofPlatform().daemon().start(() -> countedWrites(stdout, 5000, written));
            awaitStandstill(written);
            assertThat(written.get()).isLessThan(2000);

            capture.awaitEnd(A, Duration.ofMillis(50));
            capture.open(B, Stream.ERR);
            assertThat(capture.lastErrors(A, 1)).isEmpty();

            byte[] line = new byte[1000];
            for (int i = 0; i < 5000; i++) reader.readFully(line);
            assertThat(written).hasValue(5000);
        }
    }

    @Test
    void aWriteThatHangsForEverDoesNotKeepNaryFromEnding(@TempDir Path folder) throws Exception {
        finish();
        Path fifo = folder.resolve("fifo");
        assertThat(new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor()).isZero();
        try (RandomAccessFile _ = new RandomAccessFile(fifo.toFile(), "rw")) {
            capture = Capture.start(posix, fifo, err, UNROTATED, trouble::add);
            AtomicInteger written = new AtomicInteger();
            Fd stdout = open(A, Stream.OUT);
            Thread.ofPlatform().daemon().start(() -> countedWrites(stdout, 5000, written));
            awaitStandstill(written);
            long start = System.nanoTime();
            capture.drainAndClose(Duration.ofMillis(200));
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(2));
            assertThat(trouble).anyMatch(line -> line.matches("at least [0-9]+ bytes of the workers' output could not be written"));
        }
    }

    private void countedWrites(Fd end, int times, AtomicInteger written) {
        byte[] line = ("y".repeat(999) + "\n").getBytes(StandardCharsets.UTF_8);
        try {
            for (int i = 0; i < times; i++) {
                write(end, line);
                written.incrementAndGet();
            }
        } catch (OsException readerGone) {
            assertThat(readerGone.errno()).isEqualTo(Errno.EPIPE);
        }
    }

    private static void awaitStandstill(AtomicInteger written) throws Exception {
        for (int before = -1; written.get() != before || before == 0; Thread.sleep(300)) before = written.get();
    }

    @Test
    void aFullDiskIsSaidOnceAndNothingIsLostWhenItHasRoomAgain() throws Exception {
        finish();
        Disk full = new Disk(5500);
        Disk fine = new Disk(Integer.MAX_VALUE);
        capture = Capture.start(posix, OutputFiles.of(on("out.log", full), on("err.log", fine)), trouble::add);
        AtomicInteger written = new AtomicInteger();
        Fd stdout = open(A, Stream.OUT);
        Thread writer = Thread.ofPlatform().daemon().start(() -> countedWrites(stdout, 3000, written));
        Soon.isTrue("the disk is full", () -> !trouble.isEmpty());
        write(open(B, Stream.ERR), "goes on\n");
        Soon.isTrue("the other file goes on", () -> fine.text().equals("goes on\n"));

        awaitStandstill(written);
        assertThat(written.get()).isLessThan(3000);
        full.addRoom(10_000_000);
        writer.join();
        finish();
        assertThat(full.text()).isEqualTo(("y".repeat(999) + "\n").repeat(3000));
        assertThat(trouble)
                .containsExactly(
                        "writing out.log: No space left on device; the workers' output waits in their pipes until it works again",
                        "writing out.log works again");
    }

    @Test
    void aDiskThatStaysFullDoesNotKeepNaryFromEnding() throws Exception {
        finish();
        capture = Capture.start(posix, Path.of("/dev/full"), err, UNROTATED, trouble::add);
        write(open(A, Stream.OUT), "lost\n");
        hangUp();
        capture.drainAndClose(Duration.ofMillis(300));
        assertThat(trouble)
                .containsExactly(
                        "writing /dev/full: No space left on device; the workers' output waits in their pipes until it works again",
                        "at least 5 bytes of the workers' output could not be written");
    }

    private LineFile on(String name, Disk disk) {
        LogFile file = LogFile.of(name, disk, "the workers' output waits in their pipes until it works again", trouble::add);
        return new LineFile(file, LineFormat.of(Output.Format.RAW));
    }
}
