package nary.supervisor;

import java.util.List;

/** The state after an event, and what is to be done about it, in order. */
public record Step(State state, List<Effect> effects) {}
