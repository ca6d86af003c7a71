package nary.fleet.plan;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Random;
import nary.fleet.balancer.Pool;
import nary.fleet.balancer.Prior;

/**
 * One seeded run over simulated servers, with faults: releases that are never healthy, hosts that die and apps that break, steps that fail,
 * an operator who interrupts, a deployer that dies between any two events and is followed by one that resumes or heals from the journal alone.
 */
final class Simulation {
    private static final String OLD = "r1";
    private static final String NEW = "r2";
    private static final int MOST_EVENTS = 20_000;

    record Noted(Event event, Instant at) {}

    private record Entry(Instant at, long number, int life, Runnable action) implements Comparable<Entry> {
        @Override
        public int compareTo(Entry other) {
            int byTime = at.compareTo(other.at);
            return byTime != 0 ? byTime : Long.compare(number, other.number);
        }
    }

    final Random random;
    final Core core;
    final Map<String, Server> servers = new HashMap<>();
    final List<Noted> journal = new ArrayList<>();
    final Invariants invariants;
    final boolean isBadRelease;
    final boolean hasFaults;
    private final PriorityQueue<Entry> agenda = new PriorityQueue<>();
    private final Map<Place, Effect.Perform> underWay = new HashMap<>();
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private long number;
    private int life;
    private int deaths;
    State state;
    int events;
    int heals;
    private boolean isRepaired;

    Simulation(long seed, Core core) {
        this.random = new Random(seed);
        this.core = core;
        this.hasFaults = random.nextInt(4) != 0;
        this.isBadRelease = hasFaults && random.nextInt(4) == 0;
        this.state = State.of(order());
        this.invariants = new Invariants(this);
    }

    private Order order() {
        int count = 1 + random.nextInt(8);
        List<String> names = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            names.add("web" + i);
            boolean isAdmitted = random.nextInt(12) != 0;
            Server server = new Server("web" + i, random.nextInt(12) == 0 ? Optional.empty() : Optional.of(OLD), isAdmitted);
            if (hasFaults && random.nextInt(10) == 0) server.isBroken = true;
            if (hasFaults && random.nextInt(20) == 0) server.isAlive = false;
            servers.put(server.name, server);
        }
        List<Stage> stages = new ArrayList<>();
        if (random.nextInt(3) == 0) stages.add(new Stage("db", List.of(Stage.LOCAL), Stage.Kind.LOCAL, 1, Optional.empty(), 0, 0));
        stages.add(stage("web", names));
        if (random.nextInt(4) == 0) stages.add(new Stage("db2", List.of(Stage.LOCAL), Stage.Kind.LOCAL, 1, Optional.empty(), 0, 0));
        return new Order("run", "QA", NEW, stages, random.nextInt(5) == 0, random.nextInt(5) == 0, Duration.ofSeconds(30), Map.of());
    }

    private Stage stage(String name, List<String> names) {
        Stage.Kind kind = switch (random.nextInt(5)) {
            case 0 -> Stage.Kind.PLAIN;
            case 1 -> Stage.Kind.IN_PLACE;
            default -> Stage.Kind.ROTATED;
        };
        int batch = random.nextInt(3) == 0 ? 1 + random.nextInt(names.size()) : 1;
        Optional<String> canary = random.nextInt(4) == 0 ? Optional.of(names.get(random.nextInt(names.size()))) : Optional.empty();
        return new Stage(name, names, kind, batch, canary, random.nextInt(4) == 0 ? 0 : 1, random.nextInt(3) == 0 ? random.nextInt(3) : 0);
    }

    Instant now() {
        return now;
    }

    void run() {
        perform(core.begin(state));
        if (hasFaults) in(random.nextInt(20_000), this::fault);
        untilOver("it does");
    }

    private void untilOver(String what) {
        while (!agenda.isEmpty() && events < MOST_EVENTS && !state.isOver()) {
            Entry entry = agenda.poll();
            now = entry.at;
            if (entry.life == life) entry.action.run();
        }
        if (!state.isOver()) throw new Violation(what + " not end; " + events + " events");
        invariants.atTheEnd();
    }

    /** Afterwards, all is repaired and no fault comes any more: what could not be brought back is tried again. */
    void heal() {
        if (state.members().values().stream().noneMatch(it -> it.is(Way.STUCK))) return;
        agenda.clear();
        underWay.clear();
        invariants.unwatched();
        for (Server server : servers.values()) {
            server.isAlive = true;
            server.isBroken = false;
            if (server.running == null && random.nextBoolean()) server.running = server.current;
        }
        isRepaired = true;
        heals++;
        learn(new Event.HealBegun());
        untilOver("healing does");
        for (Member member : state.members().values()) {
            boolean isKept = member.reason().contains("must be"); // the last one that serves is not taken out to go back
            if (member.is(Way.STUCK) && !isKept) throw new Violation(member.place() + " was not healed: " + member.reason());
        }
    }

    private void in(int millis, Runnable action) {
        agenda.add(new Entry(now.plusMillis(millis), number++, life, action));
    }

    void feed(Event event) {
        if (state.isOver()) return;
        learn(event);
        if (hasFaults && !isRepaired && deaths < 4 && random.nextInt(60) == 0) die();
    }

    private void learn(Event event) {
        events++;
        journal.add(new Noted(event, now));
        State before = state;
        Next next = core.step(state, event, now);
        state = next.state();
        invariants.after(before, event, next);
        perform(next);
    }

    private void perform(Next next) {
        for (Effect effect : next.effects()) {
            switch (effect) {
                case Effect.Survey(Place place) -> in(random.nextInt(300), () -> feed(new Event.Found(place, find(place))));
                case Effect.Perform step -> perform(step);
                case Effect.Cancel(Place place) -> cancel(place);
                case Effect.Ask _ -> in(1_000, () -> feed(random.nextInt(4) == 0 ? new Event.Interrupted() : new Event.WentOn()));
                case Effect.Tell _ -> {}
                case Effect.Finish _ -> {}
            }
        }
    }

    private Finding find(Place place) {
        Server server = servers.get(place.server());
        if (server == null) return new Finding(true, true, Optional.empty(), "");
        if (!server.isAlive) return Finding.unreachable("no answer");
        return new Finding(true, server.isUp() || (kind(place) != Stage.Kind.ROTATED && server.running != null && !server.isBroken), Optional.ofNullable(server.current), "");
    }

    private Stage.Kind kind(Place place) {
        return state.stageOf(place).kind();
    }

    private void perform(Effect.Perform step) {
        underWay.put(step.place(), step);
        in((int) step.pause().toMillis() + random.nextInt(2_000), () -> end(step, false));
    }

    private void cancel(Place place) {
        Effect.Perform step = underWay.get(place);
        if (step == null) throw new Violation("cancels what is not under way on " + place);
        in(random.nextInt(50), () -> end(step, true));
    }

    private void end(Effect.Perform step, boolean isCancelled) {
        if (underWay.get(step.place()) != step) return; // answered already
        underWay.remove(step.place());
        Optional<String> trouble = isCancelled && random.nextBoolean() ? Optional.of("cut short") : apply(step);
        if (trouble.isPresent()) feed(new Event.Failed(step.place(), step.step(), trouble.get()));
        else if (step.step() == Step.LOOK) feed(seen(step.place()));
        else feed(new Event.Done(step.place(), step.step()));
    }

    private Event seen(Place place) {
        Server self = servers.get(place.server());
        int up = (int) servers.values().stream().filter(it -> it != self && it.isUp()).count();
        Optional<Pool> pool = Optional.of(new Pool(up, servers.size() - 1));
        return new Event.Seen(place, self.isUp(), pool, new Rotation(self.isAdmitted, new Prior(Map.of("admitted", "" + self.isAdmitted))));
    }

    /** What the step does to the world; why it fails. */
    private Optional<String> apply(Effect.Perform step) {
        Server server = servers.get(step.place().server());
        if (server == null) return hasFaults && random.nextInt(10) == 0 ? Optional.of("exit 1") : Optional.empty();
        boolean needsHost = step.step() != Step.LOOK && step.step() != Step.REMOVE && step.step() != Step.DRAIN;
        if (needsHost && !server.isAlive) return Optional.of("no answer");
        if (hasFaults && !isRepaired && random.nextInt(60) == 0) return Optional.of("bad luck");
        Optional<String> trouble = change(server, step);
        boolean isUnheard = hasFaults && !isRepaired && random.nextInt(60) == 0;
        return isUnheard && trouble.isEmpty() ? Optional.of("done, but nobody heard of it") : trouble;
    }

    private Optional<String> change(Server server, Effect.Perform step) {
        return switch (step.step()) {
            case COMMAND, PREPARE, LOOK, DRAIN -> Optional.empty();
            case REMOVE -> {
                server.isAdmitted = false;
                yield Optional.empty();
            }
            case STOP -> {
                server.running = null;
                yield Optional.empty();
            }
            case SWITCH -> {
                server.current = step.release().orElse(null);
                yield Optional.empty();
            }
            case START, RELOAD -> {
                server.running = server.current;
                server.isBroken = false;
                yield Optional.empty();
            }
            case HEALTH -> healthy(server, step.release());
            case RETURN -> back(server, step);
            case SOAK -> server.isBroken ? Optional.of("unhealthy") : Optional.empty();
        };
    }

    private Optional<String> healthy(Server server, Optional<String> wanted) {
        if (!Optional.ofNullable(server.running).equals(wanted)) return Optional.of("names " + server.running + " instead of " + wanted);
        if (isBadRelease && wanted.filter(NEW::equals).isPresent()) return Optional.of("500");
        return server.isBroken ? Optional.of("no answer") : Optional.empty();
    }

    private Optional<String> back(Server server, Effect.Perform step) {
        server.isAdmitted = Boolean.parseBoolean(step.prior().orElseThrow().prior().facts().get("admitted"));
        if (server.isAdmitted && !server.isUp()) {
            server.isAdmitted = false;
            return Optional.of("the balancer finds it down");
        }
        return Optional.empty();
    }

    private void fault() {
        List<Server> all = servers.values().stream().sorted((a, b) -> a.name.compareTo(b.name)).toList();
        Server server = all.get(random.nextInt(all.size()));
        switch (random.nextInt(5)) {
            case 0 -> {
                server.isAlive = false;
                server.running = null;
            }
            case 1 -> server.isBroken = true;
            case 2 -> feed(new Event.Interrupted());
            default -> {}
        }
        in(1_000 + random.nextInt(40_000), this::fault);
    }

    /** The deployer is killed: some of what was under way is done in the world, nobody hears of it. Another one reads the journal. */
    private void die() {
        if (state.isOver()) return;
        deaths++;
        life++;
        for (Effect.Perform step : List.copyOf(underWay.values())) if (random.nextBoolean()) apply(step);
        underWay.clear();
        invariants.unwatched();
        if (random.nextBoolean()) servers.values().forEach(it -> it.isAdmitted |= it.wasAdmitted); // the balancer was reloaded
        State known = State.of(state.order());
        for (Noted noted : journal) known = core.step(known, noted.event, noted.at).state();
        if (!known.equals(state)) throw new Violation("the journal tells another story");
        if (hasFaults) in(random.nextInt(20_000), this::fault);
        feed(random.nextInt(3) == 0 ? new Event.HealBegun() : new Event.Resumed());
    }

    interface Core {
        default Next begin(State state) {
            return Plan.begin(state);
        }

        Next step(State state, Event event, Instant now);
    }

    static final class Violation extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Violation(String message) {
            super(message);
        }
    }
}
