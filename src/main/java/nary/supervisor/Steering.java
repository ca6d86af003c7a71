package nary.supervisor;

import static java.util.Collections.unmodifiableSortedSet;
import static java.util.stream.Collectors.toCollection;

import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;
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

    /**
     * Those who serve and are well; else of those who stall, or if none is left of the hung and the offline, those who have the connections
     * already, for who stalled last may have done so for a moment; else all of them; else the dead ones whose queues hold the connections for
     * their successors.
     */
    private static SortedSet<WorkerId> wanted(App app) {
        List<Worker> serving = app.in(Phase.SERVING).toList();
        List<Worker> well = serving.stream().filter(Worker::isWell).toList();
        if (!well.isEmpty()) return ids(well.stream());
        List<Worker> willing = serving.stream().filter(it -> !it.isDoomed()).toList();
        List<Worker> left = willing.isEmpty() ? serving : willing;
        List<Worker> steered = left.stream().filter(it -> app.steered().contains(it.id())).toList();
        if (!steered.isEmpty()) return ids(steered.stream());
        if (!left.isEmpty()) return ids(left.stream());
        List<Worker> awaited = app.in(Phase.EXITED).filter(it -> it.wasReady() && Succession.isAwaited(app, it)).toList();
        return ids(awaited.stream().filter(it -> it.isPlaceholder() || awaited.stream().noneMatch(other -> isInPlaceOf(other, it))));
    }

    /** Its slot's connections wait elsewhere. */
    private static boolean isInPlaceOf(Worker placeholder, Worker dead) {
        return placeholder.isPlaceholder() && placeholder.id().slot() == dead.id().slot();
    }

    private static SortedSet<WorkerId> ids(Stream<Worker> workers) {
        return unmodifiableSortedSet(workers.map(Worker::id).collect(toCollection(TreeSet::new)));
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
