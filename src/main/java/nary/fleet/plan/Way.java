package nary.fleet.plan;

/** How far a server is on its way. */
public enum Way {
    WAITING,
    UPDATING,
    UPDATED,
    /** It had the release already. */
    UNCHANGED,
    /** To be brought back as soon as there is room in the batch. */
    DUE,
    REVERTING,
    /** As it was before, or never changed. */
    REVERTED,
    /** What would bring it back failed: somebody has to look. */
    STUCK;

    /** Something is done to it now. */
    public boolean isActive() {
        return this == UPDATING || this == REVERTING;
    }

    public boolean isAtRest() {
        return !isActive() && this != WAITING && this != DUE;
    }
}
