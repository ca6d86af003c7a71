package nary.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.FutureTask;
import java.util.stream.Stream;
import nary.config.Strategy;
import nary.demo.load.Load;
import nary.demo.load.Outcome;
import nary.demo.load.Plan;
import nary.demo.load.Recording;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The promise: deploys under load, nothing refused, reset or lost. */
@Tag("it")
class ZeroDropTest {
    private static final int LEAST_DEPLOYS = 5;
    /** Each lasts as long as a whole run of ab, or as the server's own wait for its connections. */
    private static final int LONG_DRAINS = Distribution.isFull() ? 5 : 3;

    private static final int MOST_DEPLOYS = 100;
    private static final int CONNECTIONS = 1000;
    private static final int OUR_CLIENTS = 8;
    /** A deploy under full load takes each of them long. */
    private static final List<Server> SLOW = List.of(Server.NETTY, Server.PYTHON, Server.JDK17);

    @RegisterExtension
    final Site site = new Site();

    @ParameterizedTest(name = "{0}, {1}: no request of ab -c 1000 fails in five and more deploys")
    @MethodSource("serversAndStrategies")
    void deploysUnderNewConnectionsDropNothing(Server server, Strategy strategy) throws Exception {
        site.start(server, 2, "--strategy", strategy.text());
        Deploys deploys = new Deploys(site);
        try (Load load = Load.start(Plan.of(site.port()).withClients(OUR_CLIENTS, 0).withPause(Duration.ofMillis(10)))) {
            List<ApacheBench.Result> results = deployUnder(deploys, server, pause(load, server, strategy));
            Recording seen = load.stop();
            assertThat(results).allSatisfy(result -> assertThat(result.isClean()).as("%s", result).isTrue());
            assertThat(seen.failures()).isEmpty();
            deploys.assertOnlyServingVersionsAnswered(seen);
            System.out.println(server + " " + strategy.text() + ": " + deploys.count() + " deploys; " + results + "; slowest of ours " + seen.slowest().toMillis() + " ms");
        }
        deploys.assertHappened();
    }

    /**
     * A kept connection stays with the worker that accepted it: the drain waits for its end, however busy it is. Required of those that
     * keep their side of it; the JDK's server, deployed or not, closes kept connections beyond 200 idle ones while requests are on their way.
     */
    @ParameterizedTest(name = "{0}, {1}: deploys under ab -k -c 1000 fail no request where the drain may outlast the load")
    @MethodSource("keptConnectionServersAndStrategies")
    void drainsThatOutlastKeptConnectionsDropNothing(Server server, Strategy strategy) throws Exception {
        site.start(server, 2, "--drain-timeout", "60", "--strategy", strategy.text());
        Deploys deploys = new Deploys(site);
        List<ApacheBench.Result> results = new ArrayList<>();
        while (deploys.count() < LONG_DRAINS) {
            try (ApacheBench ab = ApacheBench.start(site.port(), server.requests(), CONNECTIONS, true)) {
                Until.holds("ab has connected", Duration.ofSeconds(20), () -> connections() > CONNECTIONS / 2);
                assertThat(ab.isRunning()).isTrue();
                deploys.next();
                results.add(ab.await());
            }
        }
        System.out.println(server + " " + strategy.text() + " -k, long drain: " + deploys.count() + " deploys; " + results);
        if (server != Server.JDK17) assertThat(results).allSatisfy(result -> assertThat(result.isClean()).as("%s", result).isTrue());
        deploys.assertHappened();
    }

    /**
     * At the drain timeout the server is told to stop while its connections are busy; what it then does with them is its own. A close before
     * any byte of the answer is the only loss that HTTP lets a server cause. It is required of Go, and counted for the others. A Node server, which nary has answer {@code Connection: close}, loses nothing.
     */
    @ParameterizedTest(name = "{0}: deploys that stop a server with busy kept connections are done, and the losses counted")
    @MethodSource("keptConnectionServers")
    void deploysUnderBusyKeptConnectionsAreDone(Server server) throws Exception {
        site.start(server, 2, "--drain-timeout", "1");
        Deploys deploys = new Deploys(site);
        Plan plan = Plan.of(site.port()).withClients(0, 200).withPause(Duration.ofMillis(20));
        try (Load load = Load.start(plan)) {
            while (deploys.count() < LONG_DRAINS) deploys.next();
            Recording seen = load.stop();
            System.out.println(server + " surge, busy kept connections, drain cut at 1 s: " + deploys.count() + " deploys; " + seen.byOutcome());
            if (server == Server.GO || server == Server.NODE) assertThat(seen.failures()).isEmpty();
            if (server == Server.NODE) assertThat(seen.count(Outcome.CLOSED_WHILE_IDLE)).isZero();
            deploys.assertOnlyServingVersionsAnswered(seen);
        }
        deploys.assertHappened();
    }

    /** All of both in the whole matrix; else the seed chooses: Go or Node and one that boots slowly with the default, Node or Go with another. */
    static List<Arguments> serversAndStrategies() {
        return matrix(List.of(Server.values()));
    }

    /** The default strategy, and in the whole matrix all of them. */
    static List<Arguments> keptConnectionServersAndStrategies() {
        if (Distribution.isFull()) return matrix(keptConnectionServers());
        return keptConnectionServers().stream().map(server -> Arguments.of(server, Strategy.SURGE)).toList();
    }

    private static List<Arguments> matrix(List<Server> servers) {
        List<Arguments> cases = new ArrayList<>();
        if (Distribution.isFull()) {
            for (Strategy strategy : Strategy.values()) servers.forEach(server -> cases.add(Arguments.of(server, strategy)));
            return cases;
        }
        long seed = Distribution.seed();
        Server slow = SLOW.get((int) (seed % SLOW.size()));
        List<Strategy> others = Stream.of(Strategy.values()).filter(it -> it != Strategy.SURGE).toList();
        cases.add(Arguments.of(seed % 2 == 0 ? Server.NODE : Server.GO, Strategy.SURGE));
        cases.add(Arguments.of(slow, Strategy.SURGE));
        cases.add(Arguments.of(seed % 2 == 0 ? Server.GO : Server.NODE, others.get((int) (seed / 2 % others.size()))));
        return cases;
    }

    /** All in the whole matrix; else one chosen by the seed. */
    static List<Server> keptConnectionServers() {
        Server[] all = Server.values();
        return Distribution.isFull() ? List.of(all) : List.of(all[(int) (Distribution.seed() % all.length)]);
    }

    /** What lies between two deploys of one ab. */
    private interface Pause {
        void pass() throws Exception;
    }

    /**
     * Netty cannot take a queue over: while it is replaced new connections wait in their clients' SYN retries, and a client's kernel gives up
     * after ten of them. So no deploy begins before the last version has answered; elsewhere they follow one another without a pause.
     */
    private static Pause pause(Load load, Server server, Strategy strategy) {
        if (server != Server.NETTY || strategy != Strategy.REPLACE) return () -> {};
        return () -> {
            long before = load.asked();
            Until.holds("the version answers", Duration.ofSeconds(60), () -> load.asked() > before + OUR_CLIENTS);
        };
    }

    /** The first ab asks all, each that follows half as much, until enough deploys are done: one may outlast several. */
    private List<ApacheBench.Result> deployUnder(Deploys deploys, Server server, Pause pause) throws Exception {
        List<ApacheBench.Result> results = new CopyOnWriteArrayList<>();
        FutureTask<Void> deploying = new FutureTask<>(() -> {
            do {
                deploys.next();
                pause.pass();
            } while (deploys.count() < LEAST_DEPLOYS || results.isEmpty() && deploys.count() < MOST_DEPLOYS);
            return null;
        });
        Thread deployer = Thread.ofVirtual().unstarted(deploying);
        try {
            while (!deploying.isDone()) {
                int requests = results.isEmpty() ? server.requests() : server.requests() / 2;
                try (ApacheBench ab = ApacheBench.start(site.port(), requests, CONNECTIONS, false)) {
                    if (results.isEmpty()) deployer.start();
                    results.add(ab.await());
                }
            }
        } finally {
            deployer.interrupt();
        }
        deploying.get();
        return results;
    }

    private int connections() throws Exception {
        return site.status().workers().stream().mapToInt(StatusView.Row::connections).sum();
    }
}
