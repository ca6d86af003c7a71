package nary.bench;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import nary.bench.load.Caller;
import nary.bench.load.Load;
import nary.bench.load.Tally;
import nary.bench.peer.App;
import nary.bench.peer.Service;
import nary.bench.result.Goal;
import nary.bench.result.Results;
import nary.bench.result.Spread;
import nary.demo.load.Outcome;

/** One deploy after the other, under load: what the clients notice. */
final class Deploys implements Benchmark {
    private static final int CLIENTS = 1000;
    private static final int STEADY_SHARE = 2;
    private static final long LEAST_STEADY_MILLIS = 700;
    private static final String FAILED = "failed";
    private static final String SLOWER = "p99.9 deploying / steady";

    /** A way to put load on a server. */
    enum Kind {
        NEW("deploys, new connections"),
        KEPT("deploys, kept connections"),
        RATE("deploys, constant rate");

        private final String result;

        Kind(String result) {
            this.result = result;
        }

        Load start(int port, App app) throws IOException {
            return switch (this) {
                case NEW -> Load.closedLoop(port, CLIENTS, false);
                case KEPT -> Load.closedLoop(port, CLIENTS, true);
                case RATE -> Load.constantRate(port, app.constantRate(), false);
            };
        }
    }

    @Override
    public void run(Stage stage) throws Exception {
        try (Cast cast = new Cast()) {
            cast.add("nary Node", stage.nary(stage.node(), 2));
            if (!stage.options().isQuick()) peers(stage, cast);
            cast.add("nary Python", stage.nary(stage.python(), 2));
            cast.add("nary Go", stage.nary(stage.go().with("POLITE", "1"), 2));
            int rounds = stage.options().isQuick() ? 1 : stage.options().rounds();
            for (int round = 1; round <= rounds; round++) {
                for (Kind kind : Kind.values()) {
                    for (var it : cast.services().entrySet()) measure(stage, kind, kind.result, it.getKey(), it.getValue(), round);
                }
            }
        }
        for (Kind kind : Kind.values()) {
            stage.results().show(kind.result, List.of());
            goals(stage.results(), kind);
        }
    }

    /** The goals compare nary with itself: a quick run leaves the others out. */
    private static void peers(Stage stage, Cast cast) throws Exception {
        cast.add("cluster Node", stage.cluster(stage.node(), 2));
        cast.add("pm2 Node", stage.pm2(stage.node(), 2));
        cast.add("naught Node", stage.naught(stage.node(), 2));
        cast.add("gunicorn Python", stage.gunicorn(2));
    }

    private static void goals(Results results, Kind kind) {
        for (String subject : results.measured().subjects(kind.result)) {
            if (!subject.startsWith("nary")) continue;
            Optional<Spread> failed = results.measured().spread(kind.result, subject, FAILED);
            // one request that failed in any round is one too many
            results.goal(Goal.atMost(0, subject + ", " + kind.result + ", " + FAILED, failed.map(it -> Spread.of(List.of(it.max())))));
            if (kind != Kind.RATE) continue;
            results.goal(Goal.atMost(1.5, subject + ", " + kind.result + ", " + SLOWER, results.measured().spread(kind.result, subject, SLOWER)));
        }
    }

    /** @param result the table that the figures go to */
    static void measure(Stage stage, Kind kind, String result, String name, Service service, int round) throws Exception {
        if (!answers(service)) {
            stage.results().say(name + " does not answer any more and is started anew");
            service.close();
            service.start();
        }
        service.awaitServing();
        int seconds = stage.options().isQuick() ? stage.options().seconds() : stage.options().seconds() * 2;
        try (Load load = kind.start(service.port(), service.app())) {
            Thread.sleep(Math.max(LEAST_STEADY_MILLIS, seconds * 1000L / STEADY_SHARE));
            Tally steady = load.turn();
            int deploys = deploy(stage.results(), name, service, seconds);
            Tally deploying = load.stop();
            note(stage.results(), result, name, round, deploys, steady, deploying);
        }
    }

    private static boolean answers(Service service) {
        try (Caller caller = new Caller(service.port(), "/", false, 2000)) {
            return caller.ask() == Outcome.OK;
        }
    }

    /** How many succeeded; at least one is tried. */
    private static int deploy(Results results, String name, Service service, int seconds) {
        int done = 0;
        long end = System.nanoTime() + seconds * 1_000_000_000L;
        do {
            try {
                if (service.deploy()) done++;
                else results.say(name + ": a deploy failed");
            } catch (Exception e) {
                results.say(name + ": a deploy did not end: " + e.getMessage());
                return done;
            }
        } while (System.nanoTime() < end);
        return done;
    }

    private static void note(Results results, String result, String name, int round, int deploys, Tally steady, Tally deploying) {
        results.add(result, name, "deploys", round, deploys);
        results.add(result, name, "requests", round, deploying.ok());
        results.add(result, name, FAILED, round, deploying.failed());
        results.add(result, name, "p99.9 ms steady", round, steady.percentile(99.9));
        results.add(result, name, "p99.9 ms deploying", round, deploying.percentile(99.9));
        results.add(result, name, "slowest ms steady", round, steady.slowest());
        results.add(result, name, "slowest ms deploying", round, deploying.slowest());
        results.add(result, name, SLOWER, round, deploying.percentile(99.9) / Math.max(0.001, steady.percentile(99.9)));
        String lost = deploying.failures();
        results.progress(result + ", " + name + ": " + deploys + " deploys, " + deploying.ok() + " answered" + (lost.isEmpty() ? "" : ", " + lost));
        if (!lost.isEmpty()) results.say(result + ", " + name + ": " + lost);
        if (!steady.failures().isEmpty()) results.say(result + ", " + name + ", before the first deploy: " + steady.failures());
    }
}
