package nary.fleet.plan;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import nary.fleet.balancer.Pool;

/** Takes no server out of rotation that is needed, by what the balancers themselves see. */
final class Guard {
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private Guard() {}

    /** From the look to the removal a server is alone: what it saw must still be true when it leaves. */
    static boolean mustWait(State state, Member member) {
        // asked for each that waits, at each event: a loop over what is there
        for (Member other : state.members().values()) if (other.place().stage() == member.place().stage() && isLeaving(other)) return true;
        return false;
    }

    private static boolean isLeaving(Member member) {
        if (member.left().isEmpty()) return false;
        Step step = member.left().getFirst();
        return step == Step.REMOVE || (step == Step.LOOK && member.isBusy());
    }

    static void seen(Turn turn, Member member, Event.Seen seen) {
        Rotation before = turn.state().order().owed().getOrDefault(member.server(), seen.rotation());
        // what it was before this run counts, not what this run has made of it
        Member known = member.prior().isPresent() ? member : member.seen(before);
        Optional<String> refusal = refusal(turn.state(), known, seen);
        boolean isGivenUp = known.is(Way.UPDATING) && turn.state().back().isPresent();
        if (refusal.isEmpty() || isGivenUp) turn.put(known.done());
        else waitOrFail(turn, known, refusal.get());
    }

    private static void waitOrFail(Turn turn, Member member, String refusal) {
        Instant until = member.lookUntil().orElse(turn.now.plus(turn.state().order().patience()));
        if (!turn.now.isBefore(until)) {
            Failure.of(turn, member, Step.LOOK, refusal);
            return;
        }
        if (member.lookUntil().isEmpty()) turn.tell(member, "waits: " + refusal);
        turn.perform(member.looking(until), PAUSE);
    }

    /** Why it must not be taken out now. */
    private static Optional<String> refusal(State state, Member member, Event.Seen seen) {
        if (!serves(member, seen)) return Optional.empty();
        Stage stage = state.stageOf(member.place());
        List<Member> others = new ArrayList<>(state.membersOf(member.place().stage()));
        others.removeIf(it -> it.place().equals(member.place()));
        Pool pool = seen.others().orElseGet(() -> known(others));
        if (pool.up() < stage.leastServing()) return Optional.of(tooFew(pool, stage));
        if (state.back().isPresent()) return Optional.empty();
        long missing = pool.total() - pool.up() - expected(others) - strangers(pool, others);
        long active = others.stream().filter(it -> it.way().isActive()).count() + 1;
        if (missing <= 0 || active + missing <= stage.batch()) return Optional.empty();
        return Optional.of("the balancer has only " + pool.text());
    }

    /** Where no balancer can be asked, a server that was not well before it was touched serves nobody. */
    private static boolean serves(Member member, Event.Seen seen) {
        if (seen.others().isPresent() || member.is(Way.REVERTING)) return seen.isUp();
        return seen.isUp() && member.isWell();
    }

    /** What this run itself knows, where no balancer can be asked. */
    private static Pool known(List<Member> others) {
        long serving = others.stream().filter(it -> !isExpectedDown(it)).count();
        return new Pool((int) serving, others.size());
    }

    private static long expected(List<Member> others) {
        return others.stream().filter(Guard::isExpectedDown).count();
    }

    /** It is out because of this run, or was down or out before, or has failed and is not back as it was. */
    private static boolean isExpectedDown(Member other) {
        return other.isOut() || (other.hasFailed() && !other.is(Way.REVERTED)) || other.wasOutBefore() || (!other.isWell() && !other.is(Way.UPDATED));
    }

    /** Servers of the balancer that are not of this stage: down or not is not our business. */
    private static long strangers(Pool pool, List<Member> others) {
        return Math.max(0, pool.total() - others.size());
    }

    private static String tooFew(Pool pool, Stage stage) {
        String left = pool.up() == 0 ? "no other server" : pool.up() == 1 ? "1 other server" : pool.up() + " other servers";
        String missing = pool.missing().isEmpty() ? "" : " (" + String.join(", ", pool.missing()) + ")";
        return "without it the balancer would have " + left + " up" + missing + ", and " + stage.leastServing() + " must be";
    }
}
