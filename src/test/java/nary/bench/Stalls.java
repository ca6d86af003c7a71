package nary.bench;

import java.util.List;
import java.util.Map;
import nary.bench.load.Caller;
import nary.bench.load.Load;
import nary.bench.load.Tally;
import nary.bench.peer.App;
import nary.bench.peer.Commands;
import nary.bench.peer.Service;
import nary.bench.result.Grid.Pair;
import nary.bench.result.Machine;
import nary.bench.result.Results;

/** One of two workers answers nothing for two seconds: stopped by a signal, or in a collection of its garbage. */
final class Stalls implements Benchmark {
    private static final String RESULT = "stalled worker";
    private static final int RATE = 500;
    private static final int STALL_MILLIS = 2000;
    private static final int SLOW_MILLIS = 100;
    /** A megabyte of small objects is collected in a millisecond, about. */
    private static final int MOST_MEGABYTES = STALL_MILLIS;
    private static final int QUICK_MEGABYTES = 500;
    /** Of what memory is free, so that a small machine measures a shorter stall and does not run out. */
    private static final int SHARE = 8;

    @Override
    public void run(Stage stage) throws Exception {
        try (Cast cast = new Cast()) {
            cast.add("nary", stage.nary(stage.node(), 2));
            cast.add("cluster", stage.cluster(stage.node(), 2));
            cast.add("pm2", stage.pm2(stage.node(), 2));
            cast.add("naught", stage.naught(stage.node(), 2));
            int rounds = stage.options().isQuick() ? 1 : stage.options().rounds();
            for (int round = 1; round <= rounds; round++) {
                for (Map.Entry<String, Service> it : cast.services().entrySet()) stop(stage.results(), it.getKey(), it.getValue(), round);
            }
        }
        int megabytes = (int) Math.min(stage.options().isQuick() ? QUICK_MEGABYTES : MOST_MEGABYTES, Machine.freeMegabytes() / SHARE);
        App jdk = stage.jdk(2 * megabytes);
        try (Cast cast = new Cast()) {
            cast.add("nary JDK, full GC", stage.nary(jdk, 2));
            cast.add("bare JDK, full GC", stage.bare(jdk));
            for (Map.Entry<String, Service> it : cast.services().entrySet()) collect(stage.results(), it.getKey(), it.getValue(), megabytes);
        }
        List<Pair> pairs = List.of(new Pair("nary", "cluster"), new Pair("nary", "pm2"), new Pair("nary", "naught"), new Pair("nary JDK, full GC", "bare JDK, full GC"));
        stage.results().show(RESULT, pairs);
    }

    private static void stop(Results results, String name, Service service, int round) throws Exception {
        long victim = service.workers().getFirst();
        try (Load load = Load.constantRate(service.port(), RATE, false)) {
            Thread.sleep(500);
            load.turn();
            long begun = System.nanoTime();
            Commands.signal("STOP", victim);
            try {
                Thread.sleep(STALL_MILLIS);
            } finally {
                Commands.signal("CONT", victim);
            }
            double stalled = Recovery.millisSince(begun);
            Thread.sleep(500);
            note(results, name, round, stalled, load.stop());
        }
    }

    /** The second collection is measured: the first also makes the objects. */
    private static void collect(Results results, String name, Service service, int megabytes) throws Exception {
        try (Caller collector = new Caller(service.port(), "/gc?mb=" + megabytes, true, 60_000);
                Load load = Load.constantRate(service.port(), RATE, false)) {
            collector.ask();
            Thread.sleep(1000);
            load.turn();
            collector.ask();
            double stalled = Double.parseDouble(collector.body().strip());
            Thread.sleep(500);
            note(results, name, 1, stalled, load.stop());
        }
    }

    private static void note(Results results, String name, int round, double stalled, Tally tally) {
        results.add(RESULT, name, "ms stalled", round, stalled);
        results.add(RESULT, name, "% slower than " + SLOW_MILLIS + " ms", round, 100.0 * tally.slowerThan(SLOW_MILLIS) / Math.max(1, tally.ok()));
        results.add(RESULT, name, "p99 ms", round, tally.percentile(99));
        results.add(RESULT, name, "slowest ms", round, tally.slowest());
        results.add(RESULT, name, "failed", round, tally.failed());
    }
}
