package nary.control;

/** The state of things does not allow what was asked; nothing was changed. The message is one line for people. */
public final class Refusal extends Exception {
    private static final long serialVersionUID = 1L;

    public Refusal(String message) {
        super(message);
    }
}
