package nary.posix;

/** seccomp user notification of bind(2) and listen(2); seccomp_unotify(2). */
public interface Seccomp {

    /**
     * Filters the calling platform thread and all that it spawns: bind (of an IP address) and listen raise notifications on the returned
     * descriptor. Sets no_new_privs first where the caller lacks CAP_SYS_ADMIN.
     */
    Fd install() throws OsException;

    /** Waits for the next notification; null once the descriptor is of no more use (closed, or no filtered process left). */
    @org.jspecify.annotations.Nullable Notification receive(Fd listener) throws OsException;

    /** @param threadId of the caller; @param pointer and length: of the sockaddr (bind); @param backlog: of listen */
    record Notification(long id, int threadId, Call call, int descriptor, long pointer, int length, int backlog) {}

    enum Call {
        BIND,
        LISTEN
    }

    /** Reads memory of the caller: process_vm_readv. Check {@link #isValid} afterwards, before trusting it. */
    byte[] read(int threadId, long pointer, int length) throws OsException;

    boolean isValid(Fd listener, long id);

    /** Ends the call in the caller with 0, or with this errno. A caller that is gone (ENOENT) is no error. */
    void answer(Fd listener, long id, int errno) throws OsException;

    /** Lets the kernel perform the call itself. */
    void letThrough(Fd listener, long id) throws OsException;

    /** Puts a (borrowed) descriptor of ours over descriptor {@code theirs} of the caller: ADDFD with SETFD. */
    void replace(Fd listener, long id, Fd ours, int theirs, boolean closeOnExec) throws OsException;
}
