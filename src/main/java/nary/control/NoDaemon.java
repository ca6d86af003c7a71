package nary.control;

/** Nobody listens on the control socket. The message is one line for people. */
public final class NoDaemon extends Exception {
    private static final long serialVersionUID = 1L;

    public NoDaemon(String message) {
        super(message);
    }
}
