package nary.chaos;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.Set;
import java.util.TreeSet;
import nary.control.Client;
import nary.control.NoDaemon;
import nary.control.Status;

/** One daemon as it can be seen from outside. */
final class Scene {
    private static final Duration CALM_LIMIT = Duration.ofSeconds(45);
    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(10);

    private final Ground ground;
    private final Path folder;
    private final Path ipc;

    Scene(Ground ground, Path folder) {
        this.ground = ground;
        this.folder = folder;
        this.ipc = folder.resolve("nary.ipc");
    }

    /** @param workers of each generation that serves */
    record Calm(long daemon, int generation, Map<Integer, Integer> workers) {}

    Path ipc() {
        return ipc;
    }

    Path log() {
        return folder.resolve("nary.log");
    }

    Command nary(List<String> words) throws IOException {
        return ground.nary(folder, words);
    }

    /** Waits until nothing is under way: each slot serves, and besides the daemon and its workers nothing lives. Empty: it did not come to that. */
    Optional<Calm> calm() throws IOException, InterruptedException, NoDaemon {
        long deadline = System.nanoTime() + CALM_LIMIT.toNanos();
        while (System.nanoTime() - deadline < 0) {
            Status status = status();
            if (isCalm(status)) return Optional.of(calm(status));
            Thread.sleep(25);
        }
        return Optional.empty();
    }

    Status status() throws IOException, NoDaemon {
        try (Client client = Client.connect(ipc)) {
            return client.status(ANSWER_LIMIT);
        }
    }

    private boolean isCalm(Status status) throws IOException {
        Set<Long> expected = new TreeSet<>(Set.of((long) status.app().pid()));
        status.workers().forEach(it -> expected.add((long) it.pid()));
        return status.app().state().equals("online")
                && status.deploy().isEmpty()
                && status.workers().stream().allMatch(it -> it.state().equals("serving"))
                && ground.processes().equals(expected);
    }

    private static Calm calm(Status status) {
        Map<Integer, Integer> workers = new TreeMap<>();
        status.workers().forEach(it -> workers.merge(it.generation(), 1, Integer::sum));
        return new Calm(status.app().pid(), status.app().generation(), workers);
    }

    /** What the daemon holds, as soon as that is no more than before, or at last. */
    Held heldAfter(long daemon, Held before) throws IOException, InterruptedException {
        Held now = Held.by(daemon);
        for (int i = 0; i < 100 && !now.isNoMoreThan(before); i++) {
            Thread.sleep(100);
            now = Held.by(daemon);
        }
        return now;
    }

    /** Files of a daemon that must be gone with it. */
    List<String> leftFiles() {
        return List.of("nary.ipc", "nary.ipc.lock", "nary.ipc.drain", "nary.pid").stream().filter(name -> Files.exists(folder.resolve(name))).toList();
    }
}
