package nary.fleet.plan;

/** Another process takes over what one that died has left. */
final class Resumption {
    private Resumption() {}

    /** What was under way is done again. */
    static void goOn(Turn turn) {
        for (Member member : turn.state().members().values()) {
            if (member.found().isEmpty()) turn.add(new Effect.Survey(member.place()));
            turn.put(member.idle().on(member.way(), member.left()));
        }
        turn.state(turn.state().asked(false));
    }

    /** What is not as it was before goes back. Of a run that is over: only what could not be brought back then. */
    static void heal(Turn turn) {
        boolean wasOver = turn.state().isOver();
        goOn(turn);
        if (wasOver) turn.state(turn.state().reopened().at(turn.state().back().isPresent() ? last(turn.state()) : 0));
        else turn.state(turn.state().undoing(Verdict.HEALED, "healed").at(last(turn.state())));
        for (Member member : turn.state().members().values()) if (member.is(Way.STUCK)) Ways.revert(turn, member);
    }

    /** The last stage in which anything was done. */
    private static int last(State state) {
        return state.members().values().stream()
                .filter(it -> !it.is(Way.WAITING) && !it.is(Way.UNCHANGED))
                .mapToInt(it -> it.place().stage())
                .max()
                .orElse(0);
    }
}
