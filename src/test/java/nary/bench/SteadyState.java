package nary.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import nary.bench.load.Ab;
import nary.bench.load.Load;
import nary.bench.load.Tally;
import nary.bench.load.Wrk;
import nary.bench.peer.Service;
import nary.bench.result.Goal;
import nary.bench.result.Grid.Pair;
import nary.bench.result.Results;

/**
 * Throughput and latency while nothing happens: a worker under nary against the same server bare, and two workers under nary against two
 * under each peer. All of a group run at a time and are measured in turns.
 */
final class SteadyState implements Benchmark {
    private static final int KEPT = 64;
    private static final int FRESH = 1000;
    private static final double SHARE = 0.5;
    private static final long WARM_UP_MILLIS = 500;
    private static final String THROUGHPUT = "requests/s kept";
    private static final String CONNECTIONS = "requests/s new";
    private static final String P99 = "p99 ms kept";
    private static final String P99_NEW = "p99 ms new";

    @Override
    public void run(Stage stage) throws Exception {
        Results results = stage.results();
        List<Pair> bare = new ArrayList<>();
        for (var app : List.of(stage.node(), stage.jdk(), stage.go())) {
            try (Cast cast = new Cast()) {
                cast.add("bare " + app.name(), stage.bare(app));
                cast.add("nary " + app.name(), stage.nary(app, 1));
                measure(stage, "one worker", cast, true, stage.options().rounds());
            }
            bare.add(new Pair("nary " + app.name(), "bare " + app.name()));
        }
        results.show("one worker", bare);
        bare.forEach(pair -> goals(results, pair));
        twoWorkers(stage);
    }

    private void twoWorkers(Stage stage) throws Exception {
        String result = "two workers";
        boolean isQuick = stage.options().isQuick();
        // no goal is about latency: a quick run leaves it out, and takes the rest once, to keep within its five minutes
        boolean hasLatency = !isQuick;
        int rounds = isQuick ? 1 : stage.options().rounds();
        List<Pair> pairs = new ArrayList<>();
        try (Cast cast = new Cast()) {
            cast.add("nary", stage.nary(stage.node(), 2));
            cast.add("cluster", stage.cluster(stage.node(), 2));
            cast.add("pm2", stage.pm2(stage.node(), 2));
            cast.add("naught", stage.naught(stage.node(), 2));
            measure(stage, result, cast, hasLatency, rounds);
        }
        try (Cast cast = new Cast()) {
            cast.add("nary Python", stage.nary(stage.python(), 2));
            cast.add("gunicorn", stage.gunicorn(2));
            measure(stage, result, cast, hasLatency, rounds);
        }
        for (String peer : List.of("cluster", "pm2", "naught")) pairs.add(new Pair("nary", peer));
        pairs.add(new Pair("nary Python", "gunicorn"));
        stage.results().show(result, pairs);
        for (Pair pair : pairs) {
            beats(stage.results(), result, pair, THROUGHPUT, 1);
            beats(stage.results(), result, pair, CONNECTIONS, pair.reference().equals("cluster") ? 2 : 1);
        }
    }

    private static void goals(Results results, Pair pair) {
        for (String metric : List.of(THROUGHPUT, CONNECTIONS)) beats(results, "one worker", pair, metric, 0.98);
        for (String metric : List.of(P99, P99_NEW)) {
            var ratio = results.measured().ratio("one worker", pair.subject(), pair.reference(), metric);
            results.goal(Goal.atMost(1.05, pair.subject() + " / " + pair.reference() + ", " + metric, ratio));
        }
    }

    private static void beats(Results results, String result, Pair pair, String metric, double bound) {
        var ratio = results.measured().ratio(result, pair.subject(), pair.reference(), metric);
        results.goal(Goal.atLeast(bound, pair.subject() + " / " + pair.reference() + ", " + metric, ratio));
    }

    /** Round 0 warms all up and finds the rate that all of the group hold; it does not count. */
    private static void measure(Stage stage, String result, Cast cast, boolean hasLatency, int rounds) throws Exception {
        double rate = rate(cast);
        if (hasLatency) stage.results().say(cast.services().keySet() + ": latency at " + (long) rate + " requests/s, half of what the slowest does on new connections");
        if (hasLatency) for (Service service : cast.services().values()) warmUp(service, rate);
        for (int round = 1; round <= rounds; round++) turns(stage, result, cast, hasLatency ? rate : 0, round);
    }

    private static double rate(Cast cast) throws Exception {
        double slowest = Double.MAX_VALUE;
        for (Service service : cast.services().values()) slowest = Math.min(slowest, Ab.run(service.port(), FRESH, 1).perSecond().orElse(slowest));
        return Math.max(100, Math.floor(slowest * SHARE / 100) * 100);
    }

    /** The clients' own code too: whoever is asked first would pay for it. */
    private static void warmUp(Service service, double rate) throws InterruptedException {
        for (boolean isKept : new boolean[] {true, false}) {
            try (Load load = Load.constantRate(service.port(), rate, isKept)) {
                Thread.sleep(WARM_UP_MILLIS);
                load.stop();
            }
        }
    }

    /**
     * Each metric of all services in turns, so that they are measured close to each other; the order turns with each round.
     *
     * @param rate requests a second for the latency; 0 leaves it out
     */
    private static void turns(Stage stage, String result, Cast cast, double rate, int round) throws Exception {
        Results results = stage.results();
        int seconds = stage.options().seconds();
        List<Map.Entry<String, Service>> services = new ArrayList<>(cast.services().entrySet());
        if (round % 2 == 0) services = services.reversed();
        for (var it : services) throughput(results, result, it.getKey(), it.getValue(), seconds, round);
        for (var it : services) connections(results, result, it.getKey(), it.getValue(), seconds, round);
        if (rate == 0) return;
        for (var it : services) latency(results, result, it.getKey(), it.getValue(), rate, true, seconds, round);
        for (var it : services) latency(results, result, it.getKey(), it.getValue(), rate, false, seconds, round);
    }

    private static void throughput(Results results, String result, String name, Service service, int seconds, int round) throws Exception {
        Wrk wrk = Wrk.run(service.port(), KEPT, seconds);
        results.add(result, name, THROUGHPUT, round, wrk.perSecond());
        if (wrk.errors() > 0) results.say(name + ": wrk counts " + wrk.errors() + " errors");
    }

    private static void connections(Results results, String result, String name, Service service, int seconds, int round) throws Exception {
        Ab ab = Ab.run(service.port(), FRESH, seconds);
        if (ab.perSecond().isPresent()) results.add(result, name, CONNECTIONS, round, ab.perSecond().getAsDouble());
        else results.say(name + ": ab gave up: a connection was never answered");
        if (ab.failed() > 0) results.say(name + ": ab counts " + ab.failed() + " failed requests");
    }

    private static void latency(Results results, String result, String name, Service service, double rate, boolean isKept, int seconds, int round)
            throws InterruptedException {
        Tally tally;
        try (Load load = Load.constantRate(service.port(), rate, isKept)) {
            Thread.sleep(seconds * 1000L);
            tally = load.stop();
        }
        String which = isKept ? " ms kept" : " ms new";
        results.add(result, name, "p50" + which, round, tally.percentile(50));
        results.add(result, name, "p99" + which, round, tally.percentile(99));
        results.add(result, name, "p99.9" + which, round, tally.percentile(99.9));
        if (!tally.failures().isEmpty()) results.say(name + " at a constant rate: " + tally.failures());
    }
}
