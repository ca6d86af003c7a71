package nary.log;

import java.nio.ByteBuffer;

/** Where lines go. Used by one thread. */
interface Outlet {
    /** Appends and consumes. @return false if something is left: it is to be tried again later */
    boolean write(ByteBuffer bytes);

    /** The file may have been moved away: from now on writes go to what has its name. */
    void reopen();

    /** @param end in System.nanoTime: what is not written by then is lost; @return how many bytes, at least */
    long close(long end);
}
