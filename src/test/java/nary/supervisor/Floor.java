package nary.supervisor;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import nary.rollout.Rollout;
import nary.rollout.Stage;
import nary.worker.Phase;
import nary.worker.Worker;

/** How many must serve. */
final class Floor {
    private Floor() {}

    /** Ready, not told to stop, and not on its way out because another has its place. */
    static List<Worker> capable(App app) {
        boolean canGoBack = app.rollout().filter(Rollout::canGoBack).isPresent();
        Optional<Integer> loser = app.rollout().filter(it -> it.stage() instanceof Stage.RollingBack).map(Rollout::to);
        return app.workers()
                .filter(it -> it.wasReady() && (it.is(Phase.SERVING) || it.is(Phase.STANDBY) || canGoBack && it.is(Phase.DRAINING) && isCurrent(app, it)))
                .filter(it -> loser.isEmpty() || loser.get() != it.id().generation())
                .toList();
    }

    private static boolean isCurrent(App app, Worker worker) {
        return app.generation(worker.id().generation()).idOf(app.slot(worker.id())).equals(worker.id());
    }

    /** Where a worker could serve a slot, one does. @param slots of the new generation, where there is one: the others go with its coming */
    static void requireEachSlot(App app, List<Worker> serving, int slots) {
        Set<Integer> served = serving.stream().map(it -> it.id().slot()).collect(Collectors.toSet());
        for (Worker worker : capable(app)) {
            int slot = worker.id().slot();
            // more slots than before come and go with the new generation
            boolean isCounted = slot < Math.min(slots, app.settings().workerCount());
            Invariants.require(!isCounted || served.contains(slot), "below the floor: nobody serves slot " + slot + " though " + worker + " could");
        }
    }
}
