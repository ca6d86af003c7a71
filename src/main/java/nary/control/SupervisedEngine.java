package nary.control;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import nary.config.Batch;
import nary.config.ConfigException;
import nary.config.Durations;
import nary.config.EnvFile;
import nary.config.Launch;
import nary.config.Maintenance;
import nary.config.Origin;
import nary.config.Policy;
import nary.config.Release;
import nary.config.Strategy;
import nary.config.Variables;
import nary.id.WorkerId;
import nary.listen.ConnectionCounts;
import nary.listen.Listening;
import nary.log.Capture;
import nary.posix.OsException;
import nary.posix.Pid;
import nary.posix.Posix;
import nary.rollout.Reason;
import nary.rollout.Rollout;
import nary.supervisor.Event;
import nary.supervisor.HookRunner;
import nary.supervisor.Loop;
import nary.supervisor.Notice;
import nary.supervisor.Outcome;
import nary.supervisor.State;
import nary.time.Clock;

/** The engine on top of the supervisor's loop: turns clients' wishes into events and its state into a status. */
public final class SupervisedEngine implements Engine {
    private static final int WITNESS_LINES = 20;
    private static final Duration NOTE_LIMIT = Duration.ofSeconds(5);
    private static final Duration LAST_OUTPUT = Duration.ofSeconds(5);

    private final Posix posix;
    private final Launch launch;
    private final Capture capture;
    private final List<Consumer<Notice>> followers = new CopyOnWriteArrayList<>();
    private final Loop loop;
    private final Optional<HookRunner> hooks;
    private final Releases releases;

    private SupervisedEngine(Posix posix, Launch launch, Consumer<Notice> notices, Consumer<Outcome> started) throws IOException {
        this.posix = posix;
        this.launch = launch;
        this.releases = new Releases(launch);
        followers.add(notices);
        this.capture = Capture.start(posix, Path.of(launch.files().stdout()), Path.of(launch.files().stderr()), launch.output(), this::trouble);
        CompletableFuture<Loop> running = new CompletableFuture<>();
        this.hooks = HookRunner.of(posix, launch, running, this::tell);
        hooks.ifPresent(it -> followers.add(it::heard));
        this.loop = Loop.start(posix, Clock.system(), launch, capture, this::tell, started);
        running.complete(loop);
        // System.getenv and ProcessBuilder give the signal its default action again when they are first used: not after this
        sun.misc.Signal.handle(new sun.misc.Signal("CHLD"), _ -> loop.childrenChanged());
    }

    /** @return how to start one in this process */
    public static EngineFactory factory(Posix posix) {
        return (launch, notices, started) -> new SupervisedEngine(posix, launch, notices, started);
    }

    private void tell(Notice notice) {
        Notice told = notice.at(Instant.now());
        followers.forEach(follower -> follower.accept(told));
    }

    private void trouble(String text) {
        tell(new Notice("Trouble", Optional.empty(), text));
    }

    @Override
    public AutoCloseable follow(Consumer<Notice> listener) {
        followers.add(listener);
        return () -> followers.remove(listener);
    }

    @Override
    public void deploy(DeployChange change, Consumer<Outcome> reply) {
        Map<String, String> fromFiles;
        try {
            fromFiles = change.sameVersion() ? Map.of() : EnvFile.read(variableFiles(change));
        } catch (ConfigException | IOException e) {
            reply.accept(new Outcome.Failed(Releases.reason(e), Optional.empty()));
            return;
        }
        loop.ask(
                (state, request) -> new Event.DeployRequested(
                        request,
                        releases.changed(current(state).release(), change, fromFiles),
                        change.workerCount(),
                        change.strategy().map(wish -> possible(state, change, wish)),
                        change.batch().map(wish -> meaningful(state, change, wish)),
                        change.timeout(),
                        change.sameVersion() ? Reason.RESTART : Reason.DEPLOY,
                        change.by()),
                isBySignal(change) ? loop.reloading(reply) : reply);
    }

    /** Read here, on the asker's thread: the supervisor's waits for no disk. */
    private List<String> variableFiles(DeployChange change) {
        Release current = loop.state().current().map(State.Current::release).orElse(launch.release());
        return change.definition().map(Definition::files).orElse(current.variables().files());
    }

    private static boolean isBySignal(DeployChange change) {
        return change.by().startsWith("SIG");
    }

    /** An app that cannot run twice is not made to by a signal or a restart; who names a strategy knows better. */
    private static Strategy possible(State state, DeployChange change, Strategy wish) {
        boolean isNamed = !change.sameVersion() && !isBySignal(change);
        boolean isSingle = usual(state, change) == Strategy.REPLACE;
        return isSingle && !isNamed ? Strategy.REPLACE : wish;
    }

    /** The strategy of deploys that name none. */
    private static Strategy usual(State state, DeployChange change) {
        return change.definition().map(Definition::settings).orElse(current(state).settings()).policy().strategy();
    }

    private static Batch meaningful(State state, DeployChange change, Batch wish) {
        Strategy strategy = change.strategy().map(it -> possible(state, change, it)).orElse(usual(state, change));
        if (strategy.window() == Strategy.Window.BATCH) return wish;
        throw new IllegalArgumentException("--batch: the app's strategy " + strategy.text() + " begins with all at once; use deploy --strategy rolling");
    }

    @Override
    public void scale(ScaleChange change, Consumer<Outcome> reply) {
        loop.ask(
                (state, request) -> new Event.ScaleRequested(request, change.of(current(state).settings().workerCount()), change.timeout(), change.by()),
                reply);
    }

    private static State.Current current(State state) {
        return state.current().orElseThrow(() -> new IllegalArgumentException("the app has not come up yet: wait for start, or look at nary status"));
    }

    @Override
    public void abort(Consumer<Outcome> reply) {
        loop.ask((state, request) -> new Event.AbortRequested(request), reply);
    }

    @Override
    public void stop(Optional<Duration> timeout, String by, Consumer<Outcome> reply) {
        loop.ask((state, request) -> new Event.StopRequested(request, timeout, by), reply);
    }

    @Override
    public void close(Optional<Maintenance> how, String by, Consumer<Outcome> reply) {
        reply.accept(how.map(it -> loop.closing().close(it, by)).orElseGet(() -> loop.closing().open(by)));
    }

    @Override
    public void reopenLogs(Consumer<Outcome> reply) {
        capture.reopen(() -> {
            tell(new Notice(Notice.LOGS_REOPENED, Optional.empty(), "the logs are opened again"));
            reply.accept(new Outcome.Done("the logs are opened again"));
        });
    }

    @Override
    public List<String> lastErrors(WorkerId worker) {
        return capture.lastErrors(worker, WITNESS_LINES);
    }

    @Override
    public int awaitEnd() throws InterruptedException {
        try {
            return loop.awaitEnd();
        } finally {
            capture.drainAndClose(LAST_OUTPUT);
            if (hooks.isPresent()) hooks.get().close();
        }
    }

    @Override
    public Status status() {
        awaitNote();
        State state = loop.state();
        Instant now = loop.clock().now();
        Kernel kernel = look();
        return new Status(app(state, now), state.rollout().map(r -> deploy(r, now)), workers(state, now, kernel), kernel.addresses(), unmanaged());
    }

    private void awaitNote() {
        CountDownLatch told = new CountDownLatch(1);
        loop.noteStatusAsked(told::countDown);
        try {
            if (!told.await(NOTE_LIMIT.toMillis(), TimeUnit.MILLISECONDS)) trouble("a question for the status was not noted");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public Launch launch() {
        State.Current current = loop.state().current().orElse(new State.Current(1, launch.release(), launch.settings()));
        Release told = releases.told(current.release(), posix.processes().environmentOf(posix.processes().self()));
        return new Launch(told, current.settings(), launch.files(), launch.output(), launch.confinement(), launch.manager(), launch.typed(), launch.hooks());
    }

    @Override
    public Variables variables() {
        return loop.state().current().map(State.Current::release).orElse(launch.release()).variables();
    }

    private List<String> unmanaged() {
        return loop.unmanaged().stream().sorted().toList();
    }

    private Status.App app(State state, Instant now) {
        State.Current current = state.current().orElse(new State.Current(1, launch.release(), launch.settings()));
        Instant since = state.app().map(nary.supervisor.App::since).orElse(now);
        return new Status.App(
                current.release().origin().map(Origin::app).orElse(""),
                current.release().command(),
                current.release().directory(),
                current.generation(),
                policy(current.settings().policy()),
                current.settings().readiness().text(),
                Duration.between(since, now),
                state.word(),
                posix.processes().self().number(),
                loop.closing().text());
    }

    /** What differs from the defaults, after the strategy. */
    private static String policy(Policy policy) {
        String text = policy.strategy().text();
        if (policy.respawn() != Policy.DEFAULT.respawn()) text += ", respawn " + policy.respawn().text();
        if (policy.onCrash() != Policy.DEFAULT.onCrash()) text += ", on crash " + policy.onCrash().text();
        return text + policy.stallTimeout().map(it -> ", stall timeout " + Durations.text(it)).orElse("");
    }

    private static Status.Deploy deploy(Rollout rollout, Instant now) {
        return new Status.Deploy(rollout.by(), Duration.between(rollout.since(), now), rollout.text());
    }

    /** What only the kernel knows, at one moment. */
    private record Kernel(Map<WorkerId, List<Listening>> listening, Optional<ConnectionCounts> connections) {
        List<String> addresses() {
            Set<String> addresses = new TreeSet<>();
            listening.values().forEach(list -> list.forEach(l -> addresses.add(l.address().toString())));
            return List.copyOf(addresses);
        }
    }

    private Kernel look() {
        try {
            return new Kernel(loop.listeners().listening(), Optional.of(ConnectionCounts.take(posix, loop.listeners().ports())));
        } catch (OsException e) {
            trouble("status: " + e.getMessage());
            return new Kernel(Map.of(), Optional.empty());
        }
    }

    private List<Status.Worker> workers(State state, Instant now, Kernel kernel) {
        Map<WorkerId, Set<Pid>> trees = loop.trees().of(state.workers().stream().map(State.Row::id).toList());
        return state.workers().stream().map(row -> worker(row, now, kernel, trees.getOrDefault(row.id(), Set.of()))).toList();
    }

    private Status.Worker worker(State.Row row, Instant now, Kernel kernel, Set<Pid> processes) {
        List<Listening> listening = kernel.listening.getOrDefault(row.id(), List.of());
        Optional<Pid> pid = row.pid().filter(_ -> row.phase().isAlive());
        Set<Pid> tree = pid.isPresent() ? processes : Set.of();
        int connections = kernel.connections.map(c -> c.of(tree, Optional.empty())).map(t -> t.active() + t.idle()).orElse(0);
        return new Status.Worker(
                row.id().slot(),
                row.id().generation(),
                pid.map(Pid::number).orElse(0),
                row.phase().text(),
                Duration.between(row.born(), now),
                row.restarts(),
                connections,
                listening.stream().mapToInt(l -> l.queue().length()).sum(),
                listening.stream().mapToInt(l -> l.queue().limit()).sum(),
                pid.map(posix.processes()::residentBytes).orElse(0L),
                listening.stream().map(l -> l.address().toString()).distinct().toList(),
                row.nextTry().map(at -> Duration.between(now, at)),
                row.trouble().text(),
                row.says());
    }
}
