package nary.log;

import java.util.Arrays;
import nary.id.WorkerId;
import nary.posix.Fd;
import nary.posix.OsException;
import nary.posix.Sockets;

/** Our end of one worker's stdout or stderr: reads what is there and passes whole lines on. Used by one thread. */
final class LinePipe {
    private static final int SMALL = 64 * 1024;
    /** A line longer than this is passed on in pieces. */
    private static final int LARGE = 1024 * 1024;

    final WorkerId worker;
    final Capture.Stream stream;
    final Fd fd;
    final LineFile file;
    private byte[] buffer = new byte[SMALL];
    private int fill;
    boolean paused;
    /** A piece of a line was passed on and its end was not. */
    boolean midLine;

    LinePipe(WorkerId worker, Capture.Stream stream, Fd fd, LineFile file) {
        this.worker = worker;
        this.stream = stream;
        this.fd = fd;
        this.file = file;
    }

    /** What one look brought. */
    enum Read {
        DATA,
        NOTHING,
        END
    }

    interface Lines {
        void take(byte[] bytes, int length);
    }

    /** One read; whole lines go to {@code lines}. */
    Read read(Sockets sockets, Lines lines) throws OsException {
        if (fill == buffer.length) buffer = Arrays.copyOf(buffer, Math.min(LARGE, buffer.length * 4));
        int count = sockets.read(fd, buffer, fill, buffer.length - fill);
        if (count < 0) return Read.NOTHING;
        if (count == 0) {
            end(lines);
            return Read.END;
        }
        fill += count;
        int whole = wholeLines(count);
        if (whole > 0) pass(lines, whole, false);
        else if (fill == LARGE) pass(lines, fill, true);
        return Read.DATA;
    }

    private int wholeLines(int fresh) {
        for (int i = fill - 1; i >= fill - fresh; i--) if (buffer[i] == '\n') return i + 1;
        return 0;
    }

    private void pass(Lines lines, int length, boolean piece) {
        lines.take(buffer, length);
        midLine = piece;
        System.arraycopy(buffer, length, buffer, 0, fill - length);
        fill -= length;
        if (fill < SMALL && buffer.length > SMALL) buffer = Arrays.copyOf(buffer, SMALL);
    }

    /** The last line gets its newline if the worker did not write one. */
    void end(Lines lines) {
        if (fill == 0 && !midLine) return;
        if (fill == buffer.length) buffer = Arrays.copyOf(buffer, fill + 1);
        buffer[fill++] = '\n';
        pass(lines, fill, false);
    }
}
