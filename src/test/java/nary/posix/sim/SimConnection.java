package nary.posix.sim;

import java.io.Closeable;
import nary.posix.Address;
import nary.posix.SockDiag.Connection;
import nary.posix.SockDiag.TcpState;
import org.jspecify.annotations.Nullable;

/** A client's connection; its server end is in a queue, or accepted by a process. */
public final class SimConnection extends SimFile implements Closeable {
    private final SimKernel kernel;
    private final Address local;
    private final long cookie;
    private final int uid;
    private long inode;
    private @Nullable TcpState state = TcpState.ESTABLISHED;
    private boolean clientClosed;
    private boolean reset;

    SimConnection(SimKernel kernel, Address local, int uid) {
        this.kernel = kernel;
        this.local = local;
        this.cookie = kernel.inode();
        this.uid = uid;
    }

    /** True if the client saw its connection cut by the server's kernel. */
    public boolean isReset() {
        synchronized (kernel) {
            return reset;
        }
    }

    public boolean isAccepted() {
        synchronized (kernel) {
            return inode != 0;
        }
    }

    void accepted() {
        inode = kernel.inode();
    }

    long inode() {
        return inode;
    }

    void reset() {
        reset = !clientClosed;
        gone();
    }

    /** The process that had accepted it ended before it closed it. */
    @Override
    void release() {
        reset();
    }

    /** The server closes it in an orderly way. */
    void closeByServer() {
        clientClosed = true;
        gone();
    }

    private void gone() {
        state = null;
        kernel.connections.remove(this);
    }

    /** The client closes. */
    @Override
    public void close() {
        synchronized (kernel) {
            clientClosed = true;
            if (state == TcpState.ESTABLISHED) state = TcpState.CLOSE_WAIT;
            kernel.notifyAll();
        }
    }

    @Nullable Connection seen() {
        return state == null ? null : new Connection(local, state, inode, cookie, uid, 0, 0, 0, 0, 0, 0, new SimSockDiag.Cookie(cookie));
    }
}
