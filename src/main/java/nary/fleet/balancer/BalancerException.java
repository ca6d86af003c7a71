package nary.fleet.balancer;

import java.io.IOException;

/** The balancer did not do what it should. The message is one line that names balancer and server. */
public final class BalancerException extends IOException {
    private static final long serialVersionUID = 1L;

    public enum Kind {
        /** It does not answer, or not what such a balancer answers. */
        UNREACHABLE,
        /** It forbids it. */
        DENIED,
        /** It does not know the server, or its backend. */
        NO_SUCH_SERVER,
        /** Requests were still under way when the limit passed. */
        NOT_IDLE,
        /** It did not find the server healthy, or up, before the limit passed. */
        NOT_HEALTHY,
        /** It answered, but not as expected. */
        FAILED
    }

    private final Kind kind;

    public BalancerException(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    public BalancerException(Kind kind, String message, Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }
}
