package nary.supervisor;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import nary.config.Launch;
import nary.config.Personality;
import nary.config.Settings;
import nary.id.RequestId;
import nary.listen.ListenSink;
import nary.listen.Listeners;
import nary.listen.Spawner;
import nary.log.Capture;
import nary.posix.Address;
import nary.posix.Fd;
import nary.posix.OsException;
import nary.posix.Pid;
import nary.posix.Poll;
import nary.posix.Posix;
import nary.id.WorkerId;
import nary.time.Clock;

/**
 * The imperative shell: one platform thread that turns what the kernel, the workers and the clients say into events, runs them through
 * {@link Supervisor#step}, and has the {@link Effects} performed. It owns the state.
 */
public final class Loop {
    private static final long LISTENER = 1L << 62;
    private static final Duration LONGEST_WAIT = Duration.ofHours(1);
    /** One look for all that end together, and not while a worker is being replaced. */
    private static final Duration REAP_PAUSE = Duration.ofMillis(100);

    private final Clock clock;
    private final Launch launch;
    private final Poll poll;
    private final Inbox inbox;
    private final Timers timers = new Timers();
    private final Queue<Event> events = new ArrayDeque<>();
    private final Map<RequestId, Consumer<Outcome>> replies = new HashMap<>();
    private final Consumer<Notice> notices;
    /** Where the app runs as naught: its events in place of nary's. */
    private final Optional<Ledger> ledger;

    private final Trees trees;
    private final Listeners listeners;
    private final Optional<Announcements> announcements;
    private final Effects effects;
    private final ServiceVoice voice;
    private final Housekeeping housekeeping;
    private final CompletableFuture<Integer> end = new CompletableFuture<>();
    private volatile State state = State.initial();
    private final AtomicBoolean reaping = new AtomicBoolean();
    private long requests;
    private boolean halted;

    private Loop(Posix posix, Clock clock, Launch launch, Capture capture, Consumer<Notice> notices) throws OsException {
        this.clock = clock;
        this.launch = launch;
        this.notices = notices;
        boolean isNaughts = launch.settings().policy().personality() == Personality.NAUGHT;
        this.ledger = isNaughts ? Optional.of(new Ledger()) : Optional.empty();
        this.poll = posix.newPoll();
        this.inbox = new Inbox(poll);
        this.trees = new Trees(posix);
        this.listeners = new Listeners(posix, launch.settings().backlog(), new Sink(), trees::of);
        this.voice = new ServiceVoice(posix, launch.manager(), this::trouble);
        this.housekeeping = new Housekeeping(posix.processes());
        Spawner spawner = Spawner.start(posix, launch.settings().takeover() == Settings.Takeover.AUTO);
        posix.processes().becomeSubreaper();
        this.announcements = openAnnouncements(posix.processes().uid() == 0);
        this.effects = new Effects(posix, launch.settings(), launch.confinement(), this, trees, listeners, spawner, capture, announcements, new Triggers(posix, launch, this, trees), new Sink());
    }

    /**
     * Starts the supervisor and boots the first generation.
     *
     * @param notices called on the supervisor's thread: must not block
     * @param started the answer to the start
     * @throws OsException with the remedy, if takeover is not possible here; nothing runs then
     */
    public static Loop start(Posix posix, Clock clock, Launch launch, Capture capture, Consumer<Notice> notices, Consumer<Outcome> started)
            throws OsException {
        Loop loop = new Loop(posix, clock, launch, capture, notices);
        loop.ask((state, request) -> new Event.StartRequested(request, launch.release(), launch.settings()), started);
        Thread.ofPlatform().name("supervisor").start(loop::run);
        return loop;
    }

    private Optional<Announcements> openAnnouncements(boolean isRoot) {
        try {
            return Optional.of(Announcements.open(Path.of(launch.files().ipc()), findPreload(isRoot), trees, this::trouble));
        } catch (IOException e) {
            trouble("workers cannot be told that they drain: " + e.getMessage());
            return Optional.empty();
        }
    }

    private Optional<NodePreload> findPreload(boolean isRoot) {
        if (launch.settings().nodePreload() == Settings.NodePreload.OFF) return Optional.empty();
        try {
            return Optional.of(NodePreload.find(isRoot, this::trouble));
        } catch (IOException e) {
            trouble("Node workers cannot be told that they drain: " + e.getMessage());
            return Optional.empty();
        }
    }

    /** The state after the latest event; may be read from any thread. */
    public State state() {
        return state;
    }

    public Clock clock() {
        return clock;
    }

    /** Whether the app is closed for maintenance. */
    public Closing closing() {
        return effects.closing();
    }

    public Listeners listeners() {
        return listeners;
    }

    public Trees trees() {
        return trees;
    }

    /** Addresses that workers bound and nary left alone. */
    public java.util.Set<String> unmanaged() {
        return effects.unmanaged();
    }

    /**
     * Asks the supervisor for something; the reply comes exactly once, on the supervisor's thread.
     *
     * @param question makes the event from the state as it is when its turn has come; an IllegalArgumentException becomes a failed outcome
     */
    public void ask(BiFunction<State, RequestId, Event> question, Consumer<Outcome> reply) {
        boolean taken = inbox.request(() -> {
            RequestId request = new RequestId(++requests);
            if (halted) {
                reply.accept(new Outcome.Refused("nary has shut down"));
                return;
            }
            try {
                Event event = question.apply(state, request);
                replies.put(request, reply);
                events.add(event);
            } catch (RuntimeException e) {
                String reason = e instanceof IllegalArgumentException ? String.valueOf(e.getMessage()) : "internal error: " + e;
                reply.accept(new Outcome.Failed(reason, Optional.empty()));
            }
        });
        if (!taken) reply.accept(new Outcome.Refused("nary is shutting down, or too many requests are waiting"));
    }

    /** Somebody asks for the status: under naught an event too, told before {@code told} is run. */
    public void noteStatusAsked(Runnable told) {
        boolean isTaken = ledger.isPresent() && inbox.request(() -> {
            tell(ledger.get().status());
            told.run();
        });
        if (!isTaken) told.run();
    }

    /** Around the reply to a deploy that a signal asked for: the service manager, if it sent the signal, waits to hear of it. */
    public Consumer<Outcome> reloading(Consumer<Outcome> reply) {
        int before = voice.reloads();
        return outcome -> {
            voice.reloadAnswered(before);
            reply.accept(outcome);
        };
    }

    /** Some child of ours changed: orphans may be waiting to be reaped. */
    public void childrenChanged() {
        if (!reaping.getAndSet(true)) Thread.ofVirtual().name("reap").start(this::reap);
    }

    private void reap() {
        try {
            Thread.sleep(REAP_PAUSE);
            reaping.set(false);
            trees.reapOrphans();
        } catch (UncheckedIOException blind) {
            // out of descriptors: the orphans wait as zombies for the next child's change
            trouble("reaping orphans: " + blind.getMessage());
        } catch (OsException e) {
            trouble("reaping orphans: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Blocks until every worker is gone. @return the exit code */
    public int awaitEnd() throws InterruptedException {
        try {
            return end.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("the supervisor failed: " + e.getCause() + "; " + leftRunning(), e.getCause());
        }
    }

    private String leftRunning() {
        List<String> pids = state.workers().stream().flatMap(row -> row.pid().stream()).map(Pid::toString).toList();
        return pids.isEmpty() ? "no worker was running" : "its workers are left alone, pids " + String.join(", ", pids);
    }

    // what follows runs on, or posts to, the supervisor's thread

    void post(Event event) {
        inbox.fact(() -> events.add(event));
    }

    void run(Runnable task) {
        inbox.fact(task);
    }

    void add(Event event) {
        events.add(event);
    }

    void arm(Timer timer, Duration after) {
        timers.arm(timer, clock.now().plus(after));
    }

    void cancel(Timer timer) {
        timers.cancel(timer);
    }

    void emit(Notice notice) {
        voice.heard(notice);
        housekeeping.heard(notice);
        if (ledger.isEmpty() || Ledger.isTrouble(notice)) tell(notice);
    }

    private void tell(Notice notice) {
        guard("telling " + notice, () -> notices.accept(notice));
    }

    /** What a listener of ours does wrong hurts nobody else. */
    private static void guard(String what, Runnable task) {
        try {
            task.run();
        } catch (RuntimeException e) {
            System.getLogger("nary.supervisor").log(System.Logger.Level.WARNING, what, e);
        }
    }

    void reply(RequestId request, Outcome outcome) {
        Consumer<Outcome> waiting = replies.remove(request);
        if (waiting != null) guard("replying " + outcome, () -> waiting.accept(outcome));
    }

    private void replyToAll(Outcome outcome) {
        List.copyOf(replies.keySet()).forEach(request -> reply(request, outcome));
    }

    void halt(int exitCode) {
        halted = true;
        replyToAll(new Outcome.Refused("nary has shut down"));
        listeners.closeAll();
        announcements.ifPresent(Announcements::close);
        end.complete(exitCode);
    }

    void trouble(String text) {
        run(() -> emit(new Notice("Trouble", Optional.empty(), text)));
    }

    void watch(Fd fd, long token) throws OsException {
        poll.watch(fd, token);
    }

    void unwatch(Fd fd) throws OsException {
        poll.forget(fd);
    }

    private void run() {
        try (poll) {
            while (!halted) turn();
        } catch (Throwable e) {
            replyToAll(new Outcome.Failed("the supervisor failed: " + e, Optional.empty()));
            end.completeExceptionally(e);
        } finally {
            halted = true;
            effects.close();
            announcements.ifPresent(Announcements::close);
            inbox.close().forEach(task -> guard("a last task", task));
        }
    }

    private void turn() throws OsException {
        Duration wait = voice.longest(timers.next(clock.now()).orElse(LONGEST_WAIT), clock.now());
        for (Poll.Ready ready : poll.await(wait)) dispatch(ready);
        inbox.takeAll().forEach(Runnable::run);
        Instant now = clock.now();
        timers.fired(now).forEach(timer -> events.add(new Event.TimerFired(timer)));
        for (Event event; !halted && (event = events.poll()) != null; ) step(event);
        voice.turn(clock.now());
    }

    private void dispatch(Poll.Ready ready) throws OsException {
        if ((ready.token() & LISTENER) != 0) listeners.hungUp(ready.token() & ~LISTENER);
        else effects.ready(ready.token());
    }

    private void step(Event event) {
        Step step;
        try {
            step = Supervisor.step(state, event, clock.now());
        } catch (RuntimeException e) {
            dropped(event, e);
            return;
        }
        State before = state;
        state = step.state();
        ledger.ifPresent(it -> it.after(before, event, state).forEach(this::tell));
        step.effects().forEach(this::perform);
        effects.look(state);
        voice.look(state);
    }

    /** A mistake of ours: better to go on with what is known than to leave the workers alone. */
    private void dropped(Event event, RuntimeException e) {
        System.getLogger("nary.supervisor").log(System.Logger.Level.ERROR, "dropped " + event, e);
        emit(new Notice("Trouble", Optional.empty(), "internal error, dropped " + event + ": " + e));
        Requests.requestOf(event).ifPresent(request -> reply(request, new Outcome.Failed("internal error: " + e, Optional.empty())));
    }

    private void perform(Effect effect) {
        try {
            effects.perform(effect);
        } catch (OsException e) {
            events.add(new Event.EffectFailed(effect, e.getMessage()));
        } catch (RuntimeException e) {
            events.add(new Event.EffectFailed(effect, e.toString()));
        }
    }

    /** What the takeover responder and the listeners tell us, from their threads. */
    private final class Sink implements ListenSink {
        @Override
        public void listening(WorkerId worker, Address address) {
            post(new Event.WorkerListening(worker, address));
        }

        @Override
        public void refused(WorkerId worker, String reason) {
            post(new Event.BindRefused(worker, reason));
        }

        @Override
        public void watch(Fd listener, long cookie) {
            try {
                poll.watchHangup(listener, cookie | LISTENER);
            } catch (OsException e) {
                trouble("watching a listener: " + e.getMessage());
            }
        }

        @Override
        public boolean leavesQueue(WorkerId worker) {
            return state.app().flatMap(app -> app.worker(worker)).filter(it -> it.isAlive() && !it.isHung()).isEmpty();
        }

        @Override
        public void trouble(String text) {
            Loop.this.trouble(text);
        }

        @Override
        public void unwatch(Fd listener) {
            try {
                poll.forget(listener);
            } catch (OsException e) {
                if (e.errno() != nary.posix.Errno.ENOENT && e.errno() != nary.posix.Errno.EBADF) trouble("unwatching a listener: " + e.getMessage());
            }
        }
    }
}
