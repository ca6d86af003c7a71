package nary.posix;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;

/** Listening sockets: copied out of workers, bound, shared, steered. All descriptors made here are close-on-exec. */
public interface Sockets {

    /** The same open file as descriptor {@code theirs} of another process: pidfd_open, pidfd_getfd. */
    Fd copyFrom(Pid process, int theirs) throws OsException;

    /** A new TCP socket, non-blocking. IPv6 with IPV6_V6ONLY as the address says. */
    Fd open(Address address) throws OsException;

    Facts facts(Fd socket) throws OsException;

    /** @param cookie SO_COOKIE: the same for every copy of one socket, unique until reboot; @param stream SOCK_STREAM */
    record Facts(boolean inet, boolean stream, Protocol protocol, long cookie, long inode, boolean reusePort, boolean v6only, boolean listening) {}

    enum Protocol {
        TCP,
        MPTCP,
        OTHER
    }

    /** SO_REUSEADDR and SO_REUSEPORT on, TCP_DEFER_ACCEPT off; as root also fchown to root, which sets the socket's user. */
    void share(Fd socket) throws OsException;

    /** SO_REUSEADDR on, for a probe that must fail if anybody listens. */
    void reuseAddress(Fd socket) throws OsException;

    /** Whether calls on it wait: O_NONBLOCK is off. It belongs to the open file, so all copies share it. */
    boolean isBlocking(Fd socket) throws OsException;

    void block(Fd socket, boolean blocking) throws OsException;

    void bind(Fd socket, Address address) throws OsException;

    /** @param backlog the kernel bounds it by net.core.somaxconn */
    void listen(Fd socket, int backlog) throws OsException;

    /** Connections completed but not accepted, and how many may be: tcp_info's tcpi_unacked and tcpi_sacked of a listening socket. */
    Queue queue(Fd listening) throws OsException;

    record Queue(int length, int limit) {}

    /** Attaches a classic BPF program to the socket's SO_REUSEPORT group: SO_ATTACH_REUSEPORT_CBPF. */
    void steer(Fd member, List<Instruction> program) throws OsException;

    /** One classic BPF instruction, linux/filter.h. */
    record Instruction(int code, int jt, int jf, int k) {}

    /**
     * A listening socket drops each SYN from now on, so that its clients try again later; handshakes under way, its queue and its accepted
     * connections go on. SO_ATTACH_FILTER, socket(7).
     */
    void holdNew(Fd listening) throws OsException;

    /**
     * No new connection finds this listening socket by its address any more; handshakes under way and its queue go on. It still counts as a member of its
     * group, which the group's program may not choose. SO_BINDTOIFINDEX, to an interface that there is not: socket(7), Linux 5.0.
     *
     * @throws OsException EPERM if the app has bound it to a device, or the kernel (before 5.7) asks for CAP_NET_RAW
     */
    void hide(Fd listening) throws OsException;

    /** shutdown(SHUT_RDWR): a listening socket leaves its group, whoever else holds it. */
    void shutdown(Fd socket) throws OsException;

    /** shutdown(SHUT_WR): the other end of a pair reads what was written, then the end; it may go on writing. */
    void endWriting(Fd socket) throws OsException;

    /** Closes any descriptor of ours. */
    void close(Fd fd);

    /**
     * Holds a name (abstract unix socket, listening) until closed or the process ends.
     *
     * @throws OsException EADDRINUSE if another process holds it
     */
    Fd holdName(String name) throws OsException;

    /** @param pid empty for a process of another pid namespace */
    record Holder(Optional<Pid> pid, int uid) {}

    /** Who holds a name: connects and asks SO_PEERCRED. Empty if nobody does, or one who does not let himself be asked. */
    Optional<Holder> holderOfName(String name);

    /**
     * The oldest connection in a listener's queue, non-blocking; empty if there is none, or it has gone again: accept4(2). The listener must
     * not block.
     */
    Optional<Fd> accept(Fd listening) throws OsException;

    /** Two connected stream sockets; ours non-blocking, theirs blocking. */
    Pair pair() throws OsException;

    /** A pipe; read end non-blocking. {@code ours} is the read end. */
    Pair pipe() throws OsException;

    /**
     * As {@link #pipe}, but it does not break when its reader dies: {@code theirs} is open for reading too, so that writes wait then, once it is
     * full. fifo(7), Linux.
     *
     * @param capacity bytes, if the kernel grants them: fcntl(F_SETPIPE_SZ)
     */
    Pair lastingPipe(int capacity) throws OsException;

    record Pair(Fd ours, Fd theirs) {}

    /** Bytes read, 0 at the end, -1 if it would block. EINTR is retried. */
    int read(Fd fd, byte[] into, int offset, int length) throws OsException;

    /** As {@link #read(Fd, byte[], int, int)}, without a copy, to the buffer's position, which goes on. @param into direct */
    int read(Fd fd, ByteBuffer into) throws OsException;

    /** Bytes written, -1 if it would block. EINTR is retried. */
    int write(Fd fd, byte[] from, int offset, int length) throws OsException;

    /**
     * Sends one datagram from a socket of its own, and never waits: unix(7), sendto(2) with MSG_DONTWAIT.
     *
     * @param address a path, or the name of an abstract socket after {@code @}; at most 107 bytes
     * @throws OsException EAGAIN if the receiver's queue is full, ENOENT or ECONNREFUSED if there is none
     */
    void send(String address, byte[] datagram) throws OsException;

    /**
     * A datagram socket with this name, non-blocking: unix(7). Each {@link #read} takes one datagram, whose rest is lost if it does not
     * fit; descriptors that come along are closed. The caller removes the name.
     *
     * @throws OsException EADDRINUSE if the name is taken
     */
    Fd mailbox(String path) throws OsException;

    /** fchown(2): what is opened again by its name in /proc/self/fd is checked against this owner. */
    void own(Fd fd, int uid, int gid) throws OsException;

    /** A number naming this process's network namespace (inode of /proc/self/ns/net). */
    long networkNamespace();
}
