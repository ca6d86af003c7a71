package nary.control;

import java.io.IOException;

/** A line that is not of the protocol; the message is one line for people. */
public final class WireException extends IOException {
    private static final long serialVersionUID = 1L;

    public WireException(String message) {
        super(message);
    }
}
