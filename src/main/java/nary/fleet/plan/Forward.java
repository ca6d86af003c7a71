package nary.fleet.plan;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** A run on its way forward: stage after stage, so many servers at once as the batch allows. */
final class Forward {
    private Forward() {}

    static void advance(Turn turn) {
        int stage = turn.state().stage();
        turn.state().membersOf(stage).forEach(member -> Ways.advance(turn, member));
        if (turn.state().back().isPresent()) return;
        if (turn.state().membersOf(stage).stream().allMatch(member -> member.way().isAtRest())) conclude(turn, stage);
        else startNext(turn, stage);
    }

    private static void conclude(Turn turn, int stage) {
        if (stage + 1 < turn.state().order().stages().size()) {
            turn.state(turn.state().at(stage + 1));
            return;
        }
        boolean isWhole = turn.state().members().values().stream().noneMatch(Member::hasFailed);
        Verdict verdict = isWhole ? Verdict.DONE : Verdict.DONE_IN_PART;
        turn.state(turn.state().over(verdict));
        turn.add(new Effect.Finish(verdict));
    }

    private static void startNext(Turn turn, int stage) {
        Optional<Member> next = next(turn.state(), stage);
        if (next.isEmpty()) return;
        Member member = next.get();
        if (member.is(Way.DUE)) {
            Ways.revert(turn, member);
            return;
        }
        if (isUnchanged(turn.state(), member)) {
            turn.put(member.rests(Way.UNCHANGED));
            turn.tell(member, "has " + turn.state().order().release() + " already");
            return;
        }
        if (mustAsk(turn.state())) {
            ask(turn);
            return;
        }
        Finding finding = member.found().orElseThrow();
        Ways.update(turn, member);
        if (!finding.isReachable()) Failure.of(turn, turn.state().member(member.place()), Step.PREPARE, finding.note());
    }

    /** Who may begin now: the canary alone and first, then the unhealthy ones, then the others in their order. */
    private static Optional<Member> next(State state, int index) {
        Stage stage = state.order().stages().get(index);
        List<Member> members = state.membersOf(index);
        Optional<Member> canary = members.stream().filter(it -> stage.canary().filter(it.server()::equals).isPresent()).findFirst();
        if (canary.isPresent() && !canary.get().way().isAtRest()) return canary.filter(it -> it.is(Way.WAITING));
        long active = members.stream().filter(it -> it.way().isActive()).count();
        if (active >= stage.batch()) return Optional.empty();
        Optional<Member> due = members.stream().filter(it -> it.is(Way.DUE)).findFirst();
        return due.or(() -> members.stream().filter(it -> it.is(Way.WAITING)).min(Comparator.comparing(Member::isWell)));
    }

    private static boolean isUnchanged(State state, Member member) {
        if (state.stageOf(member.place()).kind() == Stage.Kind.LOCAL || state.order().owed().containsKey(member.server())) return false;
        return member.isWell() && member.found().flatMap(Finding::release).filter(state.order().release()::equals).isPresent();
    }

    /** The operator wants to see the first one, alone, before the others follow. */
    private static boolean mustAsk(State state) {
        if (!state.order().pauses() || state.goesOn()) return false;
        return state.members().values().stream().anyMatch(it -> isOnServer(state, it) && (it.way().isActive() || it.is(Way.UPDATED)));
    }

    private static boolean isOnServer(State state, Member member) {
        return state.stageOf(member.place()).kind() != Stage.Kind.LOCAL;
    }

    private static void ask(Turn turn) {
        State state = turn.state();
        boolean isWorking = state.members().values().stream().anyMatch(it -> it.way().isActive());
        if (isWorking || state.isAsked()) return;
        turn.state(state.asked(true));
        String done = String.join(", ", state.members().values().stream().filter(it -> isOnServer(state, it) && it.is(Way.UPDATED)).map(Member::server).toList());
        turn.add(new Effect.Ask(done + " has " + state.order().release() + "; go on with the others?"));
    }
}
