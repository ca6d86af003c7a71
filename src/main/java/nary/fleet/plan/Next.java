package nary.fleet.plan;

import java.util.List;

/** The state after an event, and what is to be done about it, in order. */
public record Next(State state, List<Effect> effects) {}
