package nary.supervisor;

import static java.util.Collections.unmodifiableMap;
import static java.util.Collections.unmodifiableSortedMap;

import java.time.Instant;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import nary.config.Settings;
import nary.id.WorkerId;
import nary.rollout.Rollout;
import nary.worker.Phase;
import nary.worker.Slot;
import nary.worker.Worker;

/**
 * What is run, and all that is known about it.
 *
 * @param settings of the app: those of the generation that serves, with the worker count that was asked for last
 * @param current the generation that serves; during a deploy the old one until the point of no return
 * @param last the highest generation number ever given
 * @param resize the change of the worker count that is under way; never together with a rollout
 * @param steered whom the last steering named
 * @param steerFailures how often that very steering failed
 * @param timers armed ones and when they are due
 * @param renewals what is to be replaced though nobody asked for it
 */
public record App(
        Instant since,
        Settings settings,
        Life life,
        int current,
        int last,
        SortedMap<Integer, Generation> generations,
        Optional<Rollout> rollout,
        Optional<Resize> resize,
        Set<WorkerId> steered,
        int steerFailures,
        Map<Timer, Instant> timers,
        Renewals renewals) {

    static App starting(Event.StartRequested start, Instant now) {
        return new App(
                now,
                start.settings(),
                new Life.Booting(start.request(), now),
                0,
                0,
                Collections.emptySortedMap(),
                Optional.empty(),
                Optional.empty(),
                Set.of(),
                0,
                Map.of(),
                Renewals.NONE);
    }

    App with(Life next) {
        return new App(since, settings, next, current, last, generations, rollout, resize, steered, steerFailures, timers, renewals);
    }

    App withNew(Generation generation) {
        return new App(since, settings, life, current, generation.number(), generations, rollout, resize, steered, steerFailures, timers, renewals).with(generation);
    }

    App with(Generation generation) {
        var all = new TreeMap<>(generations);
        all.put(generation.number(), generation);
        return new App(since, settings, life, current, last, unmodifiableSortedMap(all), rollout, resize, steered, steerFailures, timers, renewals);
    }

    App without(int generation) {
        var all = new TreeMap<>(generations);
        all.remove(generation);
        return new App(since, settings, life, current, last, unmodifiableSortedMap(all), rollout, resize, steered, steerFailures, timers, renewals);
    }

    App with(Rollout next) {
        return new App(since, settings, life, current, last, generations, Optional.of(next), resize, steered, steerFailures, timers, renewals);
    }

    App with(Resize next) {
        return new App(since, settings, life, current, last, generations, rollout, Optional.of(next), steered, steerFailures, timers, renewals);
    }

    App withoutResize() {
        return new App(since, settings, life, current, last, generations, rollout, Optional.empty(), steered, steerFailures, timers, renewals);
    }

    App withoutRollout() {
        return new App(since, settings, life, current, last, generations, Optional.empty(), resize, steered, steerFailures, timers, renewals);
    }

    /** This generation is the app from now on. */
    App serving(int generation) {
        return new App(since, settings, life, generation, last, generations, rollout, resize, steered, steerFailures, timers, renewals);
    }

    /** How the workers of this generation are treated: as its release says, else as the app. */
    Settings settingsOf(int generation) {
        return Optional.ofNullable(generations.get(generation)).flatMap(it -> it.release().settings()).orElse(settings);
    }

    Settings settingsOf(Worker worker) {
        return settingsOf(worker.id().generation());
    }

    App with(Settings next) {
        return new App(since, next, life, current, last, generations, rollout, resize, steered, steerFailures, timers, renewals);
    }

    App withWorkerCount(int count) {
        return with(settings.withWorkerCount(count));
    }

    App steeredTo(Set<WorkerId> workers, int failures) {
        return new App(since, settings, life, current, last, generations, rollout, resize, workers, failures, timers, renewals);
    }

    App with(Timer timer, Instant due) {
        var all = new HashMap<>(timers);
        all.put(timer, due);
        return new App(since, settings, life, current, last, generations, rollout, resize, steered, steerFailures, unmodifiableMap(all), renewals);
    }

    App without(Timer timer) {
        var all = new LinkedHashMap<>(timers);
        all.remove(timer);
        return new App(since, settings, life, current, last, generations, rollout, resize, steered, steerFailures, unmodifiableMap(all), renewals);
    }

    App with(Renewals next) {
        return new App(since, settings, life, current, last, generations, rollout, resize, steered, steerFailures, timers, next);
    }

    public Generation generation(int number) {
        return Objects.requireNonNull(generations.get(number), () -> "no generation " + number);
    }

    public Optional<Worker> worker(WorkerId id) {
        return Optional.ofNullable(generations.get(id.generation())).map(generation -> generation.workers().get(id));
    }

    boolean isOnline() {
        return life instanceof Life.Online;
    }

    boolean isEnding() {
        return life instanceof Life.Ending || life instanceof Life.Ended;
    }

    /** All that something is left of, in all generations. */
    Stream<Worker> workers() {
        return generations.values().stream().flatMap(it -> it.workers().values().stream());
    }

    Stream<Worker> in(Phase phase) {
        return workers().filter(worker -> worker.is(phase));
    }

    Stream<Worker> inSlot(int slot) {
        return workers().filter(worker -> worker.id().slot() == slot);
    }

    Slot slot(WorkerId worker) {
        return generation(worker.generation()).slots().get(worker.slot());
    }

    /** The generations that a rollout replaces: one, or two where an earlier one left two. */
    Stream<Generation> old(Rollout its) {
        return generations.values().stream().filter(it -> it.number() != its.to());
    }

    Stream<Worker> oldWorkers(Rollout its) {
        return old(its).flatMap(it -> it.workers().values().stream());
    }

    /** A failure of this generation's workers ends with the old one serving. */
    boolean isOnTrial(int generation) {
        return rollout.filter(it -> it.canGoBack() && it.to() == generation).isPresent();
    }

    /** It is of a generation that is being replaced, and its slot's connections go to the new one. */
    boolean isReplaced(WorkerId worker) {
        return rollout.filter(it -> it.isForward() && it.to() != worker.generation() && it.hasMoved(worker.slot())).isPresent();
    }
}
