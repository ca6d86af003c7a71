package nary.worker;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import nary.posix.Fd;
import nary.posix.OsException;
import nary.posix.Sockets;

/**
 * Our end of a Node IPC channel: one JSON value a line. The bare strings {@code "online"} and {@code "offline"} from the worker and
 * {@code "shutdown"} to it mean something; all else is ignored.
 */
public final class NodeChannel {
    private static final int LONGEST_LINE = 64 * 1024;
    private static final byte[] SHUTDOWN = "\"shutdown\"\n".getBytes(StandardCharsets.US_ASCII);

    private final Sockets sockets;
    private final Fd fd;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private final byte[] buffer = new byte[8 * 1024];
    private boolean wasOnline;
    private boolean wasToldToEnd;

    public NodeChannel(Sockets sockets, Fd fd) {
        this.sockets = sockets;
        this.fd = fd;
    }

    public Fd fd() {
        return fd;
    }

    /** What has arrived. @param ended the worker closed its end */
    public record Words(List<String> lines, boolean ended) {
        public boolean isOnline() {
            return lines.contains("\"online\"");
        }

        public boolean isOffline() {
            return lines.contains("\"offline\"");
        }
    }

    /** Reads what is there, without blocking. Lines over 64 KiB are dropped. */
    public Words read() throws OsException {
        List<String> lines = new ArrayList<>();
        while (true) {
            int count = sockets.read(fd, buffer, 0, buffer.length);
            if (count <= 0) return heard(lines, count == 0);
            for (int i = 0; i < count; i++) take(buffer[i], lines);
        }
    }

    private Words heard(List<String> lines, boolean ended) {
        Words words = new Words(lines, ended);
        wasOnline |= words.isOnline();
        return words;
    }

    /**
     * Tells the worker to end and that this was the last word: its process disconnects once it has read it.
     *
     * @param unheard also one that never said {@code "online"} and so may not listen
     * @return false if it cannot be told: it never said a word, or it was told before, or it is gone
     */
    public boolean shutDown(boolean unheard) {
        if (!wasOnline && !unheard || wasToldToEnd) return false;
        try {
            wasToldToEnd = sockets.write(fd, SHUTDOWN, 0, SHUTDOWN.length) == SHUTDOWN.length;
            if (wasToldToEnd) sockets.endWriting(fd);
            return wasToldToEnd;
        } catch (OsException gone) {
            return false;
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
