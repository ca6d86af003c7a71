package nary.worker;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import nary.posix.Fd;
import nary.posix.OsException;
import nary.posix.Sockets;

/**
 * Our end of a Node IPC channel: one JSON value a line. The bare strings {@code "online"} and {@code "offline"} from the worker and
 * {@code "shutdown"} to it mean something; all else is ignored.
 */
public final class NodeChannel {
    private static final int LONGEST_LINE = 64 * 1024;
    /** Taken at a time, so that one who shouts does not keep the others waiting. */
    private static final int MOST_BYTES = 64 * 1024;

    private static final String ONLINE = "\"online\"";
    private static final String OFFLINE = "\"offline\"";
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

    /**
     * What has arrived.
     *
     * @param sayings each once, in the order in which it was said first
     * @param ended the worker closed its end
     */
    public record Words(List<Saying> sayings, boolean ended) {}

    /** Reads what is there, without blocking: at most 64 KiB at a time. Lines longer than that are dropped. */
    public Words read() throws OsException {
        Set<Saying> sayings = new LinkedHashSet<>();
        for (int left = MOST_BYTES; left > 0; ) {
            int count = sockets.read(fd, buffer, 0, Math.min(left, buffer.length));
            if (count <= 0) return new Words(List.copyOf(sayings), count == 0);
            for (int i = 0; i < count; i++) take(buffer[i], sayings);
            left -= count;
        }
        return new Words(List.copyOf(sayings), false);
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

    private void take(byte b, Set<Saying> sayings) {
        if (b != '\n') {
            if (line.size() <= LONGEST_LINE) line.write(b);
            return;
        }
        if (line.size() <= LONGEST_LINE) take(line.toString(StandardCharsets.UTF_8).strip(), sayings);
        line.reset();
    }

    private void take(String message, Set<Saying> sayings) {
        if (message.equals(ONLINE)) sayings.add(new Saying.Ready());
        if (message.equals(OFFLINE)) sayings.add(new Saying.Stopping());
        wasOnline |= message.equals(ONLINE);
    }

    public void close() {
        sockets.close(fd);
    }
}
