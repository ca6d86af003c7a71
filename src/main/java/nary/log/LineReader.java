package nary.log;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/** Reads lines as bytes. At the end of a file that still grows it may be asked again. */
final class LineReader implements AutoCloseable {
    private final InputStream in;
    private final byte[] buffer = new byte[64 * 1024];
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private int from;
    private int to;

    LineReader(InputStream in) {
        this.in = in;
    }

    /** With its newline. @return null if there is no whole line for now */
    byte @Nullable [] next() throws IOException {
        while (true) {
            for (int i = from; i < to; i++) {
                if (buffer[i] == '\n') return take(i + 1);
            }
            line.write(buffer, from, to - from);
            from = 0;
            to = Math.max(0, in.read(buffer));
            if (to == 0) return null;
        }
    }

    private byte[] take(int end) {
        line.write(buffer, from, end - from);
        from = end;
        byte[] whole = line.toByteArray();
        line.reset();
        return whole;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
