package nary.fleet.ssh;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** One local process, its input fed, its output read by lines, its end awaited. Its readers are platform threads: they sit in a read. */
final class Session {
    private static final Duration GRACE = Duration.ofSeconds(2);

    private final Process process;
    private final List<Thread> threads = new ArrayList<>();

    Session(Process process) {
        this.process = process;
    }

    interface Input {
        void write(OutputStream to) throws IOException;
    }

    interface Output {
        void read(InputStream from) throws IOException;
    }

    /** Writes, and closes the process's stdin unless it is to be held open until the end. */
    Session feed(Input input, boolean isHeldOpen) {
        start("in", () -> {
            OutputStream to = process.getOutputStream();
            try {
                input.write(to);
                to.flush();
            } finally {
                if (!isHeldOpen) to.close();
            }
        });
        return this;
    }

    Session out(Output output) {
        start("out", () -> output.read(process.getInputStream()));
        return this;
    }

    Session err(Output output) {
        start("err", () -> output.read(process.getErrorStream()));
        return this;
    }

    Session lines(Lines lines) {
        Object turn = new Object();
        Lines inTurn = (stream, text) -> {
            synchronized (turn) {
                lines.line(stream, text);
            }
        };
        return out(from -> split(from, line -> inTurn.line(Lines.Stream.OUT, line))).err(from -> split(from, line -> inTurn.line(Lines.Stream.ERR, line)));
    }

    /** The exit status; empty if the limit passed. The process is gone in any case, all that it said was delivered. */
    Optional<Integer> await(Duration limit) throws InterruptedException {
        try {
            boolean hasEnded = process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
            if (!hasEnded) end();
            for (Thread thread : threads) thread.join(GRACE);
            return hasEnded ? Optional.of(process.exitValue()) : Optional.empty();
        } finally {
            end();
        }
    }

    /** Ends the process, if need be by force. Returns when it is gone, after some seconds at most. */
    void end() {
        process.destroy();
        if (process.isAlive() && !hasEndedWithin(GRACE)) process.destroyForcibly();
        close(process.getOutputStream());
    }

    private boolean hasEndedWithin(Duration grace) {
        boolean isInterrupted = Thread.interrupted();
        try {
            return process.waitFor(grace.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            isInterrupted = true;
            return false;
        } finally {
            if (isInterrupted) Thread.currentThread().interrupt();
        }
    }

    private void start(String what, Work work) {
        threads.add(Thread.ofPlatform().daemon().name("remote " + what + " " + process.pid()).start(() -> {
            try {
                work.run();
            } catch (IOException e) {
                // the process has ended, or was ended, before it took or said everything: its exit status tells
            }
        }));
    }

    private interface Work {
        void run() throws IOException;
    }

    private static void close(OutputStream stream) {
        try {
            stream.close();
        } catch (IOException e) {
            // a pipe whose reader is gone
        }
    }

    interface LineSink {
        void line(String text);
    }

    /** Lines without their ends, long ones in pieces. */
    static void split(InputStream from, LineSink sink) throws IOException {
        byte[] buffer = new byte[8192];
        var line = new java.io.ByteArrayOutputStream();
        for (int n = from.read(buffer); n >= 0; n = from.read(buffer)) {
            int begin = 0;
            for (int i = 0; i < n; i++) {
                boolean isEnd = buffer[i] == '\n';
                if (!isEnd && line.size() + i - begin < Lines.MOST_BYTES - 1) continue;
                line.write(buffer, begin, isEnd ? i - begin : i + 1 - begin);
                sink.line(line.toString(StandardCharsets.UTF_8));
                line.reset();
                begin = i + 1;
            }
            line.write(buffer, begin, n - begin);
        }
        if (line.size() > 0) sink.line(line.toString(StandardCharsets.UTF_8));
    }
}
