package nary.demo.load;

/** How a request ended, as its client saw it. */
public enum Outcome {
    OK("ok"),
    REFUSED("connection refused"),
    RESET("connection reset"),
    CUT("closed before the whole answer"),
    TIMEOUT("no answer in time"),
    WRONG_STATUS("wrong status"),
    WRONG_BODY("wrong body"),
    /** The load generator's own trouble, such as no free local port; never the server's. */
    LOCAL("could not be sent"),
    /** A reused connection ended before any byte of an answer; clients ask again on a new one (RFC 9110 §9.2.2), and so do we. */
    CLOSED_WHILE_IDLE("closed while idle, asked again");

    private final String text;

    Outcome(String text) {
        this.text = text;
    }

    public String text() {
        return text;
    }

    public boolean isFailure() {
        return this != OK && this != CLOSED_WHILE_IDLE;
    }
}
