package nary.fleet.plan;

import java.util.List;

/** How one server goes on with what it has begun, in both directions. */
final class Ways {
    private Ways() {}

    /** Begins the next step, or ends the way. */
    static void advance(Turn turn, Member member) {
        if (!member.way().isActive() || member.isBusy()) return;
        if (!member.left().isEmpty()) {
            boolean isLook = member.left().getFirst() == Step.LOOK;
            if (!isLook || !Guard.mustWait(turn.state(), member)) turn.perform(member);
            return;
        }
        if (member.is(Way.UPDATING)) updated(turn, member);
        else reverted(turn, member);
    }

    private static void updated(Turn turn, Member member) {
        turn.put(member.rests(Way.UPDATED));
        String where = member.wasOutBefore() ? "; it stays out of rotation, as it was before" : "";
        turn.tell(member, "has " + turn.state().order().release() + where);
    }

    private static void reverted(Turn turn, Member member) {
        boolean wasTouched = member.isTouched();
        turn.put(member.restored().rests(Way.REVERTED));
        if (!wasTouched) return;
        turn.tell(member, member.found().flatMap(Finding::release).map(it -> "is back on " + it).orElse("has no release, as before"));
    }

    static void update(Turn turn, Member member) {
        Stage stage = turn.state().stageOf(member.place());
        turn.put(member.on(Way.UPDATING, stage.update()));
    }

    /** The way back, from wherever it is; nothing of it may be under way. */
    static void revert(Turn turn, Member member) {
        List<Step> steps = turn.state().stageOf(member.place()).revert(member);
        turn.put(member.on(Way.REVERTING, steps));
    }
}
