package nary.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import nary.demo.load.Load;
import nary.demo.load.Plan;
import nary.demo.load.Recording;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The promise: deploys under load, nothing refused, reset or lost. */
@Tag("it")
class ZeroDropTest {
    private static final int LEAST_DEPLOYS = 5;
    private static final int MOST_DEPLOYS = 100;
    private static final int CONNECTIONS = 1000;

    @RegisterExtension
    final Site site = new Site();

    @ParameterizedTest(name = "{0}: no request of ab -c 1000 fails in five and more deploys")
    @EnumSource(Server.class)
    void deploysUnderNewConnectionsDropNothing(Server server) throws Exception {
        site.start(server, 2);
        Deploys deploys = new Deploys(site);
        try (Load load = Load.start(Plan.of(site.port()).withClients(8, 0).withPause(Duration.ofMillis(10)))) {
            List<ApacheBench.Result> results = deployUnder(deploys, server, false);
            Recording seen = load.stop();
            assertThat(results).allSatisfy(result -> assertThat(result.isClean()).as("%s", result).isTrue());
            assertThat(seen.failures()).isEmpty();
            deploys.assertOnlyServingVersionsAnswered(seen);
            System.out.println(server + " surge: " + deploys.count() + " deploys; " + results + "; slowest of ours " + seen.slowest().toMillis() + " ms");
        }
        deploys.assertHappened();
    }

    /** What a server loses when it is told to stop while a kept connection is busy is its own; here it is measured. */
    @ParameterizedTest(name = "{0}: deploys under ab -k -c 1000 are done, and their losses are counted")
    @MethodSource("keptConnectionServers")
    void deploysUnderKeptConnectionsAreDone(Server server) throws Exception {
        site.start(server, 2, "--drain-timeout", "1");
        Deploys deploys = new Deploys(site);
        List<ApacheBench.Result> results = deployUnder(deploys, server, true);
        System.out.println(server + " surge -k: " + deploys.count() + " deploys; " + summary(results));
        if (server == Server.GO) assertThat(results).allSatisfy(result -> assertThat(result.isClean()).as("%s", result).isTrue());
        deploys.assertHappened();
    }

    /** All in the whole matrix; else Go, which promises to lose nothing, and one chosen by the seed. */
    static List<Server> keptConnectionServers() {
        if (Distribution.isFull()) return List.of(Server.values());
        List<Server> others = Stream.of(Server.values()).filter(server -> server != Server.GO).toList();
        return List.of(Server.GO, others.get((int) (Distribution.seed() % others.size())));
    }

    private List<ApacheBench.Result> deployUnder(Deploys deploys, Server server, boolean keepAlive) throws Exception {
        int requests = keepAlive ? 2 * server.requests() : server.requests();
        List<ApacheBench.Result> results = new ArrayList<>();
        int loaded = 0;
        while (loaded < LEAST_DEPLOYS && deploys.count() < MOST_DEPLOYS) {
            try (ApacheBench ab = ApacheBench.start(site.port(), requests, CONNECTIONS, keepAlive)) {
                while (ab.isRunning() && deploys.count() < MOST_DEPLOYS) {
                    deploys.next();
                    if (ab.isRunning()) loaded++;
                }
                results.add(ab.await());
            }
        }
        assertThat(loaded).as("deploys done while ab ran").isGreaterThanOrEqualTo(LEAST_DEPLOYS);
        return results;
    }

    private static String summary(List<ApacheBench.Result> results) {
        int asked = results.stream().mapToInt(ApacheBench.Result::asked).sum();
        int lost = results.stream().mapToInt(ApacheBench.Result::wrongLength).sum();
        long aborted = results.stream().filter(ApacheBench.Result::isAborted).count();
        return lost + " of " + asked + " lost, " + aborted + " of " + results.size() + " runs aborted";
    }
}
