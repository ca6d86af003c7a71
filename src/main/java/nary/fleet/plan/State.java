package nary.fleet.plan;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;

/**
 * All that is known of a run. It is the fold of {@link Plan#step} over the events of its journal.
 *
 * @param members in the configuration's order
 * @param stage the one at hand
 * @param back why all is undone; empty while it goes forward
 * @param reason what it is undone for
 * @param isAsked the operator was asked whether to go on
 * @param goesOn and said yes
 */
public record State(
        Order order,
        SequencedMap<Place, Member> members,
        int stage,
        Optional<Verdict> back,
        String reason,
        boolean isAsked,
        boolean goesOn,
        Optional<Verdict> verdict) {
    public State {
        members = Collections.unmodifiableSequencedMap(members);
    }

    /** Nothing was done yet. */
    public static State of(Order order) {
        SequencedMap<Place, Member> members = new LinkedHashMap<>();
        for (int stage = 0; stage < order.stages().size(); stage++)
            for (String server : order.stages().get(stage).servers()) {
                Place place = new Place(stage, server);
                members.put(place, Member.fresh(place));
            }
        return new State(order, members, 0, Optional.empty(), "", false, false, Optional.empty());
    }

    public Member member(Place place) {
        Member member = members.get(place);
        if (member == null) throw new IllegalArgumentException("no place " + place + " in stage " + place.stage());
        return member;
    }

    public Stage stageOf(Place place) {
        return order.stages().get(place.stage());
    }

    /** In the configuration's order. */
    public List<Member> membersOf(int which) {
        List<Member> found = new ArrayList<>();
        for (Member member : members.values()) if (member.place().stage() == which) found.add(member);
        return found;
    }

    public boolean isOver() {
        return verdict.isPresent();
    }

    State with(Member member) {
        SequencedMap<Place, Member> next = new LinkedHashMap<>(members);
        next.put(member.place(), member);
        return new State(order, next, stage, back, reason, isAsked, goesOn, verdict);
    }

    State at(int nextStage) {
        return new State(order, members, nextStage, back, reason, isAsked, goesOn, verdict);
    }

    State undoing(Verdict why, String text) {
        return new State(order, members, stage, Optional.of(why), text, isAsked, goesOn, Optional.empty());
    }

    State asked(boolean now) {
        return new State(order, members, stage, back, reason, now, goesOn, verdict);
    }

    State goingOn() {
        return new State(order, members, stage, back, reason, isAsked, true, verdict);
    }

    State reopened() {
        return new State(order, members, stage, back, reason, isAsked, goesOn, Optional.empty());
    }

    State over(Verdict how) {
        return new State(order, members, stage, back, reason, isAsked, goesOn, Optional.of(how));
    }
}
