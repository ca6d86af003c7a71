package nary.worker;

/** Where a worker is in its life. */
public enum Phase {
    /** Spawned, or about to be; not ready. Never takes traffic. */
    BOOTING,
    /** Ready, waiting for its siblings. Never takes traffic. */
    READY,
    /** Takes new connections. */
    SERVING,
    /** Steered away but untouched: traffic can come back to it. */
    STANDBY,
    /** Steered away; waiting for its connections to end. Can be called back. */
    DRAINING,
    /** Told to stop. */
    STOPPING,
    /** Its leader is gone; its tree or its queue may not be. */
    EXITED;

    public boolean isAlive() {
        return this != EXITED;
    }

    /** For people, in lower case. */
    public String text() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }
}
