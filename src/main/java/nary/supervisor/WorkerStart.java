package nary.supervisor;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import nary.config.Confinement;
import nary.config.Personality;
import nary.config.Readiness;
import nary.config.Release;
import nary.config.Settings;
import nary.id.WorkerId;
import nary.listen.Listeners;
import nary.log.Capture;
import nary.posix.Address;
import nary.posix.Fd;
import nary.posix.OsException;
import nary.posix.Posix;
import nary.posix.Processes.Child;
import nary.posix.Processes.Isolation;
import nary.posix.Processes.Program;
import nary.posix.Sockets.Pair;
import nary.worker.NotifySocket;
import nary.worker.Trampoline;

/** Starts one worker: its environment, its output pipes, its Node IPC channel, its handed-over sockets. {@link #start} runs on the spawner's thread. */
final class WorkerStart {
    private static final int FIRST_LISTEN_FD = 3;

    private final Posix posix;
    private final Settings settings;
    private final Confinement confinement;
    private final Listeners listeners;
    private final Capture capture;
    private final Trees trees;
    private final Optional<Announcements> announcements;

    WorkerStart(
            Posix posix,
            Settings settings,
            Confinement confinement,
            Listeners listeners,
            Capture capture,
            Trees trees,
            Optional<Announcements> announcements) {
        this.posix = posix;
        this.settings = settings;
        this.confinement = confinement;
        this.listeners = listeners;
        this.capture = capture;
        this.trees = trees;
        this.announcements = announcements;
    }

    /** @param channel our end of the Node IPC channel, non-blocking; only where readiness is {@code online} */
    record Started(Child child, Optional<Fd> channel, Optional<NotifySocket> mailbox) {}

    /** @param sockets that the worker is to get, borrowed; @param mailbox where it may say how it is, ours */
    record Opened(List<Fd> sockets, Optional<NotifySocket> mailbox) {}

    /** Not on the spawner's thread: its own bind and listen would wait for the takeover. */
    Opened open(WorkerId worker, Release release) throws IOException {
        List<Fd> sockets = new ArrayList<>();
        boolean isDone = false;
        try {
            for (Address address : settings.listen()) sockets.add(listeners.preopen(worker, address));
            Opened opened = new Opened(sockets, openNotify(of(release)));
            isDone = true;
            return opened;
        } finally {
            if (!isDone) listeners.free(worker);
        }
    }

    private Settings of(Release release) {
        return release.settings().orElse(settings);
    }

    private Optional<NotifySocket> openNotify(Settings its) throws IOException {
        Optional<NotifySocket> mailbox = announcements.flatMap(it -> it.openMailbox(posix.sockets()));
        if (mailbox.isEmpty() && its.readiness() instanceof Readiness.Notify) throw new IOException("it could not say READY=1: there is no notify socket");
        return mailbox;
    }

    Started start(WorkerId worker, Release release, Opened opened) throws OsException {
        List<Fd> sockets = opened.sockets();
        List<Fd> theirs = new ArrayList<>();
        Optional<Fd> channel = Optional.empty();
        boolean started = false;
        try {
            Map<Integer, Fd> descriptors = new HashMap<>();
            descriptors.put(1, output(theirs, worker, Capture.Stream.OUT));
            descriptors.put(2, output(theirs, worker, Capture.Stream.ERR));
            int next = FIRST_LISTEN_FD;
            for (Fd socket : sockets) descriptors.put(next++, socket);
            Map<String, String> environment = environment(worker, release);
            if (of(release).readiness() instanceof Readiness.Online) {
                Pair pair = posix.sockets().pair();
                channel = Optional.of(pair.ours());
                descriptors.put(next, kept(theirs, pair.theirs()));
                environment.put("NODE_CHANNEL_FD", Integer.toString(next));
                environment.put("NODE_CHANNEL_SERIALIZATION_MODE", "json");
            }
            announcements.ifPresent(it -> it.addTo(environment, release.command()));
            opened.mailbox().ifPresent(it -> addTo(environment, it, of(release)));
            if (settings.policy().personality() == Personality.NAUGHT) environment.replace("NARY_CHANNEL", "naught");
            Child child = posix.processes().spawn(program(release, environment, descriptors));
            capture.spawned(worker, Optional.of(child.pid()));
            if (!settings.listen().isEmpty()) listeners.handedOver(worker);
            started = true;
            return new Started(child, channel, opened.mailbox());
        } finally {
            theirs.forEach(posix.sockets()::close);
            if (!started) listeners.free(worker);
            if (!started) capture.spawned(worker, Optional.empty());
            if (!started) channel.ifPresent(posix.sockets()::close);
            if (!started && opened.mailbox().isPresent()) close(opened.mailbox().get());
        }
    }

    /** Without WATCHDOG_PID: what we spawn may be a shell, or another's wrapper. */
    private static void addTo(Map<String, String> environment, NotifySocket notify, Settings its) {
        environment.put("NOTIFY_SOCKET", notify.path().toString());
        its.policy().watchdog().ifPresent(it -> environment.put("WATCHDOG_USEC", Long.toString(it.toNanos() / 1000)));
    }

    private static void close(NotifySocket notify) {
        try {
            notify.close();
        } catch (IOException e) {
            System.getLogger("nary.supervisor").log(System.Logger.Level.WARNING, "removing " + notify.path(), e);
        }
    }

    /** Its own, so that it may open /dev/stdout again. */
    private Fd output(List<Fd> theirs, WorkerId worker, Capture.Stream stream) throws OsException {
        Fd pipe = kept(theirs, capture.open(worker, stream));
        if (confinement.identity().isPresent())
            posix.sockets().own(pipe, confinement.identity().get().uid(), confinement.identity().get().gid());
        return pipe;
    }

    private static Fd kept(List<Fd> list, Fd fd) {
        list.add(fd);
        return fd;
    }

    private Program program(Release release, Map<String, String> environment, Map<Integer, Fd> descriptors) throws OsException {
        String path = Executables.find(release);
        List<String> found = new ArrayList<>(release.command());
        found.set(0, path);
        List<String> words = Trampoline.before(found, confinement, !settings.listen().isEmpty());
        boolean isDirect = words.equals(found);
        List<String> arguments = isDirect ? release.command() : words;
        return new Program(words.getFirst(), arguments, environment, release.physical(), descriptors, Isolation.GROUP);
    }

    private Map<String, String> environment(WorkerId worker, Release release) {
        Map<String, String> environment = new HashMap<>(release.environment());
        String slot = Integer.toString(worker.slot());
        environment.put("NARY_WORKER", slot);
        environment.put("NAUGHT_WORKER", slot);
        environment.put("NARY_GENERATION", Integer.toString(worker.generation()));
        environment.put(Trees.TOKEN, trees.token(worker));
        environment.put("PWD", release.physical());
        if (!settings.listen().isEmpty()) environment.put("LISTEN_FDS", Integer.toString(settings.listen().size()));
        return environment;
    }
}
