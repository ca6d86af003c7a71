package nary.control;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Lines of UTF-8 from a channel or stream, none longer than a limit. */
public final class Lines {
    private final Source source;
    private final int limit;
    private ByteBuffer buffer = ByteBuffer.allocate(4096).limit(0);

    private interface Source {
        int read(ByteBuffer into) throws IOException;
    }

    private Lines(Source source, int limit) {
        this.source = source;
        this.limit = limit;
    }

    static Lines of(SocketChannel channel, int limit) {
        return new Lines(channel::read, limit);
    }

    /** @param limit bytes of the longest line */
    public static Lines of(InputStream in, int limit) {
        return new Lines(
                into -> {
                    int count = in.read(into.array(), into.position(), into.remaining());
                    if (count > 0) into.position(into.position() + count);
                    return count;
                },
                limit);
    }

    /** The next line without its end; null at the end of the stream. A last line without an end does not count. */
    public @Nullable String next() throws IOException {
        int scanned = 0;
        while (true) {
            int end = lineEnd(scanned);
            if (end >= 0) return take(end);
            scanned = buffer.remaining();
            if (scanned > limit) throw new WireException("a line longer than " + limit + " bytes");
            if (!fill()) return null;
        }
    }

    /** Index of the line's end, from the position; -1 if there is none yet. */
    private int lineEnd(int from) {
        for (int i = from; i < buffer.remaining(); i++) if (buffer.get(buffer.position() + i) == '\n') return i;
        return -1;
    }

    private String take(int length) throws WireException {
        if (length > limit) throw new WireException("a line longer than " + limit + " bytes");
        ByteBuffer line = buffer.slice(buffer.position(), length);
        buffer.position(buffer.position() + length + 1);
        try {
            CharBuffer text = StandardCharsets.UTF_8.newDecoder().decode(line);
            return text.toString();
        } catch (CharacterCodingException e) {
            throw new WireException("a line that is not UTF-8");
        }
    }

    private boolean fill() throws IOException {
        if (buffer.remaining() == buffer.capacity()) {
            buffer = ByteBuffer.allocate(buffer.capacity() * 2).put(buffer);
        } else {
            buffer.compact();
        }
        int count = source.read(buffer);
        buffer.flip();
        return count >= 0;
    }
}
