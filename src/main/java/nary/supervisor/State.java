package nary.supervisor;

/** Placeholder shape; owned by the core. */
public record State() {}
