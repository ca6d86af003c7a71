package nary.fleet.plan;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * One server in one stage, and all that is known of it.
 *
 * @param found empty until it was looked at
 * @param left steps of its way that are not done; the first is the one at hand
 * @param isBusy the first of them has begun and not ended
 * @param isOut taken out of rotation, or it may be, and not back
 * @param isDrained it is out, and nothing was under way any more; nobody has told the balancers anything else since
 * @param isTouched its app was stopped or switched, or may be
 * @param prior what the balancers had before it was taken out
 * @param lookUntil when it gives up waiting for enough others
 * @param hasFailed its update failed
 * @param reason what went wrong; empty if nothing did
 */
public record Member(
        Place place,
        Optional<Finding> found,
        Way way,
        List<Step> left,
        boolean isBusy,
        boolean isOut,
        boolean isDrained,
        boolean isTouched,
        Optional<Rotation> prior,
        Optional<Instant> lookUntil,
        boolean hasFailed,
        String reason) {
    public Member {
        left = List.copyOf(left);
    }

    static Member fresh(Place place) {
        return new Member(place, Optional.empty(), Way.WAITING, List.of(), false, false, false, false, Optional.empty(), Optional.empty(), false, "");
    }

    public String server() {
        return place.server();
    }

    public boolean is(Way other) {
        return way == other;
    }

    /** There is a release to go back to. */
    public boolean hadRelease() {
        return found.flatMap(Finding::release).isPresent();
    }

    boolean isWell() {
        return found.filter(it -> it.isReachable() && it.isHealthy()).isPresent();
    }

    /** The step at hand. */
    public Optional<Step> at() {
        return left.isEmpty() ? Optional.empty() : Optional.of(left.getFirst());
    }

    /** It was meant to be out of rotation before anybody touched it. */
    public boolean wasOutBefore() {
        return prior.filter(it -> !it.isIn()).isPresent();
    }

    Member found(Finding finding) {
        return new Member(place, Optional.of(finding), way, left, isBusy, isOut, isDrained, isTouched, prior, lookUntil, hasFailed, reason);
    }

    Member on(Way next, List<Step> steps) {
        return new Member(place, found, next, steps, false, isOut, isDrained, isTouched, prior, Optional.empty(), hasFailed, reason);
    }

    /** At the end of a way. */
    Member rests(Way next) {
        return on(next, List.of());
    }

    /** From now on what the step does may have been done. */
    Member begins(Step step) {
        boolean out = isOut || step == Step.REMOVE;
        boolean touched = isTouched || step == Step.STOP || step == Step.SWITCH || step == Step.COMMAND;
        boolean drained = isDrained && step != Step.RETURN && step != Step.REMOVE;
        return new Member(place, found, way, left, true, out, drained, touched, prior, lookUntil, hasFailed, reason);
    }

    /** The step at hand is done. */
    Member done() {
        boolean out = isOut && left.getFirst() != Step.RETURN;
        boolean drained = isDrained || left.getFirst() == Step.DRAIN;
        return new Member(place, found, way, left.subList(1, left.size()), false, out, drained, isTouched, prior, Optional.empty(), hasFailed, reason);
    }

    /** It is again as if it had never been touched. */
    Member restored() {
        return new Member(place, found, way, left, isBusy, isOut, isDrained, false, prior, lookUntil, hasFailed, reason);
    }

    /** It has to be dealt with as a whole when it is brought back: it does not get well by itself. */
    Member touched() {
        return new Member(place, found, way, left, isBusy, isOut, isDrained, true, prior, lookUntil, hasFailed, reason);
    }

    /** Nobody has watched for a while whether the balancers still know that it is out. */
    Member unwatched() {
        return new Member(place, found, way, left, false, isOut, false, isTouched, prior, Optional.empty(), hasFailed, reason);
    }

    Member idle() {
        return new Member(place, found, way, left, false, isOut, isDrained, isTouched, prior, lookUntil, hasFailed, reason);
    }

    Member seen(Rotation before) {
        return new Member(place, found, way, left, isBusy, isOut, isDrained, isTouched, Optional.of(before), lookUntil, hasFailed, reason);
    }

    Member looking(Instant until) {
        return new Member(place, found, way, left, isBusy, isOut, isDrained, isTouched, prior, Optional.of(until), hasFailed, reason);
    }

    Member failed(String why) {
        return new Member(place, found, way, left, isBusy, isOut, isDrained, isTouched, prior, lookUntil, true, why);
    }

    Member because(String why) {
        return new Member(place, found, way, left, isBusy, isOut, isDrained, isTouched, prior, lookUntil, hasFailed, why);
    }
}
