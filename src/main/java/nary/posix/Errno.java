package nary.posix;

/** The errno values nary tells apart; Linux numbers, equal on x86-64 and aarch64. */
public enum Errno {
    EPERM(1), ENOENT(2), ESRCH(3), EINTR(4), EIO(5), EBADF(9), ECHILD(10), EAGAIN(11), ENOMEM(12), EACCES(13), EFAULT(14), EBUSY(16),
    EEXIST(17), ENOTDIR(20), EINVAL(22), ENFILE(23), EMFILE(24), ENOSPC(28), EPIPE(32), ENOEXEC(8), E2BIG(7), ENOSYS(38), ENOTSOCK(88),
    EOPNOTSUPP(95), EAFNOSUPPORT(97), EADDRINUSE(98), EADDRNOTAVAIL(99), ECONNABORTED(103), ECONNRESET(104), ENOTCONN(107), ETIMEDOUT(110), ECONNREFUSED(111), OTHER(-1);

    private final int number;

    Errno(int number) {
        this.number = number;
    }

    public int number() {
        return number;
    }

    public static Errno of(int number) {
        for (Errno errno : values()) if (errno.number == number) return errno;
        return OTHER;
    }
}
