package nary.cli;

/** The command line is wrong; one line that says what, where, and what to type instead. */
public final class UsageError extends Exception {
    private static final long serialVersionUID = 1L;

    public UsageError(String message) {
        super(message);
    }
}
