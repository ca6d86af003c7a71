package nary.listen;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import nary.posix.OsException;
import nary.posix.Pid;
import nary.posix.Posix;
import nary.posix.SockDiag.Connection;
import nary.posix.SockDiag.TcpState;

/** What the kernel says of the connections on served ports: one dump, shared by all workers that are asked about. */
public final class ConnectionCounts {
    private static final Set<TcpState> OPEN =
            EnumSet.complementOf(EnumSet.of(TcpState.LISTEN, TcpState.TIME_WAIT, TcpState.CLOSE, TcpState.SYN_SENT));

    /** Not closed here. */
    private static final Set<TcpState> ASKED = EnumSet.of(TcpState.ESTABLISHED, TcpState.CLOSE_WAIT);

    private final Posix posix;
    private final List<Connection> connections = new ArrayList<>();

    private ConnectionCounts(Posix posix) {
        this.posix = posix;
    }

    /** A picture of now. */
    public static ConnectionCounts take(Posix posix, Set<Integer> ports) throws OsException {
        ConnectionCounts counts = new ConnectionCounts(posix);
        counts.connections.addAll(posix.sockDiag().connections(ports, OPEN));
        return counts;
    }

    /** Cookies of the handshakes that are half open: nobody can say yet which listener they belong to. */
    public static Set<Long> halfOpen(Posix posix, Set<Integer> ports) throws OsException {
        Set<Long> cookies = new HashSet<>();
        for (Connection half : posix.sockDiag().connections(ports, Set.of(TcpState.SYN_RECV))) cookies.add(half.cookie());
        return cookies;
    }

    /**
     * Cookies of those that somebody has accepted and nobody has read from: what has been read was in the table of descriptors of some process
     * before this picture.
     */
    public Set<Long> untouched() {
        return connections.stream()
                .filter(it -> ASKED.contains(it.state()) && it.inode() != 0 && (it.unread() > 0 || it.segmentsIn() == 0))
                .map(Connection::cookie)
                .collect(Collectors.toSet());
    }

    /** @param active and idle: accepted connections held by a process of the tree */
    public record Tally(int active, int idle) {}

    /** @param idleGrace empty: a connection is never idle */
    public Tally of(Set<Pid> tree, Optional<Duration> idleGrace) {
        return tally(heldBy(tree), idleGrace);
    }

    /** Accepted connections that a process of the tree holds. */
    public List<Connection> heldBy(Set<Pid> tree) {
        Set<Long> inodes = new HashSet<>();
        for (Pid pid : tree) inodes.addAll(posix.processes().socketInodes(pid));
        return connections.stream().filter(it -> isHeld(it) && inodes.contains(it.inode())).toList();
    }

    /** These once more, as they are now; costs as much as they are. Empty where the kernel cannot be asked for single ones. */
    public static Optional<List<Connection>> again(Posix posix, List<Connection> held) throws OsException {
        return posix.sockDiag().again(held).map(now -> now.stream().filter(ConnectionCounts::isHeld).toList());
    }

    private static boolean isHeld(Connection connection) {
        return connection.inode() != 0 && OPEN.contains(connection.state());
    }

    public static Tally tally(List<Connection> held, Optional<Duration> idleGrace) {
        int idle = (int) held.stream().filter(it -> isIdle(it, idleGrace)).count();
        return new Tally(held.size() - idle, idle);
    }

    /** Idle: nothing is under way, both directions were quiet for the grace, and the last word was the server's. */
    static boolean isIdle(Connection connection, Optional<Duration> grace) {
        if (grace.isEmpty() || connection.unsent() > 0 || connection.unread() > 0) return false;
        long quiet = Math.min(connection.sentAgo(), connection.receivedAgo());
        return quiet >= grace.get().toMillis() && isAnswered(connection);
    }

    /**
     * The kernel's clock ticks every 1 to 10 ms, so a request and its answer often carry the same time, and so do an answer and the next
     * request. Then the counts decide: more segments in than out is a request that waits. A doubt counts as waiting.
     */
    private static boolean isAnswered(Connection connection) {
        if (connection.sentAgo() != connection.receivedAgo()) return connection.sentAgo() < connection.receivedAgo();
        return connection.segmentsIn() <= connection.segmentsOut();
    }
}
