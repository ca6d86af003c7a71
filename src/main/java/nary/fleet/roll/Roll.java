package nary.fleet.roll;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import nary.fleet.plan.Effect;
import nary.fleet.plan.Event;
import nary.fleet.plan.Next;
import nary.fleet.plan.Place;
import nary.fleet.plan.Plan;
import nary.fleet.plan.State;
import nary.fleet.plan.Step;
import nary.time.Clock;
import org.jspecify.annotations.Nullable;

/**
 * A run: one thread owns the state, a virtual thread does each step. An event is in the journal before it changes anything, a step before it
 * is begun; events that come together are written together.
 */
final class Roll {
    private final Journal journal;
    private final Hands hands;
    private final Voice voice;
    private final Clock clock;
    /** Bounded by the servers: each has one step under way, and its answer is one event. */
    private final BlockingQueue<Said> inbox = new LinkedBlockingQueue<>();

    private final Map<Place, Thread> underWay = new HashMap<>();
    private State state;

    private record Said(Event event, Duration took) {}

    private volatile @Nullable String halt;

    Roll(State state, Journal journal, Hands hands, Voice voice, Clock clock) {
        this.state = state;
        this.journal = journal;
        this.hands = hands;
        this.voice = voice;
        this.clock = clock;
    }

    /** Undoes it all; from any thread, also before it runs. */
    void interrupt() {
        inbox.add(new Said(new Event.Interrupted(), Duration.ZERO));
    }

    /** Touches nothing any more, as if it had been killed; from any thread. @param why for people */
    void halt(String why) {
        halt = why;
        interrupt();
    }

    /** A fresh run, to its end. */
    State run() throws IOException, InterruptedException {
        perform(Plan.begin(state).effects());
        return untilOver();
    }

    /** One that another process has begun. @param event how it goes on */
    State goOn(Event event) throws IOException, InterruptedException {
        inbox.add(new Said(event, Duration.ZERO));
        return untilOver();
    }

    private State untilOver() throws IOException, InterruptedException {
        try {
            boolean isOver = false;
            while (!isOver) {
                List<Said> said = new ArrayList<>(List.of(inbox.take()));
                inbox.drainTo(said);
                if (halt != null) throw new IOException(halt);
                learn(said);
                isOver = state.isOver();
            }
            return state;
        } finally {
            underWay.values().forEach(Thread::interrupt);
        }
    }

    private void learn(List<Said> all) throws IOException {
        Instant now = clock.now();
        List<Effect> effects = new ArrayList<>();
        for (Said said : all) {
            journal.event(said.event, now);
            Next next = Plan.step(state, said.event, now);
            state = next.state();
            report(said);
            effects.addAll(next.effects());
        }
        perform(effects);
        voice.changed(state);
    }

    private void report(Said said) {
        switch (said.event) {
            case Event.Done(Place place, Step step) -> voice.ends(state, place, step, said.took, "");
            case Event.Failed(Place place, Step step, String reason) -> voice.ends(state, place, step, said.took, reason);
            case Event.Seen seen -> voice.ends(state, seen.place(), Step.LOOK, said.took, "");
            case Event.Found _, Event.Interrupted _, Event.WentOn _, Event.Resumed _, Event.HealBegun _ -> {}
        }
    }

    private void perform(List<Effect> effects) throws IOException {
        Instant now = clock.now();
        for (Effect effect : effects) if (effect instanceof Effect.Perform step) journal.begin(step, now);
        journal.force();
        for (Effect effect : effects) perform(effect);
    }

    private void perform(Effect effect) {
        switch (effect) {
            case Effect.Survey(Place place) -> begin(place, () -> new Event.Found(place, hands.survey(place)));
            case Effect.Perform step -> {
                voice.begins(state, step);
                begin(step.place(), () -> answer(step));
            }
            case Effect.Cancel(Place place) -> {
                Thread thread = underWay.get(place);
                if (thread != null) thread.interrupt();
            }
            case Effect.Ask(String question) ->
                Thread.ofVirtual().name("ask").start(() -> ask(question));
            case Effect.Tell(String text) -> voice.tell(text);
            case Effect.Finish _ -> {}
        }
    }

    private void ask(String question) {
        try {
            boolean goesOn = voice.ask(question);
            inbox.add(new Said(goesOn ? new Event.WentOn() : new Event.Interrupted(), Duration.ZERO));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private interface Answering {
        Event answer() throws InterruptedException;
    }

    private void begin(Place place, Answering answering) {
        underWay.put(place, Thread.ofVirtual().name(place.server()).start(() -> {
            long began = System.nanoTime();
            try {
                Event event = answering.answer();
                inbox.add(new Said(event, Duration.ofNanos(System.nanoTime() - began)));
            } catch (InterruptedException over) {
                // only where the run is over: nobody listens
            }
        }));
    }

    /** The answer of a step that was cut short is that it failed: nobody knows how far it came. */
    private Event answer(Effect.Perform step) {
        try {
            Thread.sleep(step.pause());
            if (step.step() == Step.LOOK) return hands.look(step.place());
            hands.perform(step);
            return new Event.Done(step.place(), step.step());
        } catch (InterruptedException e) {
            return new Event.Failed(step.place(), step.step(), "cut short");
        } catch (IOException e) {
            return new Event.Failed(step.place(), step.step(), reason(e));
        } catch (RuntimeException e) {
            return new Event.Failed(step.place(), step.step(), "a defect of nary: " + e);
        }
    }

    private static String reason(IOException e) {
        String message = e.getMessage() == null ? e.toString() : e.getMessage();
        return message.lines().findFirst().orElse(e.toString());
    }
}
