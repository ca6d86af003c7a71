package nary.supervisor;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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

/** Starts one worker: its environment, its output pipes, its Node IPC channel, its handed-over sockets. Runs on the spawner's thread. */
final class WorkerStart {
    private static final int FIRST_LISTEN_FD = 3;

    private final Posix posix;
    private final Settings settings;
    private final Listeners listeners;
    private final Capture capture;
    private final Trees trees;
    private final Optional<Announcements> announcements;

    WorkerStart(Posix posix, Settings settings, Listeners listeners, Capture capture, Trees trees, Optional<Announcements> announcements) {
        this.posix = posix;
        this.settings = settings;
        this.listeners = listeners;
        this.capture = capture;
        this.trees = trees;
        this.announcements = announcements;
    }

    /** @param channel our end of the Node IPC channel, non-blocking; only where readiness is {@code online} */
    record Started(Child child, Optional<Fd> channel) {}

    Started start(WorkerId worker, Release release) throws OsException {
        List<Fd> theirs = new ArrayList<>();
        Optional<Fd> channel = Optional.empty();
        boolean started = false;
        try {
            Map<Integer, Fd> descriptors = new HashMap<>();
            descriptors.put(1, kept(theirs, capture.open(worker, Capture.Stream.OUT)));
            descriptors.put(2, kept(theirs, capture.open(worker, Capture.Stream.ERR)));
            int next = FIRST_LISTEN_FD;
            for (Address address : settings.listen()) descriptors.put(next++, listeners.preopen(worker, address));
            Map<String, String> environment = environment(worker, release);
            if (settings.readiness() instanceof Readiness.Online) {
                Pair pair = posix.sockets().pair();
                channel = Optional.of(pair.ours());
                descriptors.put(next, kept(theirs, pair.theirs()));
                environment.put("NODE_CHANNEL_FD", Integer.toString(next));
                environment.put("NODE_CHANNEL_SERIALIZATION_MODE", "json");
            }
            announcements.ifPresent(it -> it.addTo(environment, release.command()));
            Child child = posix.processes().spawn(program(release, environment, descriptors));
            if (!settings.listen().isEmpty()) listeners.handedOver(worker);
            started = true;
            return new Started(child, channel);
        } finally {
            theirs.forEach(posix.sockets()::close);
            if (!started) listeners.free(worker);
            if (!started) channel.ifPresent(posix.sockets()::close);
        }
    }

    private static Fd kept(List<Fd> list, Fd fd) {
        list.add(fd);
        return fd;
    }

    private Program program(Release release, Map<String, String> environment, Map<Integer, Fd> descriptors) throws OsException {
        String path = Executables.find(release);
        List<String> arguments = release.command();
        if (!settings.listen().isEmpty()) {
            // LISTEN_PID must be the worker's own pid, which nobody knows before it runs: sd_listen_fds(3)
            arguments = new ArrayList<>(List.of("sh", "-c", "LISTEN_PID=$$; export LISTEN_PID; exec \"$@\"", "sh", path));
            arguments.addAll(release.command().subList(1, release.command().size()));
            path = "/bin/sh";
        }
        return new Program(path, arguments, environment, release.physical(), descriptors, Isolation.GROUP);
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
