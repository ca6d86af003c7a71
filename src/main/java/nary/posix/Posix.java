package nary.posix;

/** The one seam between nary and the operating system; one contract test runs against the kernel and the simulated one. */
public interface Posix {
    Processes processes();

    Sockets sockets();

    Seccomp seccomp();

    SockDiag sockDiag();

    Users users();

    Poll newPoll() throws OsException;
}
