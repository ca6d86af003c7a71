package nary.supervisor;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import nary.id.WorkerId;
import nary.rollout.Rollout;
import nary.rollout.Stage;
import nary.rollout.Verdict;
import nary.worker.Worker;

/**
 * Keeps naught's books beside the core: after each step it holds the workers against what it knew, and yields naught's events, one by one,
 * in naught's order, each with the counts as they are then. Nothing but its own memory changes.
 */
final class Ledger {
    /** What nary says that naught had no word for, and that nobody should miss. */
    private static final Set<String> TROUBLE = Set.of(
            "Trouble", "EffectFailed", "SteerFailed", "BindRefused", "BootFailed", "WorkerFailed", "DrainTimeout", "Killed", "Backoff", "Stalled", "Recovered", "Hung", "Evidence");

    private final TreeMap<WorkerId, Standing> known = new TreeMap<>();
    private List<Notice> said = new ArrayList<>();
    private Optional<String> waitingFor = Optional.empty();
    private boolean hasBegun;

    /** A worker in naught's books. */
    private enum Standing {
        BOOTING,
        NEW_ONLINE,
        ONLINE,
        /** By its own word. */
        OFFLINE,
        /** Told to stop. */
        LEAVING,
        /** Offline, and ended because the app is. */
        CONDEMNED,
        /** A new one that is not wanted after all; counted no more. */
        DESTROYED;

        boolean isDying() {
            return this == OFFLINE || this == LEAVING || this == CONDEMNED;
        }
    }

    static boolean isTrouble(Notice notice) {
        return TROUBLE.contains(notice.name());
    }

    /** The answer to a question for the status is an event too. */
    Notice status() {
        return Notice.of("Status", tally());
    }

    List<Notice> after(State before, Event event, State after) {
        if (after.app().isEmpty()) return List.of();
        said = new ArrayList<>();
        Change change = new Change(before.app().orElse(after.app().get()), event, after.app().get());
        begin(change);
        refuse(change);
        cutShort(change);
        change.gone(known).forEach(id -> bury(change, id));
        spawnAndMove(change);
        conclude(change);
        return said;
    }

    private void begin(Change change) {
        if (!hasBegun) say("Bootup");
        if (!hasBegun || change.isNewRollout()) waitingFor = Optional.of(Tally.NEW);
        hasBegun = true;
    }

    /** One command at a time, as far as it concerns naught. */
    private void refuse(Change change) {
        App app = change.before;
        boolean isBusy = app.life() instanceof Life.Booting || app.rollout().isPresent() || app.resize().isPresent();
        switch (change.event) {
            case Event.DeployRequested _ when app.isEnding() -> say("ErrorShuttingDown");
            case Event.DeployRequested _ when isBusy -> say("ErrorDeployInProgress");
            case Event.AbortRequested _ when !isBusy -> say("ErrorNoDeployInProgress");
            case Event.StopRequested _ when app.isEnding() -> say("AlreadyShuttingDown");
            default -> {}
        }
    }

    /** The command's time is over, or it was called off: those who should have gone are made to go. */
    private void cutShort(Change change) {
        if (change.isTimeout()) say("Timeout");
        if (!change.endsTheOld()) return;
        for (var entry : known.entrySet()) {
            if (!entry.getValue().isDying() || !change.standings.containsKey(entry.getKey())) continue;
            if (entry.getValue() == Standing.OFFLINE) entry.setValue(Standing.CONDEMNED);
            say("DestroyOld");
        }
    }

    private void bury(Change change, WorkerId id) {
        switch (Objects.requireNonNull(known.remove(id))) {
            case BOOTING, NEW_ONLINE -> {
                if (!change.isOnTrial(id)) replaceDead(change, id);
                say(change.isOnTrial(id) ? "NewDeath" : "WorkerDeath");
            }
            case ONLINE -> {
                replaceDead(change, id);
                say("WorkerDeath");
            }
            case OFFLINE -> say("WorkerDeath");
            case LEAVING -> say("OldExit");
            case DESTROYED -> say("NewDestroyed");
            case CONDEMNED -> {}
        }
    }

    /** A death that is made good at once is one event. */
    private void replaceDead(Change change, WorkerId dead) {
        change.standings.keySet().stream()
                .filter(id -> !known.containsKey(id) && id.generation() == dead.generation() && id.slot() == dead.slot())
                .findFirst()
                .ifPresent(id -> known.put(id, Standing.BOOTING));
    }

    private void spawnAndMove(Change change) {
        move(change, (was, is) -> is == Standing.OFFLINE && !was.isDying(), "WorkerOffline");
        for (WorkerId id : change.standings.keySet()) {
            if (known.containsKey(id)) continue;
            known.put(id, Standing.BOOTING);
            say("SpawnNew");
        }
        move(change, (was, is) -> was == Standing.BOOTING && is == Standing.NEW_ONLINE, "NewOnline");
        for (WorkerId id : move(change, (was, is) -> was == Standing.BOOTING && is == Standing.ONLINE, "WorkerOnline")) {
            if (waitingFor.isEmpty() && count(Standing.BOOTING) == 0 && known.containsKey(id)) say("Ready");
        }
        leave(change);
        for (Standing from : List.of(Standing.NEW_ONLINE, Standing.BOOTING))
            move(change, (was, is) -> was == from && is == Standing.DESTROYED, "DestroyNew");
        // called back, or ended with the app: no event of naught's
        change.standings.forEach((id, is) -> {
            boolean isPromoted = known.get(id) == Standing.NEW_ONLINE && is == Standing.ONLINE;
            if (!isPromoted) known.put(id, is);
        });
    }

    private void leave(Change change) {
        for (Standing from : List.of(Standing.BOOTING, Standing.ONLINE, Standing.NEW_ONLINE)) {
            for (WorkerId id : change.moved(known, (was, is) -> was == from && is == Standing.LEAVING)) {
                if (change.after.isEnding()) waitingFor = Optional.of(Tally.SHUTDOWN);
                else if (change.after.rollout().isPresent()) waitingFor = Optional.of(Tally.OLD);
                known.put(id, Standing.LEAVING);
                say("ShutdownOld");
            }
        }
        if (Shutdown.isWished(change.after)) waitingFor = Optional.of(Tally.SHUTDOWN);
    }

    private Collection<WorkerId> move(Change change, Step step, String event) {
        List<WorkerId> moved = change.moved(known, step);
        for (WorkerId id : moved) {
            known.put(id, change.standings.get(id));
            say(event);
        }
        return moved;
    }

    /** A rollout, the boot, or the app is over. */
    private void conclude(Change change) {
        if (change.after.life() instanceof Life.Ended && !(change.before.life() instanceof Life.Ended)) {
            known.clear();
            waitingFor = Optional.empty();
            say("Shutdown");
        }
        if (!change.isConcluded()) return;
        known.replaceAll((_, standing) -> standing == Standing.NEW_ONLINE ? Standing.ONLINE : standing);
        waitingFor = Optional.empty();
        say(change.hasFailed() ? "DeployFailed" : "Ready");
    }

    private void say(String event) {
        said.add(Notice.of(event, tally()));
    }

    private Tally tally() {
        return new Tally(count(Standing.BOOTING), count(Standing.ONLINE), count(Standing::isDying), count(Standing.NEW_ONLINE), waitingFor);
    }

    private int count(Standing standing) {
        return count(standing::equals);
    }

    private int count(Predicate<Standing> which) {
        return (int) known.values().stream().filter(which).count();
    }

    @FunctionalInterface
    private interface Step {
        boolean is(Standing was, Standing is);
    }

    /** One step of the core, as the books see it. */
    private final class Change {
        final App before;
        final Event event;
        final App after;
        /** Of those that live. */
        final TreeMap<WorkerId, Standing> standings = new TreeMap<>();

        Change(App before, Event event, App after) {
            this.before = before;
            this.event = event;
            this.after = after;
            after.workers().filter(Worker::isAlive).forEach(worker -> standings.put(worker.id(), standing(worker)));
        }

        private Standing standing(Worker worker) {
            Standing was = known.getOrDefault(worker.id(), Standing.BOOTING);
            return switch (worker.phase()) {
                case BOOTING -> Standing.BOOTING;
                case READY -> Standing.NEW_ONLINE;
                case SERVING, STANDBY -> {
                    boolean isOffline = worker.trouble() == Worker.Trouble.OFFLINE;
                    yield isOffline ? Standing.OFFLINE : isYoung(worker.id()) ? Standing.NEW_ONLINE : Standing.ONLINE;
                }
                case DRAINING, STOPPING -> leaving(worker, was);
                case EXITED -> throw new IllegalArgumentException("not alive: " + worker);
            };
        }

        private Standing leaving(Worker worker, Standing was) {
            if (worker.isLeft()) return worker.killed() || was == Standing.CONDEMNED ? Standing.CONDEMNED : Standing.OFFLINE;
            return switch (was) {
                case BOOTING, NEW_ONLINE -> Shutdown.isWished(after) ? Standing.LEAVING : Standing.DESTROYED;
                case ONLINE -> Standing.LEAVING;
                case OFFLINE, LEAVING, CONDEMNED, DESTROYED -> was;
            };
        }

        /** Of the boot, or of the version that is being deployed: it is not told of as one of the app's workers before that is over. */
        private boolean isYoung(WorkerId id) {
            return before.life() instanceof Life.Booting || isOf(before.rollout(), id) || isOf(after.rollout(), id);
        }

        private static boolean isOf(Optional<Rollout> rollout, WorkerId id) {
            return rollout.filter(it -> it.to() == id.generation()).isPresent();
        }

        List<WorkerId> gone(TreeMap<WorkerId, Standing> books) {
            return books.keySet().stream().filter(id -> !standings.containsKey(id)).toList();
        }

        List<WorkerId> moved(TreeMap<WorkerId, Standing> books, Step step) {
            return books.entrySet().stream().filter(it -> hasMoved(it.getKey(), it.getValue(), step)).map(Map.Entry::getKey).toList();
        }

        private boolean hasMoved(WorkerId id, Standing was, Step step) {
            Standing is = standings.get(id);
            return is != null && step.is(was, is);
        }

        boolean isNewRollout() {
            return before.rollout().isEmpty() && after.rollout().isPresent();
        }

        boolean isTimeout() {
            return event instanceof Event.TimerFired(Timer timer)
                    && (timer.kind() == Timer.Kind.DEPLOY || timer.kind() == Timer.Kind.HALT)
                    && before.timers().containsKey(timer)
                    && !after.timers().containsKey(timer);
        }

        boolean endsTheOld() {
            boolean isPastReturn = before.rollout().filter(Rollout::isPastReturn).isPresent();
            return isTimeout() && (after.isEnding() || isPastReturn) || event instanceof Event.AbortRequested && isPastReturn;
        }

        boolean isOnTrial(WorkerId id) {
            return before.life() instanceof Life.Booting || before.isOnTrial(id.generation());
        }

        boolean isConcluded() {
            boolean isUp = before.life() instanceof Life.Booting && after.isOnline();
            return isUp || before.rollout().isPresent() && after.rollout().isEmpty() && !after.isEnding();
        }

        /** The version before serves, and not because somebody wished it so. */
        boolean hasFailed() {
            Rollout rollout = before.rollout().orElse(null);
            if (rollout == null || after.current() == rollout.to()) return false;
            return switch (rollout.stage()) {
                case Stage.RollingBack(_, Verdict verdict) -> !(verdict instanceof Verdict.Aborted);
                case Stage.ComingBack(_, Verdict verdict) -> !(verdict instanceof Verdict.Aborted);
                case Stage.Forward _, Stage.Retiring _ -> !(event instanceof Event.AbortRequested);
            };
        }
    }
}
