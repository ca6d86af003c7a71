package nary.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import nary.demo.load.Load;
import nary.demo.load.Outcome;
import nary.demo.load.Plan;
import nary.demo.load.Recording;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Servers under {@code ab -k} whose drain is cut by the timeout: with the setting that docs/servers.md names they lose nothing. */
@Tag("it")
class KeptServersTest {
    private static final int CONNECTIONS = 100;
    private static final int DEPLOYS = Distribution.isFull() ? 3 : 1;

    @RegisterExtension
    final Site site = new Site();

    /** As they come, too, in the whole matrix: that is the table of docs/servers.md. */
    static Stream<KeptServer> servers() {
        if (Distribution.isFull()) return Stream.of(KeptServer.values());
        // one of those that are to lose nothing, another with each seed
        List<KeptServer> clean = Stream.of(KeptServer.values()).filter(KeptServer::isClean).toList();
        return Stream.of(clean.get((int) (Distribution.seed() % clean.size())));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("servers")
    void keptConnectionsSurviveDeploys(KeptServer server) throws Exception {
        start(server);
        List<ApacheBench.Result> results = new ArrayList<>();
        for (int deploys = 0; deploys < DEPLOYS; deploys++)
            results.addAll(ApacheBench.during("http://127.0.0.1:" + site.port() + "/", server.requests(), CONNECTIONS, this::deploy));
        int lost = results.stream().mapToInt(ApacheBench.Result::wrongLength).sum();
        int asked = results.stream().mapToInt(ApacheBench.Result::asked).sum();
        System.out.println(server + ": " + DEPLOYS + " deploys, " + asked + " requests, " + lost + " lost; " + results);
        if (server.isClean()) assertThat(results).allSatisfy(result -> assertThat(result.isClean()).as("%s", result).isTrue());
    }

    /** It says "close" but leaves the closing to the client. ab, which speaks HTTP/1.0, waits for the server to do it; HTTP/1.1 clients do not. */
    @Test
    @DisplayName("clients that heed 'Connection: close' lose nothing of the JDK's server")
    void theJdkServerLeavesTheClosingToTheClient() throws Exception {
        start(KeptServer.JDK_TOLD);
        try (Load load = Load.start(Plan.of(site.port()).withClients(0, 100).withPause(Duration.ofMillis(20)))) {
            for (int deploys = 0; deploys < DEPLOYS; deploys++) assertThat(site.deploy().exit()).isZero();
            Recording seen = load.stop();
            System.out.println("JDK_TOLD, HTTP/1.1 clients: " + DEPLOYS + " deploys; " + seen.byOutcome());
            assertThat(seen.ok()).isPositive();
            assertThat(seen.only(it -> it.outcome() != Outcome.OK).attempts()).isEmpty();
        }
    }

    private void start(KeptServer server) throws Exception {
        List<String> words = new ArrayList<>(List.of("start", "--worker-count", "2", "--settle", "0.1", "--drain-timeout", "3", "--stop-timeout", "10"));
        words.addAll(List.of("--stop-signal", server.stopSignal(), "--env", "VERSION=v000"));
        for (String variable : server.environment()) words.addAll(List.of("--env", variable));
        words.add("--");
        words.addAll(server.command(Distribution.get(), site));
        Ran ran = site.nary(words.toArray(String[]::new));
        assertThat(ran.exit()).as("%s", ran).isZero();
    }

    private Void deploy() throws Exception {
        Until.holds("ab has connected", Duration.ofSeconds(20), () -> connections() > CONNECTIONS / 2);
        Ran ran = site.deploy();
        assertThat(ran.exit()).as("%s", ran).isZero();
        return null;
    }

    /** Those that wait, too: a server with one thread has accepted one. */
    private int connections() throws Exception {
        return site.status().workers().stream().mapToInt(it -> it.connections() + it.queue()).sum();
    }
}
