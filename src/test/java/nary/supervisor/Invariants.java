package nary.supervisor;

import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import nary.config.Strategy;
import nary.id.RequestId;
import nary.id.WorkerId;
import nary.rollout.Rollout;
import nary.worker.Phase;
import nary.worker.Saying;
import nary.worker.Slot;
import nary.worker.Worker;

/** What must hold after every event, whatever happens. Believes the effects and the world, and the state only where it is held against them. */
final class Invariants {
    static final class Violation extends AssertionError {
        Violation(String message) {
            super(message);
        }
    }

    private record Trial(RequestId request, int to, int count, Strategy strategy) {}

    private final TreeMap<WorkerId, SimWorker> workers;
    private final Set<RequestId> open = new HashSet<>();
    private final Map<RequestId, Outcome> answered = new HashMap<>();
    /** As the last steering asked, and as the last that took effect has it. */
    private Set<WorkerId> asked = Set.of();

    private Set<WorkerId> steering = Set.of();
    private Optional<Trial> trial = Optional.empty();
    private boolean isPastReturn;
    /** Whose new connections are held off because the app ends. */
    private final Set<WorkerId> closed = new HashSet<>();

    private final Set<WorkerId> drained = new HashSet<>();
    private final Set<WorkerId> replaced = new HashSet<>();
    /** Workers that had died when the deploy began, and whose listeners were kept. */
    private Set<WorkerId> deadBefore = Set.of();
    /** Their end is no failure: the successor has been asked for already. */
    private final Set<WorkerId> offline = new HashSet<>();

    private boolean isRestartAsked;
    private final RenewalInvariants renewals = new RenewalInvariants();
    private boolean isEnding;
    private boolean isOnline;
    /** A rollout failed past the point of no return and left two generations. */
    private boolean isMixed;

    Invariants(TreeMap<WorkerId, SimWorker> workers) {
        this.workers = workers;
    }

    Set<WorkerId> steering() {
        return steering;
    }

    boolean isOnline() {
        return isOnline && !isEnding;
    }

    boolean isDeploying() {
        return trial.isPresent();
    }

    Set<RequestId> open() {
        return open;
    }

    void before(Event event, State state) {
        switch (event) {
            case Event.StartRequested start -> open.add(start.request());
            case Event.DeployRequested deploy -> open.add(deploy.request());
            case Event.ScaleRequested scale -> open.add(scale.request());
            case Event.AbortRequested abort -> open.add(abort.request());
            case Event.StopRequested stop -> open.add(stop.request());
            case Event.WorkerSpawned e -> {}
            case Event.SpawnFailed e -> {}
            case Event.WorkerListening e -> {}
            case Event.BindRefused e -> {}
            case Event.WorkerSaid(var worker, var saying) -> {
                if (saying instanceof Saying.Stopping) offline.add(worker);
            }
            case Event.WorkerStalled e -> {}
            case Event.WorkerRecovered e -> {}
            case Event.MemorySampled e -> {}
            case Event.RestartDue e -> {}
            case Event.RestartAnswered e -> isRestartAsked = false;
            case Event.ProbePassed e -> {}
            case Event.DrainSampled e -> {}
            // a worker that dies when its slot has moved on takes its queue with it
            case Event.WorkerExited(var worker, var exit) -> {
                if (trial.filter(it -> it.to() != worker.generation()).isPresent()) replaced.add(worker);
            }
            case Event.TreeEnded e -> {}
            case Event.TimerFired e -> {}
            case Event.EffectFailed e -> {}
        }
    }

    /** Called for each effect in order, before the world performs it. */
    void on(Event event, Effect effect, State after, Instant now) {
        isEnding |= after.app().filter(App::isEnding).isPresent();
        if (trial.isEmpty()) after.rollout().ifPresent(it -> begin(event, it));
        switch (effect) {
            case Effect.Spawn(var worker, var release, var heirTo) -> spawn(worker, heirTo, after);
            case Effect.OpenQueue(var place, var addresses) -> require(!workers.containsKey(place), place + " is opened twice");
            case Effect.Examine e -> {}
            case Effect.TakeEvidence e -> {}
            case Effect.Steer(var set) -> steer(set, after);
            case Effect.StartDrain(var worker) -> drain(worker, after);
            case Effect.Signal(var worker, int signal, boolean wholeTree) -> signal(worker, signal, after);
            case Effect.FreeListeners(var worker) -> free(worker, after);
            case Effect.Reply(var request, var outcome) -> reply(event, request, outcome, after);
            case Effect.Halt halt -> halt();
            case Effect.EndTree(var worker) -> require(workers.get(worker).exitReported, worker + " is alive, its tree is ended");
            case Effect.StopDrain e -> {}
            case Effect.Probe e -> {}
            case Effect.CloseDoor(var worker) -> closeDoor(worker, after);
            case Effect.ArmTimer e -> {}
            case Effect.CancelTimer e -> {}
            case Effect.RequestRestart e -> requestRestart(after);
            case Effect.Emit(var notice) -> renewals.told(notice, now);
        }
    }

    private void requestRestart(State after) {
        App app = after.app().orElseThrow();
        require(!isRestartAsked, "a restart is asked for while one is");
        require(app.isOnline() && app.rollout().isEmpty() && app.resize().isEmpty(), "a restart is asked for while something is under way");
        isRestartAsked = true;
    }

    private void begin(Event event, Rollout rollout) {
        require(event instanceof Event.DeployRequested deploy && deploy.request().equals(rollout.request()), "a rollout begins out of the blue: " + rollout);
        trial = Optional.of(new Trial(rollout.request(), rollout.to(), rollout.count(), rollout.plan().strategy()));
        isPastReturn = false;
        deadBefore = workers.values().stream().filter(it -> it.exitReported && !it.freed).map(it -> it.id).collect(Collectors.toSet());
    }

    private void spawn(WorkerId worker, Set<WorkerId> heirTo, State after) {
        require(!workers.containsKey(worker), worker + " is spawned twice");
        require(!isEnding, worker + " is spawned though the app is ending");
        for (WorkerId ancestor : heirTo) {
            require(ancestor.slot() == worker.slot() && workers.containsKey(ancestor) && !workers.get(ancestor).freed, worker + " is heir to " + ancestor);
        }
        boolean isAlone = trial.filter(it -> it.strategy() == Strategy.REPLACE).isPresent();
        if (isAlone) requireAlone(worker, after);
    }

    /** The two versions never run side by side. */
    private void requireAlone(WorkerId worker, State after) {
        int to = trial.orElseThrow().to();
        for (SimWorker other : workers.values()) {
            boolean isOther = (other.id.generation() == to) != (worker.generation() == to);
            boolean isThere = !other.spawnFailureReported && (!other.exitReported || !other.treeEndReported);
            // after a second failure slots may be kept up by either
            boolean isSettled = after.rollout().filter(it -> it.isComingBack()).isPresent() && !other.told;
            require(!isOther || !isThere || isSettled, worker + " is spawned beside " + other.id);
        }
    }

    private void steer(Set<WorkerId> set, State after) {
        require(!set.isEmpty(), "nobody is steered to");
        for (WorkerId id : set) {
            SimWorker worker = workers.get(id);
            require(worker != null && !worker.freed, id + " is steered to but its listeners are gone");
            require(!worker.draining, id + " drains but is steered to");
            worker.everSteered = true;
            require(!worker.told || worker.exitReported, id + " was told to stop but is steered to");
        }
        asked = set;
        long generations = set.stream().map(WorkerId::generation).distinct().count();
        boolean isWhole = trial.map(it -> it.strategy() == Strategy.SURGE).orElse(true);
        boolean isHolding = set.stream().noneMatch(it -> workers.get(it).isAliveAsReported());
        require(generations == 1 || !isWhole || isMixed || isHolding, "two generations are steered to: " + set);
    }

    /** The steering took effect. */
    void steered(Set<WorkerId> set) {
        steering = set;
    }

    private void drain(WorkerId worker, State after) {
        // one whose process is not known yet has no door to close; and where nobody is left there is nowhere else to steer to
        boolean isLast = after.app().orElseThrow().workers().allMatch(it -> it.id().equals(worker) || !it.is(Phase.SERVING) && !it.is(Phase.EXITED));
        require(!asked.contains(worker) || closed.contains(worker) || isEnding && !workers.get(worker).spawned || isLast, worker + " drains but is steered to");
        drained.add(worker);
    }

    private void closeDoor(WorkerId worker, State after) {
        require(after.app().orElseThrow().isEnding(), "a door is closed though the app goes on");
        closed.add(worker);
    }

    private void signal(WorkerId id, int signal, State after) {
        SimWorker worker = workers.get(id);
        require(worker != null && worker.spawned, id + " is signalled before it was spawned");
        if (isEnding) {
            boolean hasClients = asked.contains(id) && !worker.exitReported;
            require(signal == 9 || !hasClients || drained.contains(id), id + " is told to stop before it finished with its clients");
            return;
        }
        boolean isOld = trial.filter(it -> it.to() != id.generation()).isPresent();
        boolean isStandby = isOld && after.worker(id).orElseThrow().wasReady();
        if (worker.exitReported || !worker.everSteered && !isStandby) {
            worker.told = true;
            return;
        }
        require(!asked.contains(id), id + " is told to stop while connections go to it");
        boolean hasMoved = after.rollout().filter(it -> it.isForward() && it.hasMoved(id.slot())).isPresent();
        if (!worker.told && isOld && hasMoved) requireReplaced(id, after);
        else if (!worker.told && !hasSuccessor(id) && !isScaledAway(id, after) && !isLeftOver(id, after)) {
            if (isOld) requireReplaced(id, after);
            else require(trial.isPresent() && after.rollout().filter(it -> !it.isForward()).isPresent(), id + " is told to stop out of the blue");
        }
        worker.told = true;
    }

    /** Another process of its generation has its place. */
    private boolean hasSuccessor(WorkerId id) {
        return workers.values().stream()
                .anyMatch(it -> it.id.generation() == id.generation() && it.id.slot() == id.slot() && it.id.attempt() > id.attempt() && it.everSteered);
    }

    /** It served on after its version had failed, until somebody else could. */
    private boolean isLeftOver(WorkerId id, State after) {
        boolean isRetired = after.rollout().filter(it -> it.retired().containsKey(id.slot()) || it.hasMoved(id.slot())).isPresent();
        // one that drains when the others die is not called back: their queues hold the connections
        return !isRetired && !after.app().orElseThrow().slot(id).isOwned() && (drained.contains(id) || asked.stream().anyMatch(it -> workers.get(it).isAliveAsReported()));
    }

    private static boolean isScaledAway(WorkerId id, State after) {
        return after.app().orElseThrow().resize().filter(it -> id.slot() >= Math.min(it.from(), it.to())).isPresent();
    }

    private void requireReplaced(WorkerId id, State after) {
        Trial its = trial.orElseThrow();
        String otherwise = id + " is told to stop before its replacement serves";
        switch (its.strategy()) {
            case SURGE -> {
                if (!isPastReturn) requireAllServe(its.to(), its.count(), otherwise);
            }
            case FIRST_READY -> {
                boolean serves = workers.values().stream().anyMatch(it -> it.id.generation() == its.to() && it.everSteered && it.isAliveAsReported());
                require(serves || isPastReturn, otherwise);
            }
            case ROLLING -> {
                boolean serves = workers.values().stream()
                        .anyMatch(it -> it.id.generation() == its.to() && it.id.slot() == id.slot() && it.everSteered && (it.isAliveAsReported() || offline.contains(it.id)));
                require(serves || id.slot() >= its.count(), otherwise);
            }
            case REPLACE -> {}
        }
        isPastReturn = true;
    }

    private void requireAllServe(int generation, int slots, String otherwise) {
        long count = workers.values().stream()
                .filter(it -> it.id.generation() == generation && it.everSteered && it.isAliveAsReported() && !it.told)
                .map(it -> it.id.slot())
                .distinct()
                .count();
        require(count >= slots, otherwise + ": " + asked);
    }

    private void free(WorkerId id, State after) {
        SimWorker worker = workers.get(id);
        require(worker != null && worker.spawned, id + " is freed but was never there");
        require(!worker.freed, id + " is freed twice");
        require(worker.treeEndReported, id + " is freed while processes of it live");
        worker.freed = true;
        if (isEnding || !isOnline || after.app().orElseThrow().isEnding()) return;
        boolean hasHeir = workers.values().stream().anyMatch(it -> it.heirTo.contains(id) && after.worker(it.id).filter(Worker::wasReady).isPresent() || it.heirTo.contains(id) && it.everSteered);
        // a slot that waits for its worker is scaled away within one step
        boolean isSlotGone = isScaledAway(id, after) || id.slot() >= after.app().orElseThrow().settings().workerCount() || trial.filter(it -> id.slot() >= it.count()).isPresent();
        if (worker.placeholder && !isSlotGone) require(hasHeir, "the connections that wait in " + id + " are lost");
        Generation own = after.app().get().generations().get(id.generation());
        // who died before the deploy began leaves what waits to those who come
        boolean isUntouched = trial.isEmpty() || deadBefore.contains(id) && id.slot() < trial.get().count() && !isPastReturn;
        boolean isKeptUp = isUntouched && !worker.told && !drained.contains(id) && !replaced.contains(id) && own != null && own.keeps(id.slot());
        if (isKeptUp && worker.everSteered && !worker.listening.isEmpty()) require(hasHeir, "the queue of " + id + " is lost: no successor served");
    }

    private void reply(Event event, RequestId request, Outcome outcome, State after) {
        require(open.remove(request), request + (answered.containsKey(request) ? " is answered twice" : " was never made"));
        answered.put(request, outcome);
        if (after.app().isEmpty()) return;
        if (!isOnline && outcome instanceof Outcome.Done && after.app().get().isOnline()) isOnline = true;
        if (trial.isPresent() && trial.get().request().equals(request)) endTrial(outcome, after.app().get());
    }

    private void endTrial(Outcome outcome, App app) {
        Trial over = trial.orElseThrow();
        trial = Optional.empty();
        if (app.isEnding()) return;
        List<Generation> left = app.generations().values().stream().filter(Generation::hasSlots).toList();
        isMixed = app.generations().values().stream().filter(it -> it.hasSlots() || !it.workers().values().stream().allMatch(Worker::isLeft)).count() > 1;
        for (Generation generation : left) {
            require(outcome.text().contains("generation " + generation.number() + " serves"), "the reply does not name who serves: " + outcome + ", not " + generation.number());
        }
        for (SimWorker worker : workers.values()) {
            boolean isGone = worker.freed || worker.spawnFailureReported;
            require(isGone || app.generations().containsKey(worker.id.generation()), worker.id + " of a losing generation is still there after the reply");
        }
        if (!(outcome instanceof Outcome.Done)) return;
        require(left.size() == 1 && left.getFirst().number() == over.to(), "the deploy is done but " + left.size() + " generations are left");
        requireAllServe(over.to(), over.count(), "the deploy is done but not all serve");
    }

    private void halt() {
        require(open.isEmpty(), "requests without a reply at the halt: " + open);
        for (SimWorker worker : workers.values()) {
            require(worker.freed || worker.spawnFailureReported, worker.id + " is left behind at the halt");
        }
    }

    /** After all effects of a step. @param isSteeringInDoubt a steering failed and was not made up for */
    void after(State state, List<Timer> armed, boolean isSteeringInDoubt) {
        if (state.app().isEmpty()) return;
        App app = state.app().get();
        isEnding |= app.isEnding();
        checkNobodyIsForgotten(state);
        if (!app.isOnline()) return;
        isOnline = true;
        checkOneRollout(app);
        if (!isSteeringInDoubt) checkFloor(app);
        renewals.check(app);
        checkSlots(app, armed);
    }

    private void checkNobodyIsForgotten(State state) {
        var believed = new TreeSet<WorkerId>();
        var known = new TreeSet<WorkerId>();
        for (Generation generation : state.generations()) {
            known.addAll(generation.workers().keySet());
            generation.alive().map(Worker::id).forEach(believed::add);
        }
        for (SimWorker worker : workers.values()) {
            require(worker.isAliveAsReported() == believed.contains(worker.id), worker.id + (worker.isAliveAsReported() ? " lives but the core does not know" : " is dead but the core believes it lives"));
            boolean isGone = worker.freed || worker.spawnFailureReported;
            require(isGone != known.contains(worker.id), worker.id + (isGone ? " is gone but remembered" : " holds listeners but is forgotten"));
            require(!worker.exitReported || worker.endTreeAsked, "nobody ends the tree of " + worker.id);
        }
        require(workers.keySet().containsAll(known), "the core knows workers that were never spawned: " + known);
    }

    private void checkOneRollout(App app) {
        require(app.rollout().isPresent() == trial.isPresent(), "the rollout is " + app.rollout() + " but the trial " + trial);
        require(app.rollout().isEmpty() || app.resize().isEmpty(), "a rollout and a change of the worker count at once");
        long generations = workers.values().stream().filter(it -> it.spawned && it.isAliveAsReported() && app.worker(it.id).filter(Worker::isLeft).isEmpty()).map(it -> it.id.generation()).distinct().count();
        // each failed comeback may leave a slot to another generation
        require(generations <= (isMixed ? app.settings().workerCount() : 1) + 1, "workers of " + generations + " generations");
    }

    private void checkFloor(App app) {
        List<Worker> serving = app.in(Phase.SERVING).toList();
        Set<WorkerId> well = ids(serving.stream().filter(Worker::isWell));
        Set<WorkerId> able = well.isEmpty() ? ids(serving.stream()) : well;
        // where nobody is well some of them do
        boolean isRight = well.isEmpty() ? !steering.isEmpty() && able.containsAll(steering) : steering.equals(well);
        if (!able.isEmpty()) require(isRight, "serving are " + able + " but steered to are " + steering);
        else require(steering.stream().noneMatch(it -> workers.get(it).isAliveAsReported()), "steered to, but not serving: " + steering);
        for (WorkerId id : steering) {
            SimWorker worker = workers.get(id);
            require(!worker.draining && !worker.told || worker.exitReported, id + " drains or stops but is steered to");
        }
        if (app.resize().isPresent()) return;
        Strategy strategy = trial.map(Trial::strategy).orElse(Strategy.ROLLING);
        switch (strategy) {
            case SURGE -> {
                if (!isPastReturn) Floor.requireEachSlot(app, serving, trial.map(Trial::count).orElse(Integer.MAX_VALUE));
            }
            case ROLLING -> Floor.requireEachSlot(app, serving, trial.map(Trial::count).orElse(Integer.MAX_VALUE));
            case FIRST_READY -> require(!serving.isEmpty() || Floor.capable(app).isEmpty(), "nobody serves, though " + Floor.capable(app) + " could");
            case REPLACE -> {}
        }
    }

    private static Set<WorkerId> ids(Stream<Worker> workers) {
        return workers.map(Worker::id).collect(Collectors.toSet());
    }

    /** While nothing moves, each slot has a process, or a time for the next. */
    private void checkSlots(App app, List<Timer> armed) {
        if (app.resize().isPresent() || app.rollout().filter(it -> !it.canGoBack() || !it.moved().isEmpty()).isPresent()) return;
        for (int slot = 0; slot < app.settings().workerCount(); slot++) {
            int index = slot;
            boolean isFilled = app.inSlot(slot).anyMatch(it -> workers.get(it.id()).isAliveAsReported() && trial.filter(t -> t.to() == it.id().generation()).isEmpty());
            boolean isDue = armed.stream().anyMatch(it -> it.kind() == Timer.Kind.RESPAWN && it.worker().filter(next -> next.slot() == index).isPresent());
            boolean isFinished = app.generations().values().stream()
                    .anyMatch(it -> index < it.slots().size() && it.slots().get(index).duty() == Slot.Duty.FINISHED);
            require(isFilled || isDue || isFinished, "slot " + index + " is lost");
        }
    }

    /** Long after the last fault. */
    void requireConverged(State state) {
        App app = state.app().orElseThrow();
        require(app.isOnline() && app.rollout().isEmpty() && app.resize().isEmpty() && trial.isEmpty(), "has not converged: " + state.word());
        for (Generation generation : app.generations().values()) {
            require(generation.hasSlots(), "an old generation is kept: " + generation.number());
            require(generation.allAre(Phase.SERVING), "not every slot is served: " + generation.workers().values());
            require(generation.workers().size() == generation.kept().count(), "the dead are kept: " + generation.workers().values());
        }
        require(app.generations().size() == 1 || isMixed, "two generations serve: " + app.generations().keySet());
        require(app.workers().allMatch(Worker::isWell), "somebody is spared: " + app.workers().toList());
        require(open.isEmpty(), "requests without a reply: " + open);
    }

    static void require(boolean holds, String otherwise) {
        if (!holds) throw new Violation(otherwise);
    }
}
