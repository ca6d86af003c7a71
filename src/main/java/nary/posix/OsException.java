package nary.posix;

import java.io.IOException;

/** A failed system call: which call, which errno, on what. */
public final class OsException extends IOException {
    private static final long serialVersionUID = 1L;
    private final String call;
    private final int number;
    private final String message;

    /** @param object what the call was about, e.g. {@code 0.0.0.0:8080} or a path */
    public OsException(String call, int number, String object) {
        super(message(call, number, object));
        this.call = call;
        this.number = number;
        this.message = message(call, number, object);
    }

    private static String message(String call, int number, String object) {
        String hint = Errno.of(number) == Errno.EMFILE ? " (no descriptor is left: RLIMIT_NOFILE)" : "";
        return call + (object.isEmpty() ? "" : " " + object) + ": " + (Errno.of(number) == Errno.OTHER ? "errno " + number : Errno.of(number).name()) + hint;
    }

    @Override
    public String getMessage() {
        return message;
    }

    public String call() {
        return call;
    }

    public int number() {
        return number;
    }

    public Errno errno() {
        return Errno.of(number);
    }
}
