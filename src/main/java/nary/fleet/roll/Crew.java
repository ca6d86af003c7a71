package nary.fleet.roll;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import nary.control.Fields;
import nary.control.Json;
import nary.control.WireException;
import nary.fleet.Crowd;
import nary.fleet.Host;
import nary.fleet.balancer.BalancerException;
import nary.fleet.balancer.Guard;
import nary.fleet.balancer.LoadBalancer;
import nary.fleet.balancer.Pool;
import nary.fleet.balancer.Standing;
import nary.fleet.plan.Effect;
import nary.fleet.plan.Event;
import nary.fleet.plan.Finding;
import nary.fleet.plan.Place;
import nary.fleet.plan.Rotation;
import nary.fleet.spec.Hook;
import nary.fleet.spec.Target;
import nary.fleet.ssh.RemoteException;
import nary.fleet.ssh.Remotes;

/** Does the plan's steps on real servers and balancers. */
final class Crew implements Hands, AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(500);
    /** Between a request's end, as the balancer counts it, and the end of its connection. */
    private static final Duration LINGER = Duration.ofSeconds(3);

    private static final Duration COMMAND_LIMIT = Duration.ofMinutes(30);

    private final List<Group> groups;
    private final String release;
    private final Remotes remotes;
    private final Map<Integer, LoadBalancer> balancers;
    private final Map<Target, Parcel> parcels;
    private final Map<String, String> forbidden;
    private final Path folder;
    private final Operator operator;
    private final Voice voice;
    /** Over servers that are out of rotation. */
    private final Map<Place, Guard> guards = new ConcurrentHashMap<>();

    private final Semaphore surveys = new Semaphore(Crowd.MOST, true);

    /**
     * @param balancers by stage; none where nothing balances
     * @param parcels none for releases that are on the servers already
     * @param forbidden servers that must not be touched, and why
     * @param folder of the fleet file: commands of the operator's machine run there
     */
    Crew(
            List<Group> groups,
            String release,
            Remotes remotes,
            Map<Integer, LoadBalancer> balancers,
            Map<Target, Parcel> parcels,
            Map<String, String> forbidden,
            Path folder,
            Operator operator,
            Voice voice) {
        this.groups = groups;
        this.release = release;
        this.remotes = remotes;
        this.balancers = new HashMap<>(balancers);
        this.parcels = new HashMap<>(parcels);
        this.forbidden = forbidden;
        this.folder = folder;
        this.operator = operator;
        this.voice = voice;
    }

    @Override
    public void close() {
        guards.keySet().forEach(this::unguard);
    }

    private Group group(Place place) {
        return groups.get(place.stage());
    }

    private List<Site> sites(Place place) {
        Host host = host(place);
        return group(place).on(place.server()).stream()
                .map(target -> new Site(remotes.to(host), target, line -> voice.log(place.server(), line)))
                .toList();
    }

    private Host host(Place place) {
        return group(place).servers().stream().filter(it -> it.name().equals(place.server())).findFirst().orElseThrow();
    }

    private Optional<LoadBalancer> balancer(Place place) {
        return Optional.ofNullable(balancers.get(place.stage()));
    }

    // before anything is changed

    /** The plan asks for all servers at once. */
    @Override
    public Finding survey(Place place) throws InterruptedException {
        if (group(place).isLocal()) return new Finding(true, true, Optional.empty(), "");
        String why = forbidden.get(place.server());
        if (why != null) return Finding.unreachable(why);
        surveys.acquire();
        try {
            return found(place);
        } finally {
            surveys.release();
        }
    }

    private Finding found(Place place) throws InterruptedException {
        try {
            Map<String, String> releases = new HashMap<>();
            for (Site site : sites(place)) site.release().ifPresent(it -> releases.put(site.target().build(), it));
            Optional<String> trouble = releases.isEmpty() ? Optional.of("it has no release yet") : changed(place, releases);
            if (trouble.isEmpty()) trouble = unhealthy(place);
            return new Finding(true, trouble.isEmpty(), Releases.text(releases), trouble.orElse(""));
        } catch (RemoteException e) {
            return Finding.unreachable(String.valueOf(e.getMessage()));
        } catch (IOException e) {
            return new Finding(true, false, Optional.empty(), String.valueOf(e.getMessage()));
        }
    }

    private Optional<String> unhealthy(Place place) throws IOException, InterruptedException {
        Optional<String> trouble = sick(place);
        if (trouble.isPresent()) return trouble;
        Optional<LoadBalancer> balancer = balancer(place);
        if (balancer.isEmpty()) return Optional.empty();
        Standing standing = balancer.get().look(host(place));
        boolean isFine = standing.state() == Standing.State.IN || standing.state() == Standing.State.UNKNOWN;
        return isFine ? Optional.empty() : Optional.of(balancer.get().name() + " has it as " + standing.text());
    }

    /** The same id with another content is no release that it has already: to prepare it will be refused. */
    private Optional<String> changed(Place place, Map<String, String> releases) throws RemoteException, InterruptedException {
        for (Site site : sites(place)) {
            Parcel parcel = parcels.get(site.target());
            boolean isSameId = release.equals(releases.get(site.target().build()));
            if (parcel != null && isSameId && !site.holds(parcel, release)) return Optional.of("its " + release + " has another content");
        }
        return Optional.empty();
    }

    /** What the server says itself. */
    private Optional<String> sick(Place place) throws IOException, InterruptedException {
        for (Site site : sites(place)) {
            Optional<String> trouble = new Pulse(site).trouble(Optional.empty());
            if (trouble.isPresent()) return trouble;
        }
        return Optional.empty();
    }

    /**
     * What is wrong with a server when all is done: it may have died after its turn.
     *
     * @param isBalanced the balancers are to have it up, too
     * @return empty: it is well
     */
    Optional<String> aftermath(Place place, boolean isBalanced) throws InterruptedException {
        Optional<String> trouble = wrong(place, isBalanced);
        if (trouble.isEmpty()) return trouble;
        Thread.sleep(POLL.multipliedBy(4)); // one bad answer may be a moment's
        return wrong(place, isBalanced);
    }

    private Optional<String> wrong(Place place, boolean isBalanced) throws InterruptedException {
        try {
            return isBalanced ? unhealthy(place) : sick(place);
        } catch (IOException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    @Override
    public Event.Seen look(Place place) throws IOException, InterruptedException {
        LoadBalancer balancer = balancer(place).orElseThrow();
        Host host = host(place);
        Standing standing = balancer.look(host);
        Optional<Pool> others = balancer.pool(host);
        boolean isIn = standing.state() != Standing.State.OUT && standing.state() != Standing.State.DRAINING;
        boolean isUp = standing.state() == Standing.State.IN || (standing.state() == Standing.State.UNKNOWN);
        voice.log(place.server(), balancer.name() + ": " + standing.text() + others.map(it -> "; " + it.text()).orElse(""));
        Rotation rotation = new Rotation(isIn, balancer.remember(host));
        return new Event.Seen(place, isUp, others, isIn ? rotation : noted(place).orElse(rotation));
    }

    // steps

    @Override
    public void perform(Effect.Perform step) throws IOException, InterruptedException {
        Place place = step.place();
        switch (step.step()) {
            case COMMAND -> command(place);
            case PREPARE -> prepare(place);
            case LOOK -> look(place);
            case REMOVE -> {
                note(place, step.prior());
                remove(place);
            }
            case DRAIN -> drain(place);
            case STOP -> stop(place);
            case SWITCH -> point(place, step.release());
            case START -> start(place, step.release());
            case RELOAD -> reload(place, step.release());
            case HEALTH -> healthy(place, step.release());
            case RETURN -> back(place, step.prior().orElseThrow());
            case SOAK -> soak(place);
        }
    }

    private void command(Place place) throws IOException, InterruptedException {
        for (Target target : group(place).targets()) {
            Path in = Optional.ofNullable(parcels.get(target)).map(Parcel::folder).orElse(folder);
            Map<String, String> variables = new HashMap<>(Map.of("NARY_RELEASE", release, "NARY_ENVIRONMENT", target.environment(), "NARY_BUILD", target.build()));
            target.parameters().ifPresent(it -> variables.put("NARY_PARAMETERS", it.toString()));
            Locally.Result result = Locally.run(target.command(), in, variables, COMMAND_LIMIT, line -> voice.log(place.server(), line));
            if (result.exit() != 0) throw new IOException("'" + String.join(" ", target.command()) + "' exited with " + result.exit() + (result.lastLine().isEmpty() ? "" : ": " + result.lastLine()));
        }
    }

    private void prepare(Place place) throws IOException, InterruptedException {
        for (Site site : sites(place)) {
            Parcel parcel = parcels.get(site.target());
            if (parcel != null) site.prepare(parcel, release);
            else mustBeGood(site);
        }
    }

    /** Also where the server could not be asked when the release was chosen. */
    private void mustBeGood(Site site) throws IOException, InterruptedException {
        Shelf.Holding there = Shelf.ask(site.remote(), site.target());
        String why = there.here().contains(release) ? "recorded as good there" : "there";
        if (!there.isGood(release)) throw new IOException(site.host().name() + ": release " + release + " of " + site.target().build() + " is not " + why);
    }

    private void remove(Place place) throws IOException, InterruptedException {
        LoadBalancer balancer = balancer(place).orElseThrow();
        balancer.drain(host(place));
        guards.computeIfAbsent(place, _ -> Guard.of(balancer, host(place), Guard.EVERY, line -> told(place, line)));
    }

    /** What a run that has died noted before it took the server out. */
    private Optional<Rotation> noted(Place place) throws InterruptedException {
        try {
            String text = sites(place).getFirst().notedOut();
            return text.isEmpty() ? Optional.empty() : Optional.of(OrderCodec.rotation(Fields.parse(text)));
        } catch (RemoteException | WireException e) {
            voice.log(place.server(), "how it was before a run that has died is not known: " + e.getMessage());
            return Optional.empty();
        }
    }

    /** For an operator who has no journal of this run; where it cannot be noted, the journal has it. */
    private void note(Place place, Optional<Rotation> prior) throws InterruptedException {
        try {
            if (prior.isPresent()) sites(place).getFirst().noteOut(Json.write(OrderCodec.rotation(prior.get())));
        } catch (RemoteException e) {
            voice.log(place.server(), "how it was before cannot be noted there: " + e.getMessage());
        }
    }

    private void noteBack(Place place) throws InterruptedException {
        try {
            sites(place).getFirst().noteBack();
        } catch (RemoteException e) {
            voice.log(place.server(), "that it is back cannot be noted there: " + e.getMessage());
        }
    }

    /** A balancer that forgets is worth knowing of. */
    private void told(Place place, String line) {
        voice.log(place.server(), line);
        voice.tell(line);
    }

    private void unguard(Place place) {
        Guard guard = guards.remove(place);
        if (guard != null) guard.close();
    }

    private void drain(Place place) throws IOException, InterruptedException {
        LoadBalancer balancer = balancer(place).orElseThrow();
        Host host = host(place);
        Duration limit = group(place).tactics().drain();
        remove(place);
        boolean isCounted = balancer.look(host).connections().isPresent();
        try {
            balancer.awaitIdle(host, limit);
        } catch (BalancerException e) {
            if (e.kind() != BalancerException.Kind.NOT_IDLE) throw e;
            voice.tell(place.server() + " is not waited for any longer: " + e.getMessage());
        }
        balancer.hold(host);
        awaitNoConnection(place, isCounted && limit.compareTo(LINGER) > 0 ? LINGER : limit);
    }

    /** Where the balancer counts, what is still open on the server carries no request of its any more. */
    private void awaitNoConnection(Place place, Duration limit) throws IOException, InterruptedException {
        for (Site site : sites(place)) {
            long end = System.nanoTime() + limit.toNanos();
            int open = site.connections();
            while (open > 0 && System.nanoTime() < end) {
                Thread.sleep(POLL);
                open = site.connections();
            }
            if (open > 0) voice.log(place.server(), open + " connections are still open");
        }
    }

    private void stop(Place place) throws IOException, InterruptedException {
        Duration limit = group(place).tactics().stop();
        for (Site site : sites(place)) {
            List<String> hook = site.target().hooks().getOrDefault(Hook.BEFORE_STOP, List.of());
            Optional<String> current = hook.isEmpty() ? Optional.empty() : site.release();
            if (current.isPresent()) site.must(site.current(), hook, current.get(), COMMAND_LIMIT);
        }
        for (Site site : sites(place)) new Runner(site).stop(limit);
        for (Site site : sites(place)) new Runner(site).proveStopped(limit);
    }

    private void point(Place place, Optional<String> releases) throws IOException, InterruptedException {
        for (Site site : sites(place)) {
            Optional<String> wanted = Releases.of(releases, site.target().build());
            boolean isBack = !wanted.equals(Optional.of(release));
            if (isBack) recordUndone(site);
            site.point(wanted);
            List<String> command = site.target().command();
            if (!isBack && !command.isEmpty()) site.must(site.current(), command, release, COMMAND_LIMIT);
        }
    }

    /** A full disk must not keep a server from going back. */
    private void recordUndone(Site site) throws InterruptedException {
        try {
            site.record(release, "undone", operator.name());
        } catch (RemoteException e) {
            voice.tell("that " + release + " is undone cannot be noted: " + e.getMessage());
        }
    }

    private void start(Place place, Optional<String> releases) throws IOException, InterruptedException {
        for (Site site : sites(place)) {
            Optional<String> wanted = Releases.of(releases, site.target().build());
            if (wanted.isPresent()) new Runner(site).start(wanted.get());
        }
    }

    private void reload(Place place, Optional<String> releases) throws IOException, InterruptedException {
        for (Site site : sites(place)) new Runner(site).reload(Releases.of(releases, site.target().build()).orElseThrow());
    }

    private void healthy(Place place, Optional<String> releases) throws IOException, InterruptedException {
        for (Site site : sites(place)) {
            Optional<String> wanted = Releases.of(releases, site.target().build());
            if (wanted.isEmpty()) continue;
            new Pulse(site).await(wanted.get());
            List<String> hook = site.target().hooks().getOrDefault(Hook.AFTER_START, List.of());
            if (!hook.isEmpty()) site.must(site.current(), hook, wanted.get(), COMMAND_LIMIT);
        }
    }

    private void back(Place place, Rotation prior) throws IOException, InterruptedException {
        unguard(place);
        balancer(place).orElseThrow().restore(host(place), prior.prior(), group(place).tactics().up());
        noteBack(place);
    }

    private void soak(Place place) throws IOException, InterruptedException {
        long end = System.nanoTime() + group(place).tactics().soak().toNanos();
        while (System.nanoTime() < end) {
            for (Site site : sites(place)) {
                Optional<String> trouble = new Pulse(site).trouble(Optional.of(release));
                // one bad answer may be a moment's: the second one is not
                if (trouble.isPresent()) new Pulse(site).await(release, POLL.multipliedBy(4));
            }
            Thread.sleep(POLL);
        }
        for (Site site : sites(place)) site.record(release, "good", operator.name());
    }
}
