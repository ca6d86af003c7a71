package nary.rollout;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import nary.id.RequestId;

/**
 * The move from one generation to the next.
 *
 * @param request who waits for the reply
 * @param by who asked, for people
 * @param aborters who waits to hear that it was aborted
 * @param trouble what went wrong after the point of no return, first cause
 * @param killed old workers killed because of {@code trouble}
 */
public record Rollout(
        RequestId request,
        String by,
        Optional<Duration> timeout,
        int from,
        int to,
        Strategy strategy,
        Stage stage,
        Timeline timeline,
        int connections,
        List<RequestId> aborters,
        Optional<Verdict> trouble,
        int killed) {

    public static Rollout begin(RequestId request, String by, Optional<Duration> timeout, int from, int to, Instant now) {
        return new Rollout(
                request, by, timeout, from, to, Strategy.SURGE, new Stage.Booting(now), Timeline.begin(now), 0, List.of(), Optional.empty(), 0);
    }

    public Instant since() {
        return timeline.started();
    }

    /** The generation that new connections go to. */
    public int steered() {
        return switch (stage) {
            case Stage.Booting b -> from;
            case Stage.RollingBack r -> from;
            case Stage.Settling s -> to;
            case Stage.Draining d -> to;
            case Stage.Retiring r -> to;
        };
    }

    /** The generation whose dead workers are replaced; none while a death of the new one would roll back anyway. */
    public Optional<Integer> replenished() {
        return switch (stage) {
            case Stage.Booting b -> Optional.of(from);
            case Stage.RollingBack r -> Optional.of(from);
            case Stage.Settling s -> Optional.empty();
            case Stage.Draining d -> Optional.empty();
            case Stage.Retiring r -> Optional.of(to);
        };
    }

    /** The generation that will not serve again. */
    public Optional<Integer> retired() {
        return switch (stage) {
            case Stage.Booting b -> Optional.empty();
            case Stage.Settling s -> Optional.empty();
            case Stage.Draining d -> Optional.empty();
            case Stage.Retiring r -> Optional.of(from);
            case Stage.RollingBack r -> Optional.of(to);
        };
    }

    /** True while every failure ends with the old generation serving as before. */
    public boolean canGoBack() {
        return stage instanceof Stage.Booting || stage instanceof Stage.Settling || stage instanceof Stage.Draining;
    }

    public boolean isPastReturn() {
        return stage instanceof Stage.Retiring;
    }

    public Rollout cutOver(Instant now) {
        return with(new Stage.Settling(now), timeline.ready(now));
    }

    public Rollout settled(Instant now) {
        return with(new Stage.Draining(now), timeline.settled(now));
    }

    public Rollout retiring(Instant now) {
        return with(new Stage.Retiring(now), timeline.drained(now));
    }

    public Rollout rollingBack(Verdict verdict, Instant now) {
        return with(new Stage.RollingBack(now, verdict), timeline);
    }

    /** One more old worker was told to stop. */
    public Rollout drained(int itsConnections, Instant now) {
        return new Rollout(
                request, by, timeout, from, to, strategy, stage, timeline.drained(now), connections + itsConnections, aborters, trouble, killed);
    }

    public Rollout troubled(Verdict verdict) {
        return new Rollout(
                request, by, timeout, from, to, strategy, stage, timeline, connections, aborters, trouble.or(() -> Optional.of(verdict)), killed);
    }

    public Rollout withAborter(RequestId aborter) {
        List<RequestId> all = Stream.concat(aborters.stream(), Stream.of(aborter)).toList();
        return new Rollout(request, by, timeout, from, to, strategy, stage, timeline, connections, all, trouble, killed);
    }

    public Rollout withKilled(int more) {
        return new Rollout(request, by, timeout, from, to, strategy, stage, timeline, connections, aborters, trouble, killed + more);
    }

    private Rollout with(Stage next, Timeline times) {
        return new Rollout(request, by, timeout, from, to, strategy, next, times, connections, aborters, trouble, killed);
    }
}
