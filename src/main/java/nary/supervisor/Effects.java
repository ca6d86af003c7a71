package nary.supervisor;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import nary.config.Confinement;
import nary.config.Personality;
import nary.config.Settings;
import nary.id.WorkerId;
import nary.listen.ListenSink;
import nary.listen.Listeners;
import nary.listen.Spawner;
import nary.listen.StandIn;
import nary.listen.Takeover;
import nary.log.Capture;
import nary.posix.Address;
import nary.posix.Fd;
import nary.posix.OsException;
import nary.posix.Pid;
import nary.posix.Posix;
import nary.posix.Processes.Exit;
import nary.worker.DrainSample;
import nary.worker.Phase;
import org.jspecify.annotations.Nullable;

/** Performs what the core decided. All methods run on the supervisor's thread; what takes time is handed to others that post back. */
final class Effects {
    /** Where workers may take any time to end: what they leave behind may not. */
    private static final Duration LEFT_BEHIND = Duration.ofSeconds(30);

    private final Posix posix;
    private final Settings settings;
    private final Loop loop;
    private final Trees trees;
    private final Listeners listeners;
    private final Spawner spawner;
    private final Optional<Takeover> takeover;
    private final WorkerStart starter;
    private final DrainSampler sampler;
    private final TreeEnder ender;
    private final StallSampler stalls;
    private final WorkerProbe probe;
    private final Optional<Announcements> announcements;
    private final Triggers triggers;
    private final Voices voices;
    private final Closing closing;
    private final OfflineFile offlineFile;
    private final Courtesy courtesy;
    private final Evidence evidence;
    private final Map<WorkerId, Handle> handles = new HashMap<>();
    private final Map<Long, WorkerId> tokens = new HashMap<>();
    /** Asked for before the spawn was done: worker to signal. */
    private final Map<WorkerId, Integer> early = new HashMap<>();

    /** Probes that are still wanted; read by their threads. */
    private final Set<WorkerId> probed = java.util.concurrent.ConcurrentHashMap.newKeySet();

    private long lastToken;

    /** A worker whose leader has not been reaped. */
    private record Handle(Pid pid, Fd pidfd, long exitToken) {}

    Effects(
            Posix posix,
            Settings settings,
            Confinement confinement,
            Loop loop,
            Trees trees,
            Listeners listeners,
            Spawner spawner,
            Capture capture,
            Optional<Announcements> announcements,
            Triggers triggers,
            ListenSink sink)
            throws OsException {
        this.posix = posix;
        this.settings = settings;
        this.loop = loop;
        this.trees = trees;
        this.listeners = listeners;
        this.spawner = spawner;
        this.takeover = spawner.notifications().map(fd -> Takeover.start(posix, listeners, trees, settings.ports(), sink, fd));
        this.starter = new WorkerStart(posix, settings, confinement, listeners, capture, trees, announcements);
        this.sampler = new DrainSampler(
                posix, trees, listeners, settings.idleGrace(), (w, s) -> loop.run(() -> sampled(w, s)), loop::trouble);
        this.ender = new TreeEnder(posix, trees, capture, settings.stopSignal(), settings.stopTimeout().orElse(LEFT_BEHIND), loop::trouble);
        this.stalls = new StallSampler(posix, listeners, settings.policy().stallTimeout().isPresent(), loop::post, loop::trouble);
        this.probe = new WorkerProbe(listeners);
        this.announcements = announcements;
        this.closing = new Closing(new StandIn(posix, listeners, loop::trouble), loop, this::drainKept, this::keepAgain);
        this.offlineFile = new OfflineFile(closing, loop);
        this.courtesy = Courtesy.of(posix.processes(), trees, confinement, loop::trouble);
        this.triggers = triggers;
        this.voices = new Voices(posix, loop, () -> ++lastToken);
        this.evidence = new Evidence(posix, trees, loop, settings.policy().hangSignal());
    }

    Set<String> unmanaged() {
        return takeover.map(Takeover::unmanaged).orElse(Set.of());
    }

    /** After each step, when its effects are done. */
    void look(State state) {
        ender.look();
        courtesy.look(state);
        stalls.watch(state);
        offlineFile.look(state);
        triggers.look(state);
    }

    /** Nothing is to be performed any more. */
    void close() {
        offlineFile.close();
    }

    Closing closing() {
        return closing;
    }

    private Set<WorkerId> serving() {
        return loop.state().workers().stream().filter(it -> it.phase() == Phase.SERVING).map(State.Row::id).collect(Collectors.toSet());
    }

    private void drainKept() {
        announcements.ifPresent(it -> serving().forEach(worker -> it.drain(worker, trees.token(worker))));
    }

    private void keepAgain() {
        announcements.ifPresent(it -> it.serve(serving()));
    }

    void perform(Effect effect) throws OsException {
        switch (effect) {
            case Effect.Spawn spawn -> spawn(spawn);
            case Effect.OpenQueue(var placeholder, var addresses) -> openQueue(placeholder, addresses);
            case Effect.Examine(var worker) -> evidence.examine(worker);
            case Effect.TakeEvidence(var worker) -> evidence.take(worker);
            case Effect.Steer(var serving) -> steer(serving);
            case Effect.StartDrain(var worker) -> startDrain(worker);
            case Effect.StopDrain(var worker) -> sampler.stop(worker);
            case Effect.Probe(var worker, var path) -> probeHttp(worker, path);
            case Effect.Signal(var worker, int signal, boolean wholeTree) -> signal(worker, signal, wholeTree);
            case Effect.EndTree(var worker) -> ender.end(worker, () -> loop.post(new Event.TreeEnded(worker)));
            case Effect.CloseDoor(var worker) -> closeDoor(worker);
            case Effect.FreeListeners(var worker) -> free(worker);
            case Effect.ArmTimer(var timer, var after) -> loop.arm(timer, after);
            case Effect.CancelTimer(var timer) -> loop.cancel(timer);
            case Effect.RequestRestart(var restart) -> triggers.request(restart);
            case Effect.Emit(var notice) -> loop.emit(notice);
            case Effect.Reply(var request, var outcome) -> loop.reply(request, outcome);
            case Effect.Halt(int exitCode) -> {
                triggers.close();
                loop.halt(exitCode);
            }
        }
    }

    /** Who was draining and is named again has been called back. */
    private void steer(Set<WorkerId> serving) throws OsException {
        listeners.steer(serving);
        announcements.ifPresent(it -> it.serve(serving));
    }

    private void startDrain(WorkerId worker) {
        announcements.ifPresent(it -> it.drain(worker, trees.token(worker)));
        sampler.start(worker);
    }

    private void sampled(WorkerId worker, DrainSample sample) {
        if (!handles.containsKey(worker)) return;
        DrainSample weighed = announcements.map(it -> it.weigh(worker, sample, System.nanoTime())).orElse(sample);
        loop.add(new Event.DrainSampled(worker, weighed));
    }

    private void spawn(Effect.Spawn spawn) {
        WorkerId worker = spawn.worker();
        listeners.expect(worker, spawn.heirTo());
        trees.spawning();
        try {
            WorkerStart.Opened opened = starter.open(worker, spawn.release());
            spawner.submit(() -> start(spawn, opened));
        } catch (IOException | RuntimeException e) {
            notSpawned(worker, String.valueOf(e.getMessage()));
        }
    }

    private void start(Effect.Spawn spawn, WorkerStart.Opened opened) {
        WorkerId worker = spawn.worker();
        try {
            WorkerStart.Started started = starter.start(worker, spawn.release(), opened);
            trees.spawned(worker, Optional.of(started.child().pid()));
            loop.run(() -> spawned(worker, started));
        } catch (OsException e) {
            notSpawned(worker, String.valueOf(e.getMessage()));
        } catch (Throwable e) {
            notSpawned(worker, e.toString());
        }
    }

    private void notSpawned(WorkerId worker, String reason) {
        trees.spawned(worker, Optional.empty());
        loop.post(new Event.SpawnFailed(worker, reason));
    }

    private void spawned(WorkerId worker, WorkerStart.Started started) {
        Handle handle = new Handle(started.child().pid(), started.child().pidfd(), ++lastToken);
        handles.put(worker, handle);
        tokens.put(handle.exitToken(), worker);
        loop.add(new Event.WorkerSpawned(worker, handle.pid()));
        courtesy.spawned(worker, handle.pid(), loop.state());
        try {
            loop.watch(handle.pidfd(), handle.exitToken());
            voices.add(worker, started.channel(), started.mailbox());
            Integer signal = early.remove(worker);
            if (signal != null) signal(worker, signal, true);
        } catch (OsException e) {
            loop.trouble("watching worker " + worker + ": " + e.getMessage());
        }
        probeHandedOver(worker);
    }

    /** A worker with handed-over sockets never calls listen: it counts as listening once it takes a connection. */
    private void probeHandedOver(WorkerId worker) {
        for (var address : settings.listen()) {
            probe.accepts(worker, address, () -> trees.hasLeader(worker), () -> loop.post(new Event.WorkerListening(worker, address)));
        }
    }

    private void probeHttp(WorkerId worker, String path) {
        probed.add(worker);
        probe.http(worker, path, () -> probed.contains(worker), () -> loop.post(new Event.ProbePassed(worker)));
    }

    private void signal(WorkerId worker, int signal, boolean wholeTree) throws OsException {
        probed.remove(worker);
        Handle handle = handles.get(worker);
        if (wholeTree) signalTree(worker, handle, signal);
        // the leader cannot be another process by now: it stays a zombie until we reap it
        else if (handle != null && !(signal == settings.stopSignal() && isToldToEnd(worker))) posix.processes().signal(handle.pid(), signal);
        if (handle == null && trees.isSpawning()) early.put(worker, signal);
    }

    private void openQueue(WorkerId placeholder, Set<Address> addresses) throws OsException {
        for (Address address : addresses) listeners.openQueue(placeholder, address);
    }

    /** By its own protocol, in place of the signal, of which a process that counts on being told would die. */
    private boolean isToldToEnd(WorkerId worker) {
        boolean isNaughts = settings.policy().personality() == Personality.NAUGHT;
        if (!voices.shutDown(worker, isNaughts)) return false;
        // naught's hear the end of the channel alone, and never get a signal
        if (!isNaughts) announcements.ifPresent(it -> it.shutDown(trees.token(worker), settings.stopSignal()));
        return true;
    }

    private void closeDoor(WorkerId worker) throws OsException {
        sampler.closeDoor(worker);
        listeners.hold(worker);
    }

    /** Who the others are cannot be told without a descriptor; the leader is known, and the others follow when it has ended. */
    private void signalTree(WorkerId worker, @Nullable Handle handle, int signal) throws OsException {
        try {
            signalAll(worker, signal);
        } catch (UncheckedIOException blind) {
            if (handle == null) throw blind;
            posix.processes().signal(handle.pid(), signal);
        }
    }

    /** One that may not be signalled does not save the others. */
    private void signalAll(WorkerId worker, int signal) {
        for (Pid pid : trees.of(worker)) signalOne(worker, pid, signal);
    }

    private void signalOne(WorkerId worker, Pid pid, int signal) {
        try {
            posix.processes().signal(pid, signal);
        } catch (OsException e) {
            loop.trouble("ending worker " + worker + ": " + e.getMessage());
        }
    }

    private void free(WorkerId worker) {
        sampler.forget(worker);
        listeners.free(worker);
    }

    /** Something the loop watches is readable. */
    void ready(long token) throws OsException {
        WorkerId worker = tokens.get(token);
        Handle handle = worker == null ? null : handles.get(worker);
        if (worker != null && handle != null) reap(worker, handle);
        else voices.ready(token);
    }

    private void reap(WorkerId worker, Handle handle) throws OsException {
        Optional<Exit> exit = posix.processes().reap(handle.pidfd());
        if (exit.isEmpty()) return;
        trees.reaped(worker);
        voices.end(worker);
        loop.unwatch(handle.pidfd());
        posix.sockets().close(handle.pidfd());
        handles.remove(worker);
        tokens.remove(handle.exitToken());
        probed.remove(worker);
        sampler.stop(worker);
        announcements.ifPresent(it -> it.forget(worker));
        loop.add(new Event.WorkerExited(worker, exit.get()));
    }
}
