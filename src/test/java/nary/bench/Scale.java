package nary.bench;

import java.util.List;
import java.util.Optional;
import nary.bench.peer.App;
import nary.bench.peer.Figures;
import nary.bench.peer.Nary;
import nary.bench.result.Goal;
import nary.bench.result.Measurements;
import nary.bench.result.Results;
import nary.bench.result.Spread;

/** What grows with the number of workers, of addresses, of open connections. */
final class Scale implements Benchmark {
    private static final String WORKERS = "scale, workers";
    private static final String ADDRESSES = "scale, addresses";
    private static final String DEPLOY = "s a deploy";
    private static final String SAMPLER = "CPU ms/s of the stall sampler";
    private static final double MB = 1 << 20;

    @Override
    public void run(Stage stage) throws Exception {
        new Drains().run(stage);
        boolean isQuick = stage.options().isQuick();
        List<Integer> workers = isQuick ? List.of(10, 50) : List.of(1, 10, 50, 100, 200);
        for (int count : workers) measure(stage, WORKERS, stage.go(), count, count);
        stage.results().showAgainst("workers", WORKERS);
        List<Integer> addresses = isQuick ? List.of(1, 50) : List.of(1, 10, 25, 50);
        for (int count : addresses) measure(stage, ADDRESSES, stage.node().with("ADDRESSES", Integer.toString(count)), 2, count);
        stage.results().showAgainst("listening addresses", ADDRESSES);
        linear(stage.results(), WORKERS, DEPLOY, 10, workers.getLast());
        linear(stage.results(), WORKERS, SAMPLER, 10, workers.getLast());
        linear(stage.results(), ADDRESSES, DEPLOY, 1, addresses.getLast());
    }

    /** The cost of each must not grow with their number. */
    private static void linear(Results results, String result, String metric, int few, int many) {
        Measurements measured = results.measured();
        Optional<Spread> ratio = measured.ratio(result, "nary@" + many, "nary@" + few, metric)
                .map(it -> Spread.of(List.of(it.median() * few / many)));
        results.goal(Goal.atMost(1, "nary, " + result + ", " + metric + " for each: " + many + " / " + few, ratio));
    }

    private static void measure(Stage stage, String result, App app, int workers, int size) throws Exception {
        Results results = stage.results();
        String subject = "nary@" + size;
        results.progress(result + ": " + size);
        int seconds = stage.options().isQuick() ? 2 : 10;
        try (Cast cast = new Cast()) {
            Nary nary = stage.nary(app, workers);
            long begun = System.nanoTime();
            cast.add("nary", nary);
            results.add(result, subject, "s a start", 1, Recovery.millisSince(begun) / 1e3);
            for (int round = 1; round <= (stage.options().isQuick() ? 1 : stage.options().rounds()); round++) {
                begun = System.nanoTime();
                nary.nary("deploy").checked();
                results.add(result, subject, DEPLOY, round, Recovery.millisSince(begun) / 1e3);
            }
            Thread.sleep(1000); // the last words of the deploy
            long daemon = nary.managers().getFirst();
            Figures before = Figures.ofThread(daemon, "stall");
            Thread.sleep(seconds * 1000L);
            Figures used = Figures.ofThread(daemon, "stall").since(before);
            results.add(result, subject, SAMPLER, 1, used.cpuNanos() / 1e6 / seconds);
            results.add(result, subject, "MB RSS of the supervisor", 1, Figures.of(List.of(daemon)).rss() / MB);
        }
    }
}
