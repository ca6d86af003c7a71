package nary.posix;

import java.time.Duration;
import java.util.List;

/** One epoll(7) instance, level-triggered, and a way to wake it. Only {@link #wake} may be called from other threads. */
public interface Poll extends AutoCloseable {

    /** Watches for reading (or the other end's hang-up). @param token given back in {@link Ready} */
    void watch(Fd fd, long token) throws OsException;

    /** Watches for hang-up and errors only. */
    void watchHangup(Fd fd, long token) throws OsException;

    /** Watches for room to write, or the other end's hang-up; replaces what it was watched for. Told as not readable. */
    void watchWriting(Fd fd, long token) throws OsException;

    void forget(Fd fd) throws OsException;

    /** Waits until something is ready, {@link #wake} was called, or the time is over (empty list). Null waits without limit. */
    List<Ready> await(@org.jspecify.annotations.Nullable Duration limit) throws OsException;

    record Ready(long token, boolean readable, boolean hangup) {}

    void wake();

    @Override
    void close();
}
