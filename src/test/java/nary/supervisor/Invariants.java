package nary.supervisor;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import nary.id.RequestId;
import nary.id.WorkerId;
import nary.worker.Phase;
import nary.worker.Worker;

/** What must hold after every event, whatever happens. Believes the effects and the world, and the state only where it is held against them. */
final class Invariants {
    static final class Violation extends AssertionError {
        Violation(String message) {
            super(message);
        }
    }

    private record Trial(RequestId request, int from, int to) {}

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
    private boolean isEnding;
    private boolean isOnline;
    private int serving;
    private final Map<Integer, Integer> slots = new HashMap<>();

    Invariants(TreeMap<WorkerId, SimWorker> workers) {
        this.workers = workers;
    }

    Set<WorkerId> steering() {
        return steering;
    }

    boolean isOnline() {
        return isOnline && !isEnding;
    }

    int serving() {
        return serving;
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
            case Event.AbortRequested abort -> open.add(abort.request());
            case Event.StopRequested stop -> open.add(stop.request());
            case Event.WorkerSpawned e -> {}
            case Event.SpawnFailed e -> {}
            case Event.WorkerListening e -> {}
            case Event.BindRefused e -> {}
            case Event.WorkerOnline e -> {}
            case Event.WorkerOffline e -> {}
            case Event.ProbePassed e -> {}
            case Event.DrainSampled e -> {}
            case Event.WorkerExited e -> {}
            case Event.TreeEnded e -> {}
            case Event.TimerFired e -> {}
            case Event.EffectFailed e -> {}
        }
    }

    /** Called for each effect in order, before the world performs it. */
    void on(Event event, Effect effect, State after) {
        isEnding |= after.app().filter(App::isEnding).isPresent();
        switch (effect) {
            case Effect.Spawn(var worker, var release) -> spawn(event, worker);
            case Effect.Steer(var set) -> steer(set);
            case Effect.StartDrain(var worker) -> drain(worker);
            case Effect.Signal(var worker, int signal, boolean wholeTree) -> signal(worker, signal, after);
            case Effect.FreeListeners(var worker) -> free(worker);
            case Effect.Reply(var request, var outcome) -> reply(event, request, outcome, after);
            case Effect.Halt halt -> halt();
            case Effect.EndTree(var worker) -> require(workers.get(worker).exitReported, worker + " is alive, its tree is ended");
            case Effect.StopDrain e -> {}
            case Effect.Probe e -> {}
            case Effect.CloseDoor(var worker) -> closeDoor(worker, after);
            case Effect.ArmTimer e -> {}
            case Effect.CancelTimer e -> {}
            case Effect.Emit e -> {}
        }
    }

    private void spawn(Event event, WorkerId worker) {
        require(!workers.containsKey(worker), worker + " is spawned twice");
        require(!isEnding, worker + " is spawned though the app is ending");
        slots.merge(worker.generation(), worker.slot() + 1, Math::max);
        if (event instanceof Event.DeployRequested deploy) {
            require(trial.isEmpty() || trial.get().request().equals(deploy.request()), "a second rollout begins");
            trial = Optional.of(new Trial(deploy.request(), serving, worker.generation()));
            isPastReturn = false;
        }
    }

    private void steer(Set<WorkerId> set) {
        require(!set.isEmpty(), "nobody is steered to");
        for (WorkerId id : set) {
            SimWorker worker = workers.get(id);
            require(worker != null && !worker.freed, id + " is steered to but its listeners are gone");
            require(!worker.draining, id + " drains but is steered to");
            worker.everSteered = true;
            require(!worker.told, id + " was told to stop but is steered to");
            require(trial.isPresent() ? id.generation() == trial.get().from() || id.generation() == trial.get().to() : true, "a stranger: " + id);
        }
        asked = set;
        require(set.stream().map(WorkerId::generation).distinct().count() == 1, "two generations are steered to: " + set);
    }

    /** The steering took effect. */
    void steered(Set<WorkerId> set) {
        steering = set;
    }

    private void drain(WorkerId worker) {
        require(!asked.contains(worker) || closed.contains(worker), worker + " drains but is steered to");
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
        boolean isOld = trial.filter(it -> it.from() == id.generation()).isPresent();
        boolean isStandby = isOld && after.worker(id).orElseThrow().wasReady();
        if (worker.exitReported || !worker.everSteered && !isStandby) {
            worker.told = true;
            return;
        }
        require(!asked.contains(id), id + " is told to stop while connections go to it");
        if (isOld && !isPastReturn) {
            requireAllServe(trial.get().to(), id + " is told to stop before its replacement serves");
            isPastReturn = true;
        }
        require(isOld || trial.filter(it -> it.to() == id.generation()).isPresent() && !isPastReturn, id + " is told to stop out of the blue");
        worker.told = true;
    }

    private void requireAllServe(int generation, String otherwise) {
        int count = (int) asked.stream().filter(it -> it.generation() == generation && workers.get(it).isAliveAsReported()).count();
        require(count == slots.get(generation), otherwise + ": " + asked);
    }

    private void free(WorkerId id) {
        SimWorker worker = workers.get(id);
        require(worker != null && worker.spawned, id + " is freed but was never there");
        require(!worker.freed, id + " is freed twice");
        require(worker.treeEndReported, id + " is freed while processes of it live");
        worker.freed = true;
        boolean isKeptUp = !isEnding && isOnline && trial.isEmpty() && id.generation() == serving;
        if (!isKeptUp || !worker.everSteered || worker.listening.isEmpty()) return;
        boolean hasHeir = workers.values().stream()
                .anyMatch(it -> it.id.generation() == id.generation() && it.id.slot() == id.slot() && it.id.attempt() > id.attempt() && it.everSteered);
        require(hasHeir, "the queue of " + id + " is lost: no successor served");
    }

    private void reply(Event event, RequestId request, Outcome outcome, State after) {
        require(open.remove(request), request + (answered.containsKey(request) ? " is answered twice" : " was never made"));
        answered.put(request, outcome);
        if (after.app().isEmpty()) return;
        if (!isOnline && outcome instanceof Outcome.Done && after.app().get().isOnline()) {
            isOnline = true;
            serving = 1;
        }
        if (trial.isPresent() && trial.get().request().equals(request)) endTrial(outcome, after.app().get());
    }

    private void endTrial(Outcome outcome, App app) {
        Trial over = trial.orElseThrow();
        trial = Optional.empty();
        if (app.isEnding()) return;
        boolean isDone = outcome instanceof Outcome.Done;
        boolean wentForward = asked.stream().anyMatch(it -> it.generation() == over.to());
        int winner = isDone || isPastReturn || app.current() == over.to() ? over.to() : over.from();
        int loser = winner == over.to() ? over.from() : over.to();
        serving = winner;
        require(app.current() == winner, "generation " + winner + " should serve, not " + app.current());
        require(outcome.text().contains("generation " + winner + " serves"), "the reply does not name who serves: " + outcome);
        require(wentForward == (winner == over.to()) || asked.stream().allMatch(it -> workers.get(it).exitReported), "traffic goes to the loser " + loser + ": " + asked);
        if (isDone) requireAllServe(winner, "the deploy is done but not all serve");
        for (SimWorker worker : workers.values()) {
            if (worker.id.generation() != loser) continue;
            require(worker.freed || worker.spawnFailureReported, worker.id + " of the losing generation is still there after the reply");
        }
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
        if (serving == 0) serving = 1;
        checkOneRollout(app);
        if (!isSteeringInDoubt) checkFloor(app);
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
        long generations = workers.values().stream().filter(it -> it.spawned && !it.freed).map(it -> it.id.generation()).distinct().count();
        require(generations <= 2, "workers of " + generations + " generations");
    }

    private void checkFloor(App app) {
        Set<WorkerId> serving = new TreeSet<>();
        app.generations().values().forEach(it -> it.in(Phase.SERVING).forEach(worker -> serving.add(worker.id())));
        if (!serving.isEmpty()) require(steering.equals(serving), "serving are " + serving + " but steered to are " + steering);
        else require(steering.stream().noneMatch(it -> workers.get(it).isAliveAsReported()), "steered to, but not serving: " + steering);
        for (WorkerId id : steering) {
            SimWorker worker = workers.get(id);
            require(!worker.draining && !worker.told || worker.exitReported, id + " drains or stops but is steered to");
        }
        if (trial.isPresent() && isPastReturn) return;
        Generation standing = app.generation(trial.map(Trial::from).orElse(this.serving));
        boolean isServedByOther = steering.stream().anyMatch(it -> it.generation() != standing.number());
        long capable = standing.alive().filter(it -> it.wasReady() && !it.is(Phase.STOPPING)).count();
        require(isServedByOther || serving.size() >= capable, "below the floor: " + serving.size() + " of " + capable + " serve");
    }

    private void checkSlots(App app, List<Timer> armed) {
        if (app.replenished().isEmpty()) return;
        int generation = app.replenished().get();
        for (int slot = 0; slot < slots.get(generation); slot++) {
            int index = slot;
            boolean isFilled = workers.values().stream().anyMatch(it -> it.id.generation() == generation && it.id.slot() == index && it.isAliveAsReported());
            boolean isDue = armed.stream().anyMatch(it -> it.kind() == Timer.Kind.RESPAWN
                    && it.worker().filter(next -> next.generation() == generation && next.slot() == index).isPresent());
            require(isFilled || isDue, "slot " + index + " of generation " + generation + " is lost");
        }
    }

    /** Long after the last fault. */
    void requireConverged(State state) {
        App app = state.app().orElseThrow();
        require(app.isOnline() && app.rollout().isEmpty() && trial.isEmpty(), "has not converged: " + state.word());
        Generation generation = app.generation(app.current());
        require(generation.allAre(Phase.SERVING), "not every slot is served: " + generation.workers().values());
        require(generation.workers().size() == generation.slots().size(), "the dead are kept: " + generation.workers().values());
        require(app.generations().size() == 1, "old generations are kept: " + app.generations().keySet());
        require(open.isEmpty(), "requests without a reply: " + open);
        requireAllServe(app.current(), "traffic goes astray");
    }

    static void require(boolean holds, String otherwise) {
        if (!holds) throw new Violation(otherwise);
    }
}
