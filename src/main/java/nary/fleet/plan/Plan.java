package nary.fleet.plan;

import java.time.Instant;

/**
 * The roll of a release over servers, as a pure function. An event first changes what is known; what is to be done is then derived from
 * what is known, not from how it came about. No clock, no randomness, no I/O: the events alone, in their order, give the state.
 */
public final class Plan {
    private Plan() {}

    /** The effects with which a fresh run begins. */
    public static Next begin(State state) {
        Turn turn = new Turn(state, Instant.EPOCH);
        for (Member member : state.members().values()) turn.add(new Effect.Survey(member.place()));
        return turn.end();
    }

    /** @param now when the event came; never before that of the event before it */
    public static Next step(State state, Event event, Instant now) {
        Turn turn = new Turn(state, now);
        learn(turn, event);
        if (!turn.state().isOver()) pursue(turn);
        return turn.end();
    }

    private static void learn(Turn turn, Event event) {
        State state = turn.state();
        switch (event) {
            case Event.Found(Place place, Finding finding) -> turn.put(state.member(place).found(finding));
            case Event.Seen seen when isUnderWay(state, seen.place(), Step.LOOK) -> Guard.seen(turn, state.member(seen.place()), seen);
            case Event.Seen _ -> {}
            case Event.Done(Place place, Step step) when isUnderWay(state, place, step) -> turn.put(state.member(place).done());
            case Event.Done _ -> {}
            case Event.Failed(Place place, Step step, String reason) when isUnderWay(state, place, step) ->
                Failure.of(turn, state.member(place), step, reason);
            case Event.Failed _ -> {}
            case Event.Interrupted() -> Failure.interrupted(turn);
            case Event.WentOn() -> turn.state(state.goingOn());
            case Event.Resumed() -> Resumption.goOn(turn);
            case Event.HealBegun() -> Resumption.heal(turn);
        }
    }

    private static boolean isUnderWay(State state, Place place, Step step) {
        Member member = state.member(place);
        return member.isBusy() && member.at().filter(step::equals).isPresent();
    }

    /** Level-triggered: until nothing is missing any more, for the next event may never come. */
    private static void pursue(Turn turn) {
        State before;
        do {
            before = turn.state();
            if (!isSurveyed(before)) return;
            if (before.back().isPresent()) Backward.advance(turn);
            else Forward.advance(turn);
            // a state is never changed: another one is another object
        } while (turn.state() != before && !turn.state().isOver());
    }

    private static boolean isSurveyed(State state) {
        return state.members().values().stream().allMatch(member -> member.found().isPresent());
    }
}
