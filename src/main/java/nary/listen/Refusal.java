package nary.listen;

/** A bind that must not happen: the errno for the worker, the sentence for the user. */
final class Refusal extends Exception {
    private static final long serialVersionUID = 1L;
    private final int errno;

    Refusal(int errno, String reason) {
        super(reason);
        this.errno = errno;
    }

    int errno() {
        return errno;
    }

    String reason() {
        return String.valueOf(getMessage());
    }
}
