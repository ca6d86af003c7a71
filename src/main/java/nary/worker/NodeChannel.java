package nary.worker;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import nary.posix.Fd;
import nary.posix.OsException;
import nary.posix.Sockets;

/** Our end of a Node IPC channel: one JSON value a line. Only the bare string {@code "online"} means something yet; all else is ignored. */
public final class NodeChannel {
    private static final int LONGEST_LINE = 64 * 1024;

    private final Sockets sockets;
    private final Fd fd;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private final byte[] buffer = new byte[8 * 1024];

    public NodeChannel(Sockets sockets, Fd fd) {
        this.sockets = sockets;
        this.fd = fd;
    }

    public Fd fd() {
        return fd;
    }

    /** What has arrived. @param ended the worker closed its end */
    public record Words(List<String> lines, boolean ended) {}

    /** Reads what is there, without blocking. Lines over 64 KiB are dropped. */
    public Words read() throws OsException {
        List<String> lines = new ArrayList<>();
        while (true) {
            int count = sockets.read(fd, buffer, 0, buffer.length);
            if (count <= 0) return new Words(lines, count == 0);
            for (int i = 0; i < count; i++) take(buffer[i], lines);
        }
    }

    private void take(byte b, List<String> lines) {
        if (b != '\n') {
            if (line.size() <= LONGEST_LINE) line.write(b);
            return;
        }
        if (line.size() <= LONGEST_LINE) lines.add(line.toString(StandardCharsets.UTF_8).strip());
        line.reset();
    }

    public void close() {
        sockets.close(fd);
    }
}
