package nary.control;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * All that {@code nary status} shows.
 *
 * @param addresses those managed; {@code ip:port}
 * @param unmanaged what the app bound and nary left alone, each with its reason
 */
public record Status(App app, Optional<Deploy> deploy, List<Worker> workers, List<String> addresses, List<String> unmanaged) {
    public Status {
        workers = List.copyOf(workers);
        addresses = List.copyOf(addresses);
        unmanaged = List.copyOf(unmanaged);
    }

    /**
     * @param name in its file; empty: it has none
     * @param directory logical path
     * @param ready the readiness in use, as {@code --ready} spells it
     * @param state {@code booting}, {@code online}, {@code deploying}, {@code stopping}
     * @param pid the supervisor's
     * @param closed why nary itself answers new connections; empty: the workers do
     */
    public record App(
            String name, List<String> command, String directory, int generation, String strategy, String ready, Duration uptime, String state, int pid, String closed) {
        public App {
            command = List.copyOf(command);
        }
    }

    /** A deploy in progress. */
    public record Deploy(String by, Duration since, String phase) {}

    /**
     * One worker process group, or a slot that waits for its next try.
     *
     * @param pid 0 while no process lives
     * @param state in lower case, e.g. {@code serving}
     * @param restarts of this slot in this generation
     * @param connections of its process tree
     * @param queue connections waiting to be accepted, of at most {@code queueLimit}
     * @param residentBytes of the leader
     * @param nextTry until the next spawn of a slot that crashed too often
     * @param trouble why it gets no new connections while others can: {@code stalled}, {@code hung}, {@code offline}; else empty
     * @param says its own words on how it is; empty if it has none
     */
    public record Worker(
            int slot,
            int generation,
            int pid,
            String state,
            Duration uptime,
            int restarts,
            int connections,
            int queue,
            int queueLimit,
            long residentBytes,
            List<String> addresses,
            Optional<Duration> nextTry,
            String trouble,
            String says) {
        public Worker {
            addresses = List.copyOf(addresses);
        }
    }
}
