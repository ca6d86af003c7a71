package nary.listen;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import nary.posix.Address;
import nary.posix.Errno;
import nary.posix.OsException;

/**
 * A connection of our own that fills the accept queue of a listener nobody accepts from, so that the kernel drops each further SYN
 * (tcp_conn_request, sk_acceptq_is_full): what a socket filter does for root, where an ordinary user may attach none.
 */
final class Plug implements AutoCloseable {
    private static final int TIMEOUT_MILLIS = 1_000;

    private final Socket socket;

    private Plug(Socket socket) {
        this.socket = socket;
    }

    /** Directs connections from a source port to the listener that is to be plugged. */
    interface Direction {
        void to(int sourcePort) throws OsException;
    }

    /** @throws OsException if the listener cannot be reached from here */
    static Plug into(Address address, Direction direction) throws OsException {
        Socket socket = new Socket();
        boolean isIn = false;
        try {
            InetAddress target = target(address);
            socket.bind(new InetSocketAddress(target.isLoopbackAddress() ? target : null, 0));
            direction.to(socket.getLocalPort());
            socket.connect(new InetSocketAddress(target, address.port()), TIMEOUT_MILLIS);
            isIn = true;
            return new Plug(socket);
        } catch (OsException e) {
            throw e;
        } catch (IOException e) {
            throw new OsException("connect", Errno.ECONNREFUSED.number(), "the queue of " + address + " cannot be filled: " + e.getMessage());
        } finally {
            if (!isIn) close(socket);
        }
    }

    private static InetAddress target(Address address) throws IOException {
        if (!address.isWildcard()) return InetAddress.getByAddress(address.bytes());
        return InetAddress.getByName(address.isV6() ? "::1" : "127.0.0.1");
    }

    @Override
    public void close() {
        close(socket);
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // a socket that cannot be closed is closed
        }
    }
}
