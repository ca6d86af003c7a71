package nary.log;

import java.util.Arrays;
import nary.id.WorkerId;
import nary.posix.Fd;
import nary.posix.OsException;
import nary.posix.Sockets;

/** Our end of one worker's stdout or stderr: passes whole lines on and keeps the line that has no end yet. Used by one thread. */
final class LinePipe {
    /** A line longer than this many bytes is passed on in pieces. */
    static final int LARGE = 1024 * 1024;

    private static final int SMALL = 4096;
    private static final byte[] NOTHING_KEPT = {};
    private static final byte[] NEWLINE = {'\n'};

    final WorkerId worker;
    final Capture.Stream stream;
    final Fd fd;
    final LineFile file;
    private byte[] kept = NOTHING_KEPT;
    private int length;

    LinePipe(WorkerId worker, Capture.Stream stream, Fd fd, LineFile file) {
        this.worker = worker;
        this.stream = stream;
        this.fd = fd;
        this.file = file;
    }

    /** Bytes read into {@code buffer}, 0 at the end, -1 if there is nothing; what was read goes on. */
    int read(Sockets sockets, byte[] buffer) throws OsException {
        int count = sockets.read(fd, buffer, 0, buffer.length);
        if (count > 0) take(buffer, count);
        return count;
    }

    private void take(byte[] bytes, int count) {
        int whole = afterLastNewline(bytes, count);
        boolean isPiece = whole == 0 && (file.isHeldBy(this) || length + count > LARGE);
        if (whole > 0) pass(bytes, whole, true);
        if (isPiece) pass(bytes, count, false);
        else keep(bytes, whole, count);
    }

    private static int afterLastNewline(byte[] bytes, int count) {
        int end = count;
        while (end > 0 && bytes[end - 1] != '\n') end--;
        return end;
    }

    private void pass(byte[] bytes, int count, boolean endsLine) {
        file.append(this, kept, length, bytes, count, endsLine);
        if (kept.length > SMALL) kept = NOTHING_KEPT;
        length = 0;
    }

    private void keep(byte[] bytes, int from, int to) {
        int more = to - from;
        if (length + more > kept.length) kept = Arrays.copyOf(kept, Math.min(LARGE, Math.max(SMALL, 2 * (length + more))));
        System.arraycopy(bytes, from, kept, length, more);
        length += more;
    }

    /** The last line gets its newline if the worker did not write one. Only while the file is not stuck. */
    void end() {
        if (length > 0 || file.isHeldBy(this)) pass(NEWLINE, 1, true);
    }

    /** Bytes of a line without an end. */
    int kept() {
        return length;
    }
}
