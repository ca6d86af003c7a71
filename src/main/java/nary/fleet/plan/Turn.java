package nary.fleet.plan;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One step in the making: the state as changed so far, and the effects so far. Lives no longer than the step. */
final class Turn {
    final Instant now;
    private State state;
    private final List<Effect> effects = new ArrayList<>();

    Turn(State state, Instant now) {
        this.state = state;
        this.now = now;
    }

    Next end() {
        return new Next(state, List.copyOf(effects));
    }

    State state() {
        return state;
    }

    void state(State next) {
        state = next;
    }

    void put(Member member) {
        state = state.with(member);
    }

    void add(Effect effect) {
        effects.add(effect);
    }

    void tell(Member member, String text) {
        add(new Effect.Tell(member.server() + " " + text));
    }

    /** Begins the step at hand. */
    void perform(Member member, Duration pause) {
        Step step = member.left().getFirst();
        Member begun = member.begins(step);
        put(begun);
        boolean isBack = begun.is(Way.REVERTING);
        Optional<String> release = isBack ? begun.found().flatMap(Finding::release) : Optional.of(state.order().release());
        add(new Effect.Perform(begun.place(), step, release, begun.prior(), pause));
    }

    void perform(Member member) {
        perform(member, Duration.ZERO);
    }
}
