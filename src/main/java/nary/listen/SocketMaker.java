package nary.listen;

import nary.id.WorkerId;
import nary.posix.Address;
import nary.posix.Fd;
import nary.posix.OsException;
import nary.posix.Posix;
import nary.posix.Sockets;

/** Makes sockets that can be members of a group: shared, and bound. */
final class SocketMaker {
    private final Posix posix;
    private final int backlog;

    SocketMaker(Posix posix, int backlog) {
        this.posix = posix;
        this.backlog = backlog;
    }

    /** A socket of ours, with what is known of it. */
    record Made(Fd fd, Sockets.Facts facts) {}

    void bind(Fd socket, Address address) throws OsException {
        posix.sockets().share(socket);
        posix.sockets().bind(socket, address);
    }

    Made bound(Address address, boolean blocking) throws OsException {
        Fd socket = posix.sockets().open(address);
        boolean isMade = false;
        try {
            posix.sockets().block(socket, blocking);
            Sockets.Facts facts = posix.sockets().facts(socket);
            bind(socket, address);
            isMade = true;
            return new Made(socket, facts);
        } finally {
            if (!isMade) posix.sockets().close(socket);
        }
    }

    Member listening(WorkerId owner, Address address) throws OsException {
        // blocking, as systemd hands them over
        Made made = bound(address, true);
        boolean isListening = false;
        try {
            posix.sockets().listen(made.fd(), backlog);
            isListening = true;
            return new Member(owner, made.fd(), made.facts().cookie(), made.facts().inode());
        } finally {
            if (!isListening) posix.sockets().close(made.fd());
        }
    }
}
