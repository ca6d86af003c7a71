package nary.supervisor;

import static java.util.Collections.unmodifiableSortedSet;
import static java.util.stream.Collectors.toCollection;

import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import nary.id.WorkerId;
import nary.rollout.Verdict;
import nary.worker.Phase;
import nary.worker.Worker;

/** Where new connections go: derived from who serves, told to the shell when it changes. */
final class Steering {
    private static final int RETRIES = 3;

    private Steering() {}

    static void adjust(Turn turn) {
        if (!turn.app().isOnline()) return;
        Set<WorkerId> wanted = wanted(turn.app());
        if (wanted.isEmpty() || wanted.equals(turn.app().steered())) return;
        turn.app(turn.app().steeredTo(wanted, turn.app().steered().isEmpty() ? turn.app().steerFailures() : 0));
        turn.add(new Effect.Steer(wanted));
    }

    /** Those who serve; if nobody does, the dead ones whose queues hold the connections for their successors. */
    private static SortedSet<WorkerId> wanted(App app) {
        Generation generation = app.generation(app.steeredGeneration());
        var serving = generation.in(Phase.SERVING).map(Worker::id).collect(toCollection(TreeSet::new));
        if (!serving.isEmpty()) return unmodifiableSortedSet(serving);
        return unmodifiableSortedSet(generation.kept().filter(Worker::wasReady).map(Worker::id).collect(toCollection(TreeSet::new)));
    }

    static void failed(Turn turn, Effect.Steer steer, String reason) {
        turn.say("SteerFailed", "traffic could not be steered: " + reason);
        boolean isLatest = steer.serving().equals(turn.app().steered());
        int failures = turn.app().steerFailures() + 1;
        // forgetting whom it named makes the next adjustment name them again
        if (isLatest && failures <= RETRIES) turn.app(turn.app().steeredTo(Set.of(), failures));
        if (turn.rollout().filter(it -> it.canGoBack()).isPresent()) Deploy.rollBack(turn, new Verdict.SteeringFailed(reason));
    }
}
