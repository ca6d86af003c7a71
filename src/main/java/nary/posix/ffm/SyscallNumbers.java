package nary.posix.ffm;

/** What differs between the architectures nary runs on: syscall(2) numbers, the audit architecture, a few struct layouts. */
enum SyscallNumbers {
    X86_64(0xC000003E, 49, 50, 140, 314, 317, 28, 12, 4),
    AARCH64(0xC00000B7, 200, 201, 141, 274, 277, 24, 16, 8);

    /** pidfd_open(2) and pidfd_getfd(2): equal everywhere, as for all calls since Linux 5.1. */
    static final int PIDFD_OPEN = 434;

    static final int PIDFD_GETFD = 438;

    private static final SyscallNumbers HERE = of(System.getProperty("os.arch"));

    final int auditArch;
    final int bind;
    final int listen;
    /** The libc function cannot tell -1 from an error. */
    final int getpriority;
    final int schedSetattr;
    final int seccomp;
    /** Offset of st_uid in struct stat. */
    final int statUid;
    /** struct epoll_event is packed on x86-64 only. */
    final int epollEventSize;

    final int epollData;

    SyscallNumbers(int auditArch, int bind, int listen, int getpriority, int schedSetattr, int seccomp, int statUid, int epollEventSize, int epollData) {
        this.auditArch = auditArch;
        this.bind = bind;
        this.listen = listen;
        this.getpriority = getpriority;
        this.schedSetattr = schedSetattr;
        this.seccomp = seccomp;
        this.statUid = statUid;
        this.epollEventSize = epollEventSize;
        this.epollData = epollData;
    }

    static SyscallNumbers here() {
        return HERE;
    }

    static SyscallNumbers of(String arch) {
        return switch (arch) {
            case "amd64", "x86_64" -> X86_64;
            case "aarch64" -> AARCH64;
            default -> throw new UnsupportedOperationException("nary runs on x86-64 and aarch64, not on " + arch);
        };
    }
}
