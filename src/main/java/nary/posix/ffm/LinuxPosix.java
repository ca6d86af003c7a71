package nary.posix.ffm;

import nary.posix.OsException;
import nary.posix.Poll;
import nary.posix.Posix;
import nary.posix.Processes;
import nary.posix.Seccomp;
import nary.posix.SockDiag;
import nary.posix.Sockets;
import nary.posix.Users;

/** The Linux kernel, through glibc 2.34 or later and java.lang.foreign. Nothing is linked before its first use. */
public final class LinuxPosix implements Posix {
    private final LinuxProcesses processes = new LinuxProcesses();
    private final LinuxSeccomp seccomp = new LinuxSeccomp();
    private final LinuxSockets sockets = new LinuxSockets(seccomp);
    private final LinuxSockDiag sockDiag = new LinuxSockDiag();
    private final LinuxUsers users = new LinuxUsers();

    private LinuxPosix() {}

    /** @throws UnsupportedOperationException on an architecture that is neither x86-64 nor aarch64 */
    public static LinuxPosix create() {
        SyscallNumbers.here();
        return new LinuxPosix();
    }

    @Override
    public Processes processes() {
        return processes;
    }

    @Override
    public Sockets sockets() {
        return sockets;
    }

    @Override
    public Seccomp seccomp() {
        return seccomp;
    }

    @Override
    public SockDiag sockDiag() {
        return sockDiag;
    }

    @Override
    public Users users() {
        return users;
    }

    @Override
    public Poll newPoll() throws OsException {
        return LinuxPoll.open();
    }
}
