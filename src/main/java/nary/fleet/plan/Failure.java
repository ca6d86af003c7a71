package nary.fleet.plan;

import java.util.List;

/** What follows when something goes wrong. */
final class Failure {
    private Failure() {}

    static void of(Turn turn, Member member, Step step, String reason) {
        if (member.is(Way.REVERTING)) stuck(turn, member, step, reason);
        else if (turn.state().back().isPresent()) turn.put(member.idle().because(first(member.reason(), reason)));
        else failed(turn, member, step, reason);
    }

    private static String first(String known, String reason) {
        return known.isEmpty() ? reason : known;
    }

    private static void failed(Turn turn, Member member, Step step, String reason) {
        Member failed = member.idle().failed(step.word() + ": " + reason);
        turn.put(failed);
        turn.tell(failed, "failed: " + failed.reason());
        Stage stage = turn.state().stageOf(member.place());
        List<Member> members = turn.state().membersOf(member.place().stage());
        long failures = members.stream().filter(Member::hasFailed).count();
        boolean isCanary = stage.canary().filter(member.server()::equals).isPresent();
        if (isCanary || stage.kind() == Stage.Kind.LOCAL || failures > stage.maxFailures()) undo(turn, Verdict.FAILED, member.server() + ": " + failed.reason());
        else Ways.revert(turn, failed);
    }

    /** It stays as it is; a server of which the old version was to come back may still serve the new one. */
    private static void stuck(Turn turn, Member member, Step step, String reason) {
        String before = member.reason().isEmpty() ? "" : member.reason() + "; then ";
        Member known = step == Step.RETURN ? member.touched() : member;
        Member stuck = known.because(before + "on its way back, " + step.word() + ": " + reason).rests(Way.STUCK);
        turn.put(stuck);
        turn.tell(stuck, "cannot be brought back: " + stuck.reason());
    }

    static void interrupted(Turn turn) {
        if (turn.state().isOver() || turn.state().back().isPresent()) return;
        undo(turn, Verdict.INTERRUPTED, "interrupted");
    }

    /** From now on all goes back; what is under way is cut short. */
    static void undo(Turn turn, Verdict why, String reason) {
        turn.state(turn.state().undoing(why, reason));
        for (Member member : turn.state().members().values())
            if (member.isBusy() && member.is(Way.UPDATING)) turn.add(new Effect.Cancel(member.place()));
    }
}
