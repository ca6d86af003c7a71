package nary.bench;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import nary.bench.load.Caller;
import nary.bench.peer.App;
import nary.bench.peer.Bare;
import nary.bench.peer.Nary;
import nary.bench.peer.Service;
import nary.bench.result.Goal;
import nary.bench.result.Grid.Pair;
import nary.bench.result.Results;
import nary.bench.result.Spread;
import nary.demo.load.Outcome;

/** How long it takes until another process serves: after a deploy was asked for, and after a worker was killed. */
final class Recovery implements Benchmark {
    private static final String CUTOVER = "deploy to first new answer";
    private static final String CRASH = "killed worker";
    private static final String OWN = "ms beyond the app's own boot";
    private static final String SPAWNED = "ms to replacement spawned";
    private static final int WORKERS = 2;
    private static final int TO_KILL = 4;
    private static final int LIMIT_MILLIS = 30_000;

    @Override
    public void run(Stage stage) throws Exception {
        cutovers(stage);
        crashes(stage);
        new Stalls().run(stage);
    }

    private void cutovers(Stage stage) throws Exception {
        Results results = stage.results();
        try (Cast cast = new Cast()) {
            cast.add("nary", stage.nary(stage.node(), WORKERS));
            cast.add("cluster", stage.cluster(stage.node(), WORKERS));
            cast.add("pm2", stage.pm2(stage.node(), WORKERS));
            cast.add("naught", stage.naught(stage.node(), WORKERS));
            for (int round = 0; round <= stage.options().rounds(); round++) {
                double boot = boot(stage);
                for (Map.Entry<String, Service> it : cast.services().entrySet()) {
                    double took = cutover(it.getValue(), false);
                    note(results, it.getKey(), round, boot, took);
                }
                note(results, "nary deploy, as typed", round, boot, cutover(cast.get("nary"), true));
            }
        }
        results.show(CUTOVER, List.of(new Pair("nary", "cluster"), new Pair("nary deploy, as typed", "naught"), new Pair("nary deploy, as typed", "pm2")));
        results.goal(Goal.atMost(100, "nary: ms from SIGHUP to cutover beyond the app's own boot", results.measured().spread(CUTOVER, "nary", OWN)));
    }

    /** Round 0 warms up. */
    private static void note(Results results, String name, int round, double boot, double took) {
        if (round == 0) return;
        results.add(CUTOVER, name, "ms", round, took);
        results.add(CUTOVER, name, OWN, round, took - boot);
    }

    /** Milliseconds until as many bare servers as there are workers answer, all started at once. */
    private static double boot(Stage stage) throws Exception {
        List<Bare> servers = List.of((Bare) stage.bare(stage.node()), (Bare) stage.bare(stage.node()));
        long begun = System.nanoTime();
        try {
            for (Bare server : servers) server.start();
            for (Bare server : servers) server.awaitServing();
            return millisSince(begun);
        } finally {
            for (Bare server : servers) server.close();
        }
    }

    /** Milliseconds; returns when nothing of the old version is left. */
    private static double cutover(Service service, boolean isTyped) throws Exception {
        Set<Long> old = tree(service);
        long begun = System.nanoTime();
        if (isTyped) Thread.ofVirtual().start(() -> typed((Nary) service));
        else service.beginDeploy();
        awaitOther(service, old);
        double took = millisSince(begun);
        Set<Long> managers = new HashSet<>(service.managers());
        Service.until("the end of the old workers of " + service, () -> old.stream().allMatch(pid -> managers.contains(pid) || !isAlive(pid)));
        service.awaitRest();
        return took;
    }

    private static void typed(Nary nary) {
        try {
            nary.deploy();
        } catch (Exception e) {
            System.err.println("bench: nary deploy: " + e);
        }
    }

    private void crashes(Stage stage) throws Exception {
        Results results = stage.results();
        App app = stage.node();
        try (Cast cast = new Cast()) {
            cast.add("nary", stage.nary(app, TO_KILL));
            cast.add("cluster", stage.cluster(app, TO_KILL));
            cast.add("pm2", stage.pm2(app, TO_KILL));
            cast.add("naught", stage.naught(app, TO_KILL));
            for (int round = 1; round <= Math.min(TO_KILL, stage.options().rounds()); round++) {
                // one that was not killed before: a second crash of a slot within a minute is answered with a pause
                for (Map.Entry<String, Service> it : cast.services().entrySet()) {
                    crash(results, it.getKey(), it.getValue(), it.getValue().workers().getFirst(), round);
                }
            }
        }
        results.show(CRASH, List.of(new Pair("nary", "cluster"), new Pair("nary", "naught"), new Pair("nary", "pm2")));
        Optional<Spread> spawned = results.measured().spread(CRASH, "nary", SPAWNED);
        results.goal(Goal.atMost(10, "nary: ms from the death of a worker to its replacement spawned", spawned));
    }

    private static void crash(Results results, String name, Service service, long victim, int round) throws Exception {
        Set<Long> before = tree(service);
        long begun = System.nanoTime();
        ProcessHandle.of(victim).orElseThrow().destroyForcibly();
        Set<Long> managers = new HashSet<>(service.managers());
        while (managers.stream().flatMap(it -> Service.children(it).stream()).allMatch(before::contains)) {
            if (millisSince(begun) > LIMIT_MILLIS) throw new IllegalStateException(service + " replaced no worker within " + LIMIT_MILLIS + " ms");
        }
        results.add(CRASH, name, SPAWNED, round, millisSince(begun));
        awaitOther(service, before);
        results.add(CRASH, name, "ms to replacement serving", round, millisSince(begun));
    }

    /** Asks, with a pause as for the boot, until a process answers that was not there before: without one it takes a third of the machine. */
    private static void awaitOther(Service service, Set<Long> before) throws Exception {
        try (Caller caller = new Caller(service.port(), "/", false, 5000)) {
            Service.until("an answer of a new process of " + service, () -> caller.ask() == Outcome.OK && !before.contains(pidOf(caller.body())));
        }
    }

    private static long pidOf(String body) {
        return Long.parseLong(body.substring(body.indexOf("pid=") + "pid=".length()).strip());
    }

    private static Set<Long> tree(Service service) throws Exception {
        return service.managers().stream()
                .flatMap(pid -> ProcessHandle.of(pid).stream())
                .flatMap(ProcessHandle::descendants)
                .map(ProcessHandle::pid)
                .collect(Collectors.toSet());
    }

    private static boolean isAlive(long pid) {
        return ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isPresent();
    }

    static double millisSince(long begun) {
        return (System.nanoTime() - begun) / 1e6;
    }
}
