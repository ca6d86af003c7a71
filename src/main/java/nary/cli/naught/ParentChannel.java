package nary.cli.naught;

import java.io.IOException;
import java.io.OutputStream;
import nary.cli.LineWriter;
import nary.posix.Fd;
import nary.posix.OsException;
import nary.posix.Posix;
import org.jspecify.annotations.Nullable;

/** The IPC channel of the Node program that started this one, if it opened one: a JSON value a line. Who says something never waits. */
final class ParentChannel implements AutoCloseable {
    private static final long PAUSE_MILLIS = 5;

    private final @Nullable LineWriter lines;

    private ParentChannel(@Nullable LineWriter lines) {
        this.lines = lines;
    }

    static ParentChannel open(Posix posix) {
        String number = System.getenv().getOrDefault("NODE_CHANNEL_FD", "");
        boolean isJson = System.getenv().getOrDefault("NODE_CHANNEL_SERIALIZATION_MODE", "json").equals("json");
        if (!number.matches("[0-9]{1,6}") || !isJson) return new ParentChannel(null);
        return new ParentChannel(new LineWriter("parent", new Channel(posix, new Fd(Integer.parseInt(number)))));
    }

    void say(String json) {
        if (lines != null) lines.write(json);
    }

    @Override
    public void close() throws InterruptedException {
        if (lines != null) lines.close();
    }

    /** The descriptor may be non-blocking. */
    private static final class Channel extends OutputStream {
        private final Posix posix;
        private final Fd fd;

        Channel(Posix posix, Fd fd) {
            this.posix = posix;
            this.fd = fd;
        }

        @Override
        public void write(int octet) throws IOException {
            write(new byte[] {(byte) octet}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            // a parent that did not read for long misses events; that is no reason to send it what is no JSON
            if (bytes[offset] != '{') return;
            int written = 0;
            while (written < length) {
                int count = write(bytes, offset + written, length - written, posix, fd);
                if (count < 0) pause();
                else written += count;
            }
        }

        private static int write(byte[] bytes, int offset, int length, Posix posix, Fd fd) throws OsException {
            return posix.sockets().write(fd, bytes, offset, length);
        }

        private static void pause() throws IOException {
            try {
                Thread.sleep(PAUSE_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted", e);
            }
        }
    }
}
