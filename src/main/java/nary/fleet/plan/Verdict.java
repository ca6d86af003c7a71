package nary.fleet.plan;

/** How a run ended. */
public enum Verdict {
    /** Every server has the release. */
    DONE,
    /** Some servers failed, no more than may; the others have the release. */
    DONE_IN_PART,
    /** Undone after a failure, as far as it could be. */
    FAILED,
    /** Undone because the operator said so. */
    INTERRUPTED,
    /** An unfinished run was undone. */
    HEALED
}
