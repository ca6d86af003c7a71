package nary.fleet.plan;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** Another process takes over what one that died has left. */
final class Resumption {
    /** Steps that only a server out of rotation may go through. */
    private static final Set<Step> OUTSIDE = EnumSet.of(Step.DRAIN, Step.STOP, Step.SWITCH, Step.START, Step.HEALTH);

    private Resumption() {}

    /** What was under way is done again. */
    static void goOn(Turn turn) {
        for (Member member : turn.state().members().values()) {
            if (member.found().isEmpty()) turn.add(new Effect.Survey(member.place()));
            turn.put(member.unwatched().on(member.way(), again(member)));
        }
        turn.state(turn.state().asked(false));
    }

    /** A balancer that was reloaded meanwhile has forgotten that the server is out. */
    private static List<Step> again(Member member) {
        boolean isAway = member.isOut() && member.at().filter(OUTSIDE::contains).isPresent();
        if (!isAway) return member.left();
        List<Step> steps = new ArrayList<>(List.of(Step.REMOVE, Step.DRAIN));
        steps.addAll(member.left());
        return steps;
    }

    /** What is not as it was before goes back. Of a run that is over: only what could not be brought back then. */
    static void heal(Turn turn) {
        boolean wasOver = turn.state().isOver();
        goOn(turn);
        if (wasOver) turn.state(turn.state().reopened().at(turn.state().back().isPresent() ? last(turn.state()) : 0));
        else turn.state(turn.state().undoing(Verdict.HEALED, "healed").at(last(turn.state())));
        for (Member member : turn.state().members().values()) if (member.is(Way.STUCK)) turn.put(member.rests(Way.DUE));
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
