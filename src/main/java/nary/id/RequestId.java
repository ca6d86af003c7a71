package nary.id;

/** The name of one client request; unique within one daemon. Each gets exactly one reply. */
public record RequestId(long number) {
    /** A request nobody waits for (a signal's deploy): its reply goes to the event log only. */
    public static final RequestId NOBODY = new RequestId(0);
}
