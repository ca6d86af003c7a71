package nary.posix;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Connections as the kernel knows them: NETLINK_SOCK_DIAG, inet_diag; sock_diag(7). */
public interface SockDiag {

    /**
     * TCP connections and listeners of IPv4 and IPv6 with one of these local ports, in these states. The kernel goes once through its whole
     * table, whatever is asked for: ask for all at once.
     */
    List<Connection> connections(Set<Integer> localPorts, Set<TcpState> states) throws OsException;

    default List<Connection> connections(int localPort, Set<TcpState> states) throws OsException {
        return connections(Set.of(localPort), states);
    }

    /**
     * These connections as they are now; those that have ended are left out. Costs as much as they are, whatever else the kernel's table holds.
     *
     * @param known as {@link #connections} gave them
     * @return empty where the kernel cannot be asked for single ones
     */
    Optional<List<Connection>> again(List<Connection> known) throws OsException;

    enum TcpState {
        ESTABLISHED(1), SYN_SENT(2), SYN_RECV(3), FIN_WAIT1(4), FIN_WAIT2(5), TIME_WAIT(6), CLOSE(7), CLOSE_WAIT(8), LAST_ACK(9),
        LISTEN(10), CLOSING(11);

        private final int number;

        TcpState(int number) {
            this.number = number;
        }

        public int number() {
            return number;
        }
    }

    /** Of nobody's concern but the one's that made it. */
    interface Id {}

    /** Of a connection that can only be found with all others. */
    Id NONE = new Id() {};

    /**
     * @param inode 0 while it is not accepted, or after the process closed it
     * @param sentAgo milliseconds since data was last sent, receivedAgo since data was last received (tcpi_last_data_sent, …_recv); for
     *     listeners 0
     * @param unsent bytes queued and not yet acknowledged by the peer (idiag_wqueue); for listeners the queue's limit
     * @param unread bytes received that the app has not read (idiag_rqueue); for listeners the queue's length
     * @param segmentsIn and segmentsOut: segments with data so far (tcpi_data_segs_in, …_out)
     * @param id what the kernel finds it by, for {@link #again} alone
     */
    record Connection(Address local, TcpState state, long inode, long cookie, int uid, long sentAgo, long receivedAgo, long unsent, long unread, long segmentsIn, long segmentsOut, Id id) {}
}
