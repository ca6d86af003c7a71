package nary.fleet.roll;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Function;
import nary.config.ConfigException;
import nary.control.Fields;
import nary.control.Json;
import nary.control.Refusal;
import nary.fleet.Crowd;
import nary.fleet.balancer.Balancers;
import nary.fleet.balancer.LoadBalancer;
import nary.fleet.plan.Event;
import nary.fleet.plan.Finding;
import nary.fleet.plan.Member;
import nary.fleet.plan.Order;
import nary.fleet.plan.Plan;
import nary.fleet.plan.Rotation;
import nary.fleet.plan.Stage;
import nary.fleet.plan.State;
import nary.fleet.plan.Verdict;
import nary.fleet.plan.Way;
import nary.fleet.spec.Fleet;
import nary.fleet.spec.FleetFile;
import nary.fleet.spec.Hook;
import nary.fleet.spec.Target;
import nary.fleet.ssh.RemoteException;
import nary.fleet.ssh.Remotes;
import nary.time.Clock;
import org.jspecify.annotations.Nullable;

/** One run of an environment: a deploy or a rollback, or the end of one that another process has begun. Used once, by one thread. */
public final class Deployment {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration HOOK_LIMIT = Duration.ofMinutes(30);
    private static final String PACKAGES = "packages";
    private static final String FLEET = "fleet";
    private static final String RUN = "run.json";
    private static final String LEFT_OUT = ". A server that it left out of rotation is brought back by this run";
    /** The name under which the folder's own lock is held meanwhile. */
    private static final String CLEARING = "clear";

    private final Remotes remotes;
    private final Transformer transformer;
    private final Function<String, @Nullable String> variables;
    private final Voice voice;
    private final Clock clock = Clock.system();
    private final Operator operator;
    private @Nullable Roll roll;
    private boolean isInterrupted;
    /** Until the roll begins: what it waits for is cut short. */
    private @Nullable Thread preparing;

    /**
     * @param variables of the operator's environment
     * @throws IOException if this machine does not say who it is
     */
    public Deployment(Remotes remotes, Transformer transformer, Function<String, @Nullable String> variables, Voice voice) throws IOException {
        this.remotes = remotes;
        this.transformer = transformer;
        this.variables = variables;
        this.voice = voice;
        this.operator = Operator.current();
    }

    /**
     * How a run ended.
     *
     * @param folder with its journal and logs
     * @param unwell what is wrong, when all is done, with servers that should be well, a line each: they may have died after their turn
     */
    public record Outcome(State state, Path folder, List<String> unwell) {
        /** Servers that somebody has to look at: what would bring them back failed, or they are out of rotation because of this run. */
        public List<Member> out() {
            return state.members().values().stream().filter(it -> it.is(Way.STUCK) || it.isOut()).toList();
        }
    }

    /** Undoes what was done; from any thread. */
    public synchronized void interrupt() {
        isInterrupted = true;
        if (roll != null) roll.interrupt();
        else if (preparing != null) preparing.interrupt();
    }

    private synchronized void prepares() {
        preparing = Thread.currentThread();
    }

    /** @throws InterruptedException if it was interrupted before anything was touched; from now on what was done is undone instead */
    private synchronized void begins() throws InterruptedException {
        preparing = null;
        if (isInterrupted) throw new InterruptedException();
    }

    /**
     * Rolls a release.
     *
     * @throws Refusal if somebody else is at it, or an earlier run is not finished; nothing was changed
     * @throws ConfigException if the file lacks what a deploy needs
     */
    public Outcome deploy(Fleet fleet, Wish wish) throws Refusal, ConfigException, IOException, InterruptedException {
        List<Group> groups = Group.of(Selection.targets(fleet, wish));
        Selection.check(groups, wish);
        Runs runs = new Runs(fleet.file(), wish.environment());
        Instant now = clock.now();
        String run = Runs.name(now);
        prepares();
        try (Locks locks = Locks.here(runs, run, operator, this::halt)) {
            Map<String, Rotation> owed = owed(runs);
            Path folder = runs.create(run);
            note(folder, fleet, wish);
            Order order = order(run, wish, groups, now, owed);
            try (HostLogs logs = new HostLogs(folder, voice)) {
                Map<Target, Parcel> parcels = wish.isRollback() ? Map.of() : pack(groups, order.release(), folder);
                Map<String, String> unlocked = locks.take(sites(groups, logs));
                locks.broken().forEach(line -> logs.tell(line + LEFT_OUT));
                hook(groups, Hook.BEFORE_DEPLOY, order.release(), fleet.folder(), logs);
                begins();
                State begun = State.of(order);
                try (Journal journal = Journal.create(folder, order, now)) {
                    return finish(run(begun, journal, groups, parcels, unlocked, fleet, logs, Roll::run), groups, folder, fleet, runs, logs);
                }
            } finally {
                boolean hasBegun = Files.exists(folder.resolve(Journal.FILE));
                if (!hasBegun) Trees.delete(folder.resolve(PACKAGES)); // nobody will ever send them
            }
        }
    }

    /** Finishes the last run of an environment, in the direction that it had. @throws Refusal if it is finished, or there is none */
    public Outcome resume(Fleet fleet, String environment) throws Refusal, ConfigException, IOException, InterruptedException {
        Runs runs = new Runs(fleet.file(), environment);
        if (!isLeft(runs)) clear(fleet, environment, runs);
        Path folder = last(runs, environment);
        try (Locks locks = Locks.here(runs, folder.getFileName().toString(), operator, this::halt)) {
            State state = state(folder);
            if (state.isOver()) throw new Refusal("nothing to resume: the last run, " + folder.getFileName() + ", has ended" + (stuck(state) ? "; nary fleet heal tries again to bring back what is out" : ""));
            return goOn(folder, state, new Event.Resumed(), runs, locks);
        }
    }

    /** Undoes the last run if it is not finished, and tries again to bring back what could not be. @return empty if there is nothing to heal */
    public Optional<Outcome> heal(Fleet fleet, String environment) throws Refusal, ConfigException, IOException, InterruptedException {
        Runs runs = new Runs(fleet.file(), environment);
        if (!isLeft(runs)) clear(fleet, environment, runs);
        if (runs.last().isEmpty()) return Optional.empty();
        Path folder = runs.last().get();
        try (Locks locks = Locks.here(runs, folder.getFileName().toString(), operator, this::halt)) {
            State state = state(folder);
            if (state.isOver() && !stuck(state)) return Optional.empty();
            return Optional.of(goOn(folder, state, new Event.HealBegun(), runs, locks));
        }
    }

    /** What is left of an unfinished run, in words; empty if the last one has ended. */
    public static Optional<String> unfinished(Fleet fleet, String environment) throws IOException {
        Optional<Path> last = new Runs(fleet.file(), environment).last();
        if (last.isEmpty()) return Optional.empty();
        State state = state(last.get());
        if (!state.isOver()) return Optional.of("the run " + state.order().run() + " of " + state.order().release() + " is under way, or was not finished (then nary fleet resume, or heal)");
        return stuck(state) ? Optional.of("the run " + state.order().run() + " could not bring all servers back: nary fleet heal tries again") : Optional.empty();
    }

    /** The last run from this folder has left something to do. */
    private static boolean isLeft(Runs runs) throws IOException {
        Optional<Path> last = runs.last();
        if (last.isEmpty()) return false;
        State state = state(last.get());
        return !state.isOver() || stuck(state);
    }

    private static boolean stuck(State state) {
        return state.members().values().stream().anyMatch(it -> it.is(Way.STUCK));
    }

    /**
     * Where the last run from here has ended: what it has locked all the same, since it was killed before it unlocked, or before it had a journal,
     * is unlocked. A run that another operator, or this one in another folder, has begun has its journal there.
     */
    private void clear(Fleet fleet, String environment, Runs runs) throws Refusal, IOException, InterruptedException {
        List<Site> sites = Site.all(fleet.targets(environment), remotes, (_, _) -> {});
        Optional<String> held;
        try (Locks locks = Locks.here(runs, CLEARING, operator, _ -> {})) {
            held = Crowd.ask(sites.stream().<Callable<Optional<String>>>map(site -> () -> locks.clear(site)).toList()).stream().flatMap(Optional::stream).findFirst();
        }
        if (held.isEmpty()) return;
        throw new Refusal(held.get() + ". The journal of that run is there, not here: nary fleet resume or heal it there. If that is not possible, nary fleet deploy " + environment
                + " --release ID from here breaks the lock when its holder is dead for 60 s, and brings back what was left out of rotation");
    }

    private static Path last(Runs runs, String environment) throws IOException, Refusal {
        return runs.last().orElseThrow(() -> new Refusal("there was no run of " + environment + " from this folder"));
    }

    private static State state(Path folder) throws IOException {
        Journal.Story story = Journal.read(folder);
        State state = State.of(story.order());
        for (Journal.Noted noted : story.events()) state = Plan.step(state, noted.event(), noted.at()).state();
        return state;
    }

    private Outcome goOn(Path folder, State state, Event how, Runs runs, Locks locks) throws Refusal, ConfigException, IOException, InterruptedException {
        Fields noted = Fields.parse(Files.readString(folder.resolve(RUN)).strip());
        Path original = Path.of(noted.text("fleet"));
        Fleet fleet = FleetFile.readCopy(folder.resolve(FLEET), original);
        Wish wish = Selection.again(state.order().environment(), noted.optionalText("build"));
        List<Group> groups = Group.of(Selection.targets(fleet, wish));
        try (HostLogs logs = new HostLogs(folder, voice)) {
            // what is to be brought back is brought back also where a disk is full: nobody else can lock it either
            locks.take(sites(groups, logs)).values().forEach(logs::tell);
            Map<Target, Parcel> parcels = new HashMap<>();
            for (Group group : groups) for (Target target : group.targets()) Parcel.packed(target, folder.resolve(PACKAGES)).ifPresent(it -> parcels.put(target, it));
            try (Journal journal = Journal.append(folder)) {
                return finish(run(state, journal, groups, parcels, Map.of(), fleet, logs, it -> it.goOn(how)), groups, folder, fleet, runs, logs);
            }
        }
    }

    private interface Running {
        State run(Roll roll) throws IOException, InterruptedException;
    }

    private record Ended(State state, List<String> unwell) {}

    /** @param forbidden servers that must not be touched, and why */
    private Ended run(
            State state, Journal journal, List<Group> groups, Map<Target, Parcel> parcels, Map<String, String> forbidden, Fleet fleet, Voice logs, Running running)
            throws IOException, InterruptedException {
        Map<Integer, LoadBalancer> balancers = balancers(groups);
        try (Crew crew = new Crew(groups, state.order().release(), remotes, balancers, parcels, forbidden, fleet.folder(), operator, logs)) {
            Roll made = new Roll(state, journal, crew, logs, clock);
            synchronized (this) {
                roll = made;
                if (isInterrupted) made.interrupt();
            }
            State end = running.run(made);
            return new Ended(end, unwell(end, crew));
        } finally {
            balancers.values().forEach(LoadBalancer::close);
        }
    }

    /** Servers that were not the run's last concern may have died since. */
    private static List<String> unwell(State end, Crew crew) throws IOException, InterruptedException {
        List<Callable<Optional<String>>> questions = end.members().values().stream()
                .filter(it -> end.order().stages().get(it.place().stage()).kind() != Stage.Kind.LOCAL)
                .filter(it -> !it.is(Way.STUCK) && !it.isOut() && hasRelease(it))
                .<Callable<Optional<String>>>map(it -> () -> unwell(end, it, crew))
                .toList();
        return Crowd.ask(questions).stream().flatMap(Optional::stream).toList();
    }

    /** Or had one: it could not be asked. */
    private static boolean hasRelease(Member member) {
        return member.is(Way.UPDATED) || member.is(Way.UNCHANGED) || member.found().filter(it -> !it.isReachable() || it.release().isPresent()).isPresent();
    }

    private static Optional<String> unwell(State end, Member member, Crew crew) throws InterruptedException {
        Finding found = member.found().orElseThrow();
        boolean isBalanced = end.order().stages().get(member.place().stage()).kind() == Stage.Kind.ROTATED && !member.wasOutBefore();
        Optional<String> trouble = found.isReachable() ? crew.aftermath(member.place(), isBalanced) : Optional.of(found.note());
        return trouble.map(it -> member.server() + " is not well: " + it);
    }

    private void halt(String why) {
        Roll running = roll;
        if (running != null) running.halt(why);
    }

    private Map<Integer, LoadBalancer> balancers(List<Group> groups) {
        Map<Integer, LoadBalancer> balancers = new HashMap<>();
        for (int i = 0; i < groups.size(); i++) {
            boolean isBalanced = !groups.get(i).isLocal() && !groups.get(i).balancers().isEmpty();
            if (isBalanced) balancers.put(i, Balancers.of(groups.get(i).balancers(), remotes, variables));
        }
        return balancers;
    }

    private Map<Target, Parcel> pack(List<Group> groups, String release, Path folder) throws IOException, InterruptedException {
        Map<Target, Parcel> parcels = new HashMap<>();
        for (Group group : groups)
            for (Target target : group.targets())
                if (target.source().isPresent()) parcels.put(target, Parcel.pack(target, release, folder.resolve(PACKAGES), transformer, operator));
        return parcels;
    }

    private List<Site> sites(List<Group> groups, Voice logs) {
        return Site.all(groups.stream().flatMap(group -> group.targets().stream()).toList(), remotes, logs::log);
    }

    private static Order order(String run, Wish wish, List<Group> groups, Instant now, Map<String, Rotation> owed) {
        List<Stage> stages = groups.stream().map(it -> it.stage(wish)).toList();
        return new Order(run, wish.environment(), wish.release().orElse(Runs.name(now)), stages, wish.pauses(), wish.keeps(), PATIENCE, owed);
    }

    /** What the balancers had of servers that the last run has left out. @throws Refusal if that run is not finished */
    private static Map<String, Rotation> owed(Runs runs) throws IOException, Refusal {
        Map<String, Rotation> owed = new HashMap<>();
        Optional<Path> last = runs.last();
        if (last.isEmpty()) return owed;
        State state = state(last.get());
        String environment = state.order().environment();
        if (!state.isOver())
            throw new Refusal("the run " + state.order().run() + " is not finished: nary fleet resume " + environment + " finishes it, nary fleet heal " + environment + " undoes it");
        state.order().owed().forEach(owed::put);
        for (Member member : state.members().values()) {
            if (member.isOut()) member.prior().ifPresent(it -> owed.put(member.server(), it));
            else if (!member.is(Way.WAITING)) owed.remove(member.server());
        }
        return owed;
    }

    private static void note(Path folder, Fleet fleet, Wish wish) throws IOException {
        Files.copy(fleet.file(), folder.resolve(FLEET), StandardCopyOption.REPLACE_EXISTING);
        Files.writeString(folder.resolve(RUN), Json.write(Fields.map("fleet", fleet.file().toString(), "build", wish.build().orElse(null), "rollback", wish.isRollback())) + "\n");
    }

    private Outcome finish(Ended ended, List<Group> groups, Path folder, Fleet fleet, Runs runs, Voice logs) throws IOException, InterruptedException {
        State state = ended.state();
        Verdict verdict = state.verdict().orElseThrow();
        boolean isDone = verdict == Verdict.DONE || verdict == Verdict.DONE_IN_PART;
        hook(groups, isDone ? Hook.AFTER_DEPLOY : Hook.ON_FAILURE, state.order().release(), fleet.folder(), logs);
        if (!stuck(state)) Trees.delete(folder.resolve(PACKAGES));
        runs.tidy();
        return new Outcome(state, folder, ended.unwell());
    }

    /** Equal hooks of several builds run once. */
    private static void hook(List<Group> groups, Hook hook, String release, Path folder, Voice logs) throws IOException, InterruptedException {
        List<List<String>> commands = groups.stream()
                .flatMap(group -> group.targets().stream())
                .flatMap(target -> Optional.ofNullable(target.hooks().get(hook)).stream())
                .distinct()
                .toList();
        String environment = groups.isEmpty() ? "" : groups.getFirst().targets().getFirst().environment();
        for (List<String> command : commands) {
            Locally.Result result = Locally.run(command, folder, Map.of("NARY_RELEASE", release, "NARY_ENVIRONMENT", environment, "NARY_HOOK", hook.key()), HOOK_LIMIT, line -> logs.log(Stage.LOCAL, line));
            if (result.exit() != 0) throw new IOException("the hook " + hook.key() + ", '" + String.join(" ", command) + "', exited with " + result.exit() + (result.lastLine().isEmpty() ? "" : ": " + result.lastLine()));
        }
    }
}
