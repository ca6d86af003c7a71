package nary.fleet.plan;

import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import nary.fleet.plan.Simulation.Violation;

/** What must be true after every event, whatever happened. */
final class Invariants {
    private final Simulation simulation;
    private final Set<Place> underWay = new HashSet<>();
    private final Set<Place> switched = new HashSet<>();
    private final Set<Place> healthy = new HashSet<>();
    private final Set<Place> drained = new HashSet<>();
    private int finished;

    Invariants(Simulation simulation) {
        this.simulation = simulation;
    }

    void after(State before, Event event, Next next) {
        ended(before, event);
        for (Effect effect : next.effects()) {
            switch (effect) {
                case Effect.Perform step -> begins(before, event, next.state(), step);
                case Effect.Finish _ -> finished++;
                case Effect.Survey _, Effect.Cancel _, Effect.Ask _, Effect.Tell _ -> {}
            }
        }
        batch(next.state());
        if (finished > 1) throw new Violation("ends twice");
        if (next.state().isOver() != (finished == 1)) throw new Violation("is over without saying so");
    }

    /** Nobody has looked after the balancers for a while. */
    void unwatched() {
        drained.clear();
    }

    private void ended(State before, Event event) {
        switch (event) {
            case Event.Done(Place place, Step step) -> {
                underWay.remove(place);
                if (step == Step.DRAIN) drained.add(place);
                if (step == Step.RETURN) drained.remove(place);
                if (step == Step.HEALTH) healthy.add(place);
            }
            case Event.Failed(Place place, Step _, String _) -> underWay.remove(place);
            case Event.Seen seen -> underWay.remove(seen.place());
            case Event.Resumed(), Event.HealBegun() -> {
                underWay.clear();
                if (before.isOver()) finished = 0;
            }
            case Event.Found _, Event.Interrupted _, Event.WentOn _ -> {}
        }
    }

    private void begins(State before, Event event, State after, Effect.Perform step) {
        Place place = step.place();
        if (!underWay.add(place)) throw new Violation("two steps at once on " + place);
        boolean isRotated = after.stageOf(place).kind() == Stage.Kind.ROTATED;
        switch (step.step()) {
            case PREPARE -> unhealthyFirst(after, place);
            case REMOVE -> capacity(before, event, after, place);
            case STOP -> {
                healthy.remove(place);
                if (isRotated && !drained.contains(place)) throw new Violation("stops " + place + ", which has not drained");
            }
            case SWITCH -> switched(after, place, step.release());
            case RETURN -> {
                boolean isSafe = healthy.contains(place) || !after.member(place).isTouched();
                if (!isSafe) throw new Violation("brings " + place + " back without having seen it healthy");
                if (step.prior().isEmpty()) throw new Violation("brings " + place + " back without knowing how it was");
            }
            case COMMAND, LOOK, DRAIN, START, RELOAD, HEALTH, SOAK -> {}
        }
    }

    private void unhealthyFirst(State state, Place place) {
        Stage stage = state.stageOf(place);
        boolean isCanary = stage.canary().filter(place.server()::equals).isPresent();
        if (isCanary || !state.member(place).isWell()) return;
        for (Member other : state.membersOf(place.stage()))
            if (other.is(Way.WAITING) && !other.isWell()) throw new Violation(place + " begins before the unhealthy " + other.place());
    }

    /** By what the balancers have just said, and by what is. */
    private void capacity(State before, Event event, State after, Place place) {
        if (event instanceof Event.Resumed || event instanceof Event.HealBegun) return; // it had begun before
        if (!(event instanceof Event.Seen seen)) throw new Violation("takes " + place + " out without having looked");
        int least = after.stageOf(place).leastServing();
        Server self = simulation.servers.get(place.server());
        long others = simulation.servers.values().stream().filter(it -> it != self && it.isUp()).count();
        if (self.isUp() && others < least) throw new Violation("takes " + place + " out while " + others + " others are up and " + least + " must be");
        if (seen.isUp() && seen.others().orElseThrow().up() < least) throw new Violation("takes " + place + " out against the balancer's view");
        boolean wasLooking = before.member(place).at().filter(it -> it == Step.LOOK).isPresent();
        if (!wasLooking) throw new Violation("takes " + place + " out after a look at another one");
    }

    private void switched(State state, Place place, Optional<String> release) {
        if (release.filter(state.order().release()::equals).isEmpty()) return;
        switched.add(place);
        Stage stage = state.stageOf(place);
        int most = (stage.canary().isPresent() && !isDone(state, stage, place) ? 1 : stage.batch()) + stage.maxFailures();
        if (simulation.isBadRelease && switched.size() > most) throw new Violation("a bad release is on " + switched.size() + " servers, at most " + most);
    }

    private static boolean isDone(State state, Stage stage, Place place) {
        return state.member(new Place(place.stage(), stage.canary().orElseThrow())).way().isAtRest();
    }

    private void batch(State state) {
        for (int i = 0; i < state.order().stages().size(); i++) {
            Stage stage = state.order().stages().get(i);
            long active = state.membersOf(i).stream().filter(it -> it.way().isActive()).count();
            if (active > stage.batch()) throw new Violation(active + " servers at once in " + stage.name() + ", a batch is " + stage.batch());
        }
    }

    /** Every server is in rotation, or is named as out with the reason. */
    void atTheEnd() {
        for (Member member : simulation.state.members().values()) {
            Server server = simulation.servers.get(member.server());
            if (server == null) continue;
            if (member.way().isActive()) throw new Violation(member.place() + " is still on its way");
            rotation(member, server);
            release(member, server);
            if (member.hasFailed() && member.reason().isEmpty()) throw new Violation(member.place() + " failed without a reason");
        }
    }

    private static void rotation(Member member, Server server) {
        boolean isNamed = member.isOut() || member.wasOutBefore();
        if (server.wasAdmitted && !server.isAdmitted && !isNamed) throw new Violation(member.place() + " is out of rotation, and not named");
        if (!server.wasAdmitted && server.isAdmitted) throw new Violation(member.place() + " was out before, and is in now");
        boolean hasReason = !member.reason().isEmpty() || member.wasOutBefore() || !member.hadRelease();
        if (member.isOut() && !hasReason) throw new Violation(member.place() + " is out without a reason");
    }

    private void release(Member member, Server server) {
        State state = simulation.state;
        boolean isNew = state.order().release().equals(server.current);
        if (member.is(Way.UPDATED) && !isNew) throw new Violation(member.place() + " is said to be updated and has " + server.current);
        if (member.is(Way.UNCHANGED) && !state.order().release().equals(server.first.orElse(""))) throw new Violation(member.place() + " is left alone and never had the new release");
        boolean isBack = member.is(Way.REVERTED) || member.is(Way.WAITING);
        if (isBack && isNew) throw new Violation(member.place() + " is said to be back and has the new release");
        boolean isUndone = state.back().isPresent() && (!state.order().keeps() || state.back().filter(Verdict.HEALED::equals).isPresent());
        if (isUndone && member.is(Way.UPDATED)) throw new Violation(member.place() + " was not brought back");
    }
}
