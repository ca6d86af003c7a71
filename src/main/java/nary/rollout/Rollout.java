package nary.rollout;

import static java.util.Collections.unmodifiableSortedMap;
import static java.util.Collections.unmodifiableSortedSet;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import nary.id.RequestId;

/**
 * The move from one generation to the next.
 *
 * @param request who waits for the reply
 * @param by who asked, for people
 * @param reason why
 * @param from the generation that served; where a failed rollout left two, the one that deploys build on
 * @param count slots of the new generation
 * @param moved slots whose new connections go to the new generation
 * @param retired slots in which an old worker was told to stop, with the generation that it was of
 * @param connections that old workers had when they began to drain
 * @param aborters who waits to hear that it was aborted
 * @param trouble what went wrong after the point of no return, first cause
 * @param killed old workers killed because of {@code trouble}
 */
public record Rollout(
        RequestId request,
        String by,
        Reason reason,
        Optional<Duration> timeout,
        int from,
        int to,
        int count,
        Plan plan,
        Stage stage,
        SortedSet<Integer> moved,
        SortedMap<Integer, Integer> retired,
        Timeline timeline,
        int connections,
        List<RequestId> aborters,
        Optional<Verdict> trouble,
        int killed) {

    public static Rollout begin(RequestId request, String by, Reason reason, Optional<Duration> timeout, int from, int to, int count, Plan plan, Instant now) {
        return new Rollout(
                request,
                by,
                reason,
                timeout,
                from,
                to,
                count,
                plan,
                // where the old ones end first, nothing leads back from the beginning
                plan.isOldFirst() ? new Stage.Retiring(now) : new Stage.Forward(now),
                Collections.emptySortedSet(),
                Collections.emptySortedMap(),
                Timeline.begin(now),
                0,
                List.of(),
                Optional.empty(),
                0);
    }

    public Instant since() {
        return timeline.started();
    }

    /** True while every failure ends with the old generation serving as before. */
    public boolean canGoBack() {
        return stage instanceof Stage.Forward;
    }

    public boolean isPastReturn() {
        return stage instanceof Stage.Retiring;
    }

    /** It goes on to the new generation. */
    public boolean isForward() {
        return canGoBack() || isPastReturn();
    }

    public boolean isComingBack() {
        return stage instanceof Stage.ComingBack;
    }

    public boolean hasMoved(int slot) {
        return moved.contains(slot);
    }

    /** The slot was retired, and is to be filled with the old version again. */
    public boolean awaitsReturn(int slot) {
        return isComingBack() && retired.containsKey(slot);
    }

    /** The slot awaits its return to this generation. */
    public boolean awaitsReturn(int slot, int generation) {
        return isComingBack() && Integer.valueOf(generation).equals(retired.get(slot));
    }

    /** Where it is, for people. */
    public String text() {
        return switch (stage) {
            case Stage.RollingBack back -> "rolling back";
            case Stage.ComingBack back -> "coming back";
            case Stage.Retiring retiring when plan.isAllAtOnce() -> "retiring";
            case Stage.Retiring retiring -> moved.size() + " of " + count + " slots moved";
            case Stage.Forward forward -> moved.isEmpty() ? "booting" : timeline.settled().isPresent() ? "draining" : "settling";
        };
    }

    /** These slots' connections go to the new generation from now on. */
    public Rollout moving(Collection<Integer> slots, Instant now) {
        var all = new TreeSet<>(moved);
        all.addAll(slots);
        return with(stage, unmodifiableSortedSet(all), retired, timeline.ready(now));
    }

    public Rollout settled(Instant now) {
        return with(stage, moved, retired, timeline.settled(now));
    }

    public Rollout retiring(Instant now) {
        return with(new Stage.Retiring(now), moved, retired, timeline.drained(now));
    }

    public Rollout withRetired(int slot, int generation) {
        var all = new TreeMap<>(retired);
        all.put(slot, generation);
        return with(stage, moved, unmodifiableSortedMap(all), timeline);
    }

    /** The slot is filled again, or will not be. */
    public Rollout withReturned(int slot) {
        var all = new TreeMap<>(retired);
        all.remove(slot);
        return with(stage, moved, unmodifiableSortedMap(all), timeline);
    }

    public Rollout rollingBack(Verdict verdict, Instant now) {
        return with(new Stage.RollingBack(now, verdict), Collections.emptySortedSet(), retired, timeline);
    }

    public Rollout comingBack(Verdict verdict, Instant now) {
        return with(new Stage.ComingBack(now, verdict), Collections.emptySortedSet(), retired, timeline);
    }

    /** One more old worker was told to stop. */
    public Rollout drained(int itsConnections, Instant now) {
        return new Rollout(
                request,
                by,
                reason,
                timeout,
                from,
                to,
                count,
                plan,
                stage,
                moved,
                retired,
                timeline.drained(now),
                connections + itsConnections,
                aborters,
                trouble,
                killed);
    }

    public Rollout troubled(Verdict verdict) {
        return with(aborters, trouble.or(() -> Optional.of(verdict)), killed);
    }

    public Rollout withAborter(RequestId aborter) {
        return with(Stream.concat(aborters.stream(), Stream.of(aborter)).toList(), trouble, killed);
    }

    public Rollout withKilled(int more) {
        return with(aborters, trouble, killed + more);
    }

    private Rollout with(List<RequestId> theAborters, Optional<Verdict> theTrouble, int theKilled) {
        return new Rollout(
                request, by, reason, timeout, from, to, count, plan, stage, moved, retired, timeline, connections, theAborters, theTrouble, theKilled);
    }

    private Rollout with(Stage next, SortedSet<Integer> nowMoved, SortedMap<Integer, Integer> nowRetired, Timeline times) {
        return new Rollout(
                request, by, reason, timeout, from, to, count, plan, next, nowMoved, nowRetired, times, connections, aborters, trouble, killed);
    }
}
