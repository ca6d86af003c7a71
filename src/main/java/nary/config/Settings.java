package nary.config;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import nary.posix.Address;

/**
 * How an app is run; the options of {@code nary start} that concern workers.
 *
 * @param workerCount 1..1000
 * @param bootTimeout within which a worker must be ready; empty: whenever it is
 * @param settle how long the old workers wait after cutover with their weight at 0
 * @param idleGrace a connection quiet this long, whose last word was the server's, is idle; empty: never
 * @param stopTimeout from the stop signal to SIGKILL of the whole tree; empty: never
 * @param backlog the shortest accept queue a listener gets
 * @param ports ports to manage; empty: all TCP
 * @param listen addresses opened by nary and passed as LISTEN_FDS
 * @param policy what the supervisor does with the workers
 */
public record Settings(
        int workerCount,
        Readiness readiness,
        Optional<Duration> bootTimeout,
        Duration settle,
        Duration drainTimeout,
        Optional<Duration> idleGrace,
        Optional<Duration> stopTimeout,
        int stopSignal,
        int backlog,
        List<Integer> ports,
        List<Address> listen,
        Takeover takeover,
        NodePreload nodePreload,
        Policy policy) {

    public enum Takeover {
        AUTO,
        OFF
    }

    /** Whether Node processes load the script that closes kept connections while they drain. */
    public enum NodePreload {
        AUTO,
        OFF
    }

    public static Settings defaults() {
        return new Settings(
                1,
                new Readiness.Listen(),
                Optional.of(Duration.ofSeconds(60)),
                Duration.ofMillis(500),
                Duration.ofSeconds(30),
                Optional.of(Duration.ofSeconds(5)),
                Optional.of(Duration.ofSeconds(30)),
                15,
                4096,
                List.of(),
                List.of(),
                Takeover.AUTO,
                NodePreload.AUTO,
                Policy.DEFAULT);
    }

    public Settings withWorkerCount(int count) {
        return new Settings(
                count,
                readiness,
                bootTimeout,
                settle,
                drainTimeout,
                idleGrace,
                stopTimeout,
                stopSignal,
                backlog,
                ports,
                listen,
                takeover,
                nodePreload,
                policy);
    }
}
