package nary.fleet.plan;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** A run that is undone: the last stage first, servers that are in trouble before those that serve the new release. */
final class Backward {
    private Backward() {}

    static void advance(Turn turn) {
        int stage = turn.state().stage();
        List<Member> members = turn.state().membersOf(stage);
        members.forEach(member -> turnBack(turn, member));
        turn.state().membersOf(stage).forEach(member -> Ways.advance(turn, member));
        members = turn.state().membersOf(stage);
        long active = members.stream().filter(it -> it.way().isActive()).count();
        Optional<Member> next = members.stream().filter(it -> isToRevert(turn.state(), it)).min(Comparator.comparing(Member::way).reversed());
        if (next.isPresent() && active < turn.state().order().stages().get(stage).batch()) Ways.revert(turn, next.get());
        else if (next.isEmpty() && active == 0) conclude(turn, stage);
    }

    /** What was on its way forward goes back as soon as its step has ended. */
    private static void turnBack(Turn turn, Member member) {
        boolean isKept = member.left().isEmpty() && keeps(turn.state());
        if (member.is(Way.UPDATING) && !member.isBusy() && !isKept) Ways.revert(turn, member);
    }

    private static boolean isToRevert(State state, Member member) {
        boolean isLocal = state.stageOf(member.place()).kind() == Stage.Kind.LOCAL;
        return member.is(Way.DUE) || (member.is(Way.UPDATED) && !isLocal && !keeps(state));
    }

    private static boolean keeps(State state) {
        return state.order().keeps() && state.back().filter(Verdict.HEALED::equals).isEmpty();
    }

    private static void conclude(Turn turn, int stage) {
        if (stage > 0) {
            turn.state(turn.state().at(stage - 1));
            return;
        }
        Verdict verdict = turn.state().back().orElseThrow();
        turn.state(turn.state().over(verdict));
        turn.add(new Effect.Finish(verdict));
    }
}
