package nary.log;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A file that several pipes append whole lines to. When its outlet takes no more, what could not be written is kept and tried again; until
 * then the file is stuck, and whoever wants to append has to wait. A pipe in the middle of a long line holds the file, within a bound. Used
 * by one thread.
 */
final class LineFile {
    private static final long RETRY_NANOS = 100_000_000;
    private static final long HOLD_NANOS = 1_000_000_000;
    private static final byte[] NEWLINE = {'\n'};

    private final Outlet outlet;
    private final LineFormat format;
    private @Nullable ByteBuffer rest;
    private @Nullable LinePipe holder;
    private long holdEnd;
    private long retryAt;

    LineFile(Outlet outlet, LineFormat format) {
        this.outlet = outlet;
        this.format = format;
    }

    boolean isStuck() {
        return rest != null;
    }

    boolean isHeldBy(LinePipe pipe) {
        return holder == pipe;
    }

    boolean mustWait(LinePipe pipe) {
        boolean isUnknown = format.needsPid() && pipe.pid() == 0;
        return isUnknown || rest != null || holder != null && holder != pipe && System.nanoTime() - holdEnd < 0;
    }

    /** Only while it is not stuck. @param endsLine false for a piece of a long line */
    void append(LinePipe from, ByteBuffer bytes, boolean endsLine) {
        boolean isContinued = holder == from;
        boolean isCut = holder != null && !isContinued;
        holdFor(endsLine || !format.leavesOpen() ? null : from);
        ByteBuffer made = format.format(from, bytes, isContinued, endsLine);
        ByteBuffer whole = isCut ? joined(ByteBuffer.wrap(NEWLINE), made) : made;
        if (outlet.write(whole)) return;
        rest = joined(whole);
        retryAt = System.nanoTime() + RETRY_NANOS;
    }

    private void holdFor(@Nullable LinePipe pipe) {
        if (pipe != null && pipe != holder) holdEnd = System.nanoTime() + HOLD_NANOS;
        holder = pipe;
    }

    private static ByteBuffer joined(ByteBuffer... pieces) {
        int length = 0;
        for (ByteBuffer piece : pieces) length += piece.remaining();
        ByteBuffer joined = ByteBuffer.allocate(length);
        for (ByteBuffer piece : pieces) joined.put(piece);
        return joined.flip();
    }

    /** Tries again, if it is time. @param now whether it is time or not */
    void retry(boolean now) {
        ByteBuffer waiting = rest;
        if (waiting == null || !now && System.nanoTime() - retryAt < 0) return;
        retryAt = System.nanoTime() + RETRY_NANOS;
        if (!outlet.write(waiting)) return;
        rest = null;
        holdEnd = System.nanoTime() + HOLD_NANOS;
    }

    void reopen() {
        outlet.reopen();
    }

    /** @param end in System.nanoTime; @return bytes that never reached the file, at least */
    long close(long end) {
        retry(true);
        return outlet.close(end) + (rest == null ? 0 : rest.remaining());
    }
}
