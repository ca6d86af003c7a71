package nary.fleet.ssh;

import java.io.IOException;
import nary.fleet.Host;

/** Something could not be done on a server. The message is one line that begins with the server's name and says what to do. */
public final class RemoteException extends IOException {
    private static final long serialVersionUID = 1L;

    public enum Kind {
        /** Its key is another one than the one that is known. */
        HOST_KEY_CHANGED,
        /** Its key is not known yet. */
        HOST_KEY_UNKNOWN,
        /** Logging in was refused. */
        DENIED,
        /** No such name. */
        NO_SUCH_HOST,
        REFUSED,
        UNREACHABLE,
        /** No answer to the attempt to connect, in time. */
        NO_ANSWER,
        /** It was connected, and is no more. What ran there may have been done or not. */
        LOST,
        /** The command's own limit passed; it was ended. */
        TIMED_OUT,
        DISK_FULL,
        /** What arrived is not what was sent. */
        CORRUPT,
        /** A command exited with another status than 0. */
        FAILED,
        /** ssh could not run here: not installed, its configuration is wrong. */
        LOCAL
    }

    private final transient Host host;
    private final Kind kind;

    public RemoteException(Host host, Kind kind, String message) {
        super(host.name() + ": " + message);
        this.host = host;
        this.kind = kind;
    }

    static RemoteException failed(Host host, Command command, Answer answer) {
        String last = answer.err().isBlank() ? answer.out().strip() : answer.err().strip();
        String reason = last.isEmpty() ? "" : ": " + last.lines().reduce((_, line) -> line).orElse("").strip();
        return new RemoteException(host, Kind.FAILED, command + " exited with " + answer.exit() + reason);
    }

    public Host host() {
        return host;
    }

    public Kind kind() {
        return kind;
    }

    /** To try again may help: the server or the network was away. */
    public boolean isOfLink() {
        return switch (kind) {
            case REFUSED, UNREACHABLE, NO_ANSWER, LOST -> true;
            case HOST_KEY_CHANGED, HOST_KEY_UNKNOWN, DENIED, NO_SUCH_HOST, TIMED_OUT, DISK_FULL, CORRUPT, FAILED, LOCAL -> false;
        };
    }
}
