package nary.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import nary.bench.load.Ab;
import nary.bench.load.Held;
import nary.bench.peer.Figures;
import nary.bench.peer.Nary;
import nary.bench.peer.Service;
import nary.bench.result.Goal;
import nary.bench.result.Grid.Pair;
import nary.bench.result.Results;
import nary.bench.result.Spread;

/** A deploy waits for connections that are under way: exactly as long as they are, and at what cost. */
final class Drains implements Benchmark {
    private static final String HELD = "connections at drain";
    private static final String WAITING = "a look while draining";
    private static final String CUT = "requests cut";
    private static final String LATE = "ms from the last answer to the old workers' end";
    private static final String LOOK = "µs CPU a look";
    private static final String FEW_OLD = "no TIME_WAIT";
    private static final String MANY_OLD = "many TIME_WAIT";
    private static final int TIME_WAITS = 20_000;
    private static final int FEW_LEFT = 500;
    private static final int LIFE_SECONDS = 70;
    private static final int MOST_FILLS = 12;
    private static final int UNDER_WAY = 20;

    @Override
    public void run(Stage stage) throws Exception {
        timeWaits(stage);
        List<Integer> sizes = stage.options().isQuick() ? List.of(10, 10_000) : List.of(10, 100, 1000, 5000, 10_000);
        int largest = sizes.getLast();
        for (int size : sizes) held(stage, size, size >= 5000 ? 6000 : 3000);
        stage.results().showAgainst("open connections", HELD);
        Results results = stage.results();
        String most = "nary@" + largest;
        results.goal(Goal.atMost(0, "nary, " + CUT + ", " + largest + " open at a drain", results.measured().spread(HELD, most, CUT)));
        results.goal(Goal.atMost(150, "nary, " + largest + " open at a drain, " + LATE, results.measured().spread(HELD, most, LATE)));
    }

    /** First without, since TIME_WAIT lasts a minute. */
    private static void timeWaits(Stage stage) throws Exception {
        Results results = stage.results();
        boolean isClean;
        try (Cast cast = new Cast()) {
            Nary nary = stage.nary(stage.go(), 2);
            cast.add("nary", nary);
            isClean = isClean(stage);
            int rounds = stage.options().isQuick() ? 1 : stage.options().rounds();
            for (int round = 0; round <= rounds; round++) look(results, FEW_OLD, nary, round);
            fill(nary.port());
            for (int round = 1; round <= rounds; round++) look(results, MANY_OLD, nary, round);
        }
        results.show(WAITING, List.of(new Pair(MANY_OLD, FEW_OLD)));
        Optional<Spread> ratio = results.measured().ratio(WAITING, MANY_OLD, FEW_OLD, LOOK).filter(_ -> isClean);
        results.goal(Goal.atMost(1.25, "nary, a look while draining, " + MANY_OLD + " / " + FEW_OLD + ", " + LOOK, ratio));
    }

    /** Those of earlier runs go within a minute. False: there are always some, from others. */
    private static boolean isClean(Stage stage) throws Exception {
        long end = System.nanoTime() + LIFE_SECONDS * 1_000_000_000L;
        while (timeWaits() > FEW_LEFT && System.nanoTime() < end) Thread.sleep(200);
        if (timeWaits() <= FEW_LEFT) return true;
        stage.results().say("there are " + timeWaits() + " TIME_WAIT sockets of others: the ratio says nothing");
        return false;
    }

    /** One client address has some 14,000 ports for a server, the other half is kept for calls without bind: several addresses. */
    private static void fill(int port) throws Exception {
        for (int i = 1; i <= MOST_FILLS && timeWaits() < TIME_WAITS; i++) Ab.run(port, 100, 2, "127.0.0." + (1 + i % 4));
    }

    /** Round 0 warms up. */
    private static void look(Results results, String subject, Nary nary, int round) throws Exception {
        long daemon = nary.managers().getFirst();
        List<Long> old = nary.workers();
        try (Held held = Held.open(nary.port(), UNDER_WAY, 2500)) {
            nary.beginDeploy();
            Thread.sleep(1000); // boot, settle: from then on it drains
            Figures before = Figures.ofThread(daemon, "drain");
            Thread.sleep(1000);
            Figures used = Figures.ofThread(daemon, "drain").since(before);
            held.await(10_000);
            awaitEnd(old);
            nary.awaitRest();
            results.progress(WAITING + ", " + subject + ", round " + round);
            if (round == 0) return;
            results.add(WAITING, subject, LOOK, round, used.cpuNanos() / 1e3 / Math.max(1, used.wakeUps()));
            results.add(WAITING, subject, "looks/s", round, used.wakeUps());
            results.add(WAITING, subject, "TIME_WAIT sockets", round, timeWaits());
        }
    }

    private static void held(Stage stage, int count, int millis) throws Exception {
        Results results = stage.results();
        String subject = "nary@" + count;
        try (Cast cast = new Cast()) {
            Nary nary = stage.nary(stage.go(), 2);
            cast.add("nary", nary);
            long daemon = nary.managers().getFirst();
            List<Long> old = nary.workers();
            try (Held held = Held.open(nary.port(), count, millis)) {
                nary.beginDeploy();
                Thread.sleep(1500); // boot, settle: from then on it drains
                Figures before = Figures.ofThread(daemon, "drain");
                long begun = System.nanoTime();
                int answered = held.await(60_000);
                double seconds = Recovery.millisSince(begun) / 1e3;
                Figures used = Figures.ofThread(daemon, "drain").since(before);
                awaitEnd(old);
                results.progress(HELD + ": " + count);
                results.add(HELD, subject, CUT, 1, count - answered);
                results.add(HELD, subject, LATE, 1, Recovery.millisSince(held.last()));
                results.add(HELD, subject, "CPU ms/s of the drain thread", 1, used.cpuNanos() / 1e6 / seconds);
                results.add(HELD, subject, LOOK, 1, used.cpuNanos() / 1e3 / Math.max(1, used.wakeUps()));
            }
        }
    }

    private static void awaitEnd(List<Long> pids) throws Exception {
        Service.until("the end of " + pids, () -> pids.stream().noneMatch(pid -> ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isPresent()));
    }

    /** Of the whole network namespace. */
    private static long timeWaits() throws IOException {
        return Files.readString(Path.of("/proc/net/sockstat")).lines()
                .filter(line -> line.startsWith("TCP:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll(".* tw (\\d+).*", "$1")))
                .findFirst()
                .orElse(0);
    }
}
