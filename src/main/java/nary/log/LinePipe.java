package nary.log;

import java.nio.ByteBuffer;
import java.util.Arrays;
import nary.id.WorkerId;
import nary.posix.Fd;
import nary.posix.OsException;
import nary.posix.Sockets;

/** Our end of one worker's stdout or stderr: passes whole lines on and keeps the line that has no end yet. Used by one thread. */
final class LinePipe {
    /** A line longer than this many bytes is passed on in pieces. */
    static final int LARGE = 1024 * 1024;

    private static final int READ = 256 * 1024;
    private static final int SMALL = 4096;
    private static final byte[] NOTHING_KEPT = {};
    private static final int UNKNOWN = 0;
    private static final int NONE = -1;

    final WorkerId worker;
    final Capture.Stream stream;
    final Fd fd;
    final LineFile file;
    private byte[] kept = NOTHING_KEPT;
    private int length;
    /** Told by another thread when the worker is spawned. */
    private volatile int pid = UNKNOWN;

    LinePipe(WorkerId worker, Capture.Stream stream, Fd fd, LineFile file) {
        this.worker = worker;
        this.stream = stream;
        this.fd = fd;
        this.file = file;
    }

    /** For all pipes of a thread: what is kept, and what is read after it. Direct, so that from the pipe to the file nothing is copied. */
    static ByteBuffer buffer() {
        return ByteBuffer.allocateDirect(LARGE + READ);
    }

    /** 0 as long as it is not known. */
    int pid() {
        return pid;
    }

    /** @param number 0 if there will be no process */
    void pid(int number) {
        pid = number == UNKNOWN ? NONE : number;
    }

    /** Bytes read, 0 at the end, -1 if there is nothing; what was read goes on, and to the tails. */
    int read(Sockets sockets, ByteBuffer buffer, Tails tails) throws OsException {
        int count = sockets.read(fd, buffer.limit(length + READ).position(length));
        if (count <= 0) return count;
        buffer.put(0, kept, 0, length);
        if (stream == Capture.Stream.ERR) tails.add(worker, buffer.slice(length, count));
        take(buffer, length + count);
        return count;
    }

    private void take(ByteBuffer bytes, int count) {
        int whole = afterLastNewline(bytes, count);
        boolean isPiece = whole == 0 && (file.isHeldBy(this) || count > LARGE);
        if (whole > 0) file.append(this, bytes.slice(0, whole), true);
        if (isPiece) file.append(this, bytes.slice(0, count), false);
        keep(bytes, isPiece ? count : whole, count);
    }

    private int afterLastNewline(ByteBuffer bytes, int count) {
        int end = count;
        while (end > length && bytes.get(end - 1) != '\n') end--;
        return end > length ? end : 0;
    }

    private void keep(ByteBuffer bytes, int from, int to) {
        length = to - from;
        if (length > kept.length || kept.length > SMALL && length < SMALL) kept = length == 0 ? NOTHING_KEPT : new byte[roomFor(length)];
        bytes.get(from, kept, 0, length);
    }

    private static int roomFor(int length) {
        return Math.min(LARGE, Math.max(SMALL, 2 * length));
    }

    /** The last line gets its newline if the worker did not write one. Only while the file is not stuck. */
    void end() {
        if (length == 0 && !file.isHeldBy(this)) return;
        byte[] last = Arrays.copyOf(kept, length + 1);
        last[length] = '\n';
        file.append(this, ByteBuffer.wrap(last), true);
        length = 0;
    }

    /** Bytes of a line without an end. */
    int kept() {
        return length;
    }
}
