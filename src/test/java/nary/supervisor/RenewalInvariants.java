package nary.supervisor;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import nary.config.Strategy;
import nary.id.WorkerId;
import nary.rollout.Reason;
import nary.worker.Phase;
import nary.worker.Worker;

/** What must hold of workers that are replaced though nobody asked for it. */
final class RenewalInvariants {
    /** No simulated worker lives long enough to be forgiven. */
    private static final Duration PAUSE = Duration.ofMinutes(1);

    private Set<WorkerId> expired = Set.of();
    private final Map<Integer, Instant> tooBig = new HashMap<>();

    /** A slot's workers that are too big at once are not replaced without a pause. */
    void told(Notice notice, Instant now) {
        if (!notice.name().equals("Expired")) return;
        Reason reason = notice.reason().orElseThrow();
        Invariants.require(reason == Reason.MEMORY || reason == Reason.AGE, "nobody knows why: " + notice);
        if (reason == Reason.AGE) return;
        Instant before = tooBig.put(notice.worker().orElseThrow().slot(), now);
        Invariants.require(before == null || !now.isBefore(before.plus(PAUSE)), "a hot loop: " + notice);
    }

    void check(App app) {
        List<Worker> now = app.workers().filter(it -> it.isAlive() && it.hasExpired()).toList();
        Set<WorkerId> begun = new HashSet<>();
        for (Worker worker : now) {
            if (worker.is(Phase.SERVING)) begun.add(worker.id());
            Invariants.require(app.settings().policy().strategy() != Strategy.REPLACE, worker + " is to be replaced beside its successor");
        }
        Invariants.require(begun.size() <= 1, "more than one is being replaced: " + begun);
        Set<WorkerId> fresh = new HashSet<>(begun);
        fresh.removeAll(expired);
        // one that was called back goes on being replaced
        boolean isAlone = fresh.isEmpty() || app.rollout().isEmpty() && app.resize().isEmpty();
        Invariants.require(isAlone || app.renewals().expired().keySet().containsAll(fresh), "a replacement begins while something else is under way: " + fresh);
        expired = begun;
    }
}
