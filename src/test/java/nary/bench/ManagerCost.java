package nary.bench;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import nary.bench.peer.App;
import nary.bench.peer.Commands;
import nary.bench.peer.Figures;
import nary.bench.peer.Service;
import nary.bench.result.Goal;
import nary.bench.result.Grid.Pair;
import nary.bench.result.Results;

/** What a manager takes while nothing happens, and how long its commands take. */
final class ManagerCost implements Benchmark {
    private static final String IDLE = "idle manager";
    private static final String COMMANDS = "commands";
    private static final String RSS = "MB RSS";
    private static final String STATUS = "status ms";
    private static final String OTHERS = "wake-ups/s without the stall sampler";
    private static final int FEW = 2;
    private static final int MANY = 50;
    private static final double MB = 1 << 20;

    @Override
    public void run(Stage stage) throws Exception {
        idle(stage);
        commands(stage);
    }

    private void idle(Stage stage) throws Exception {
        Results results = stage.results();
        App node = stage.node();
        int seconds = stage.options().isQuick() ? 5 * stage.options().seconds() : Math.max(30, 3 * stage.options().seconds());
        try (Cast cast = new Cast()) {
            for (Map.Entry<String, Service> it : peers(stage, node, FEW).entrySet()) cast.add(it.getKey(), it.getValue());
            cast.add("gunicorn, " + FEW, stage.gunicorn(FEW));
            watch(results, cast, seconds);
        }
        for (Map.Entry<String, Service> it : peers(stage, node, MANY).entrySet()) {
            if (stage.options().isQuick() && !it.getKey().startsWith("nary")) continue;
            try (Cast cast = new Cast()) {
                cast.add(it.getKey(), it.getValue());
                watch(results, cast, seconds);
            }
        }
        List<Pair> pairs = List.of(new Pair("nary, 2", "naught, 2"), new Pair("nary, 2", "pm2, 2"), new Pair("nary, 2", "cluster, 2"), new Pair("nary, 50", "pm2, 50"));
        results.show(IDLE, pairs);
        results.goal(Goal.atMost(60, "nary with 2 workers, idle, " + RSS, results.measured().spread(IDLE, "nary, 2", RSS)));
        results.goal(Goal.atMost(0.5, "nary with 2 workers, idle, " + OTHERS, results.measured().spread(IDLE, "nary, 2", OTHERS)));
        for (String peer : List.of("naught, 2", "pm2, 2")) {
            results.goal(Goal.atMost(1, "nary / " + peer + ", idle, " + RSS, results.measured().ratio(IDLE, "nary, 2", peer, RSS)));
        }
    }

    private static Map<String, Service> peers(Stage stage, App app, int workers) throws Exception {
        Map<String, Service> peers = new LinkedHashMap<>();
        peers.put("nary, " + workers, stage.nary(app, workers));
        peers.put("cluster, " + workers, stage.cluster(app, workers));
        peers.put("pm2, " + workers, stage.pm2(app, workers));
        peers.put("naught, " + workers, stage.naught(app, workers));
        return peers;
    }

    /** All at the same time. */
    private static void watch(Results results, Cast cast, int seconds) throws Exception {
        Thread.sleep(3000); // the last words of the start
        Map<String, Figures> before = new LinkedHashMap<>();
        Map<String, Figures> stall = new LinkedHashMap<>();
        for (Map.Entry<String, Service> it : cast.services().entrySet()) {
            before.put(it.getKey(), Figures.of(it.getValue().managers()));
            stall.put(it.getKey(), Figures.ofThread(it.getValue().managers().getFirst(), "stall"));
        }
        Thread.sleep(seconds * 1000L);
        for (Map.Entry<String, Service> it : cast.services().entrySet()) {
            Figures used = Figures.of(it.getValue().managers()).since(before.get(it.getKey()));
            Figures sampler = Figures.ofThread(it.getValue().managers().getFirst(), "stall").since(stall.get(it.getKey()));
            results.add(IDLE, it.getKey(), RSS, 1, used.rss() / MB);
            results.add(IDLE, it.getKey(), "MB PSS", 1, used.pss() / MB);
            results.add(IDLE, it.getKey(), "CPU ms/s", 1, used.cpuNanos() / 1e6 / seconds);
            results.add(IDLE, it.getKey(), "wake-ups/s", 1, (double) used.wakeUps() / seconds);
            results.add(IDLE, it.getKey(), OTHERS, 1, (double) (used.wakeUps() - sampler.wakeUps()) / seconds);
        }
    }

    private void commands(Stage stage) throws Exception {
        Results results = stage.results();
        int rounds = stage.options().isQuick() ? 5 : 20;
        for (int round = 1; round <= (stage.options().isQuick() ? 1 : stage.options().rounds()); round++) start(stage, round, round == 1 ? rounds : 0);
        List<Pair> pairs = List.of(new Pair("nary", "pm2"), new Pair("nary", "naught"), new Pair("nary", "empty JVM"));
        results.show(COMMANDS, pairs);
        results.goal(Goal.atMost(1, "nary status / pm2 ls", results.measured().ratio(COMMANDS, "nary", "pm2", STATUS)));
        results.goal(Goal.atMost(2, "nary status / an empty JVM", results.measured().ratio(COMMANDS, "nary", "empty JVM", STATUS)));
    }

    private static void start(Stage stage, int round, int statuses) throws Exception {
        Map<String, Service> services = new LinkedHashMap<>();
        services.put("nary", stage.nary(stage.node(), FEW));
        services.put("pm2", stage.pm2(stage.node(), FEW));
        services.put("naught", stage.naught(stage.node(), FEW));
        try {
            for (Map.Entry<String, Service> it : services.entrySet()) {
                long begun = System.nanoTime();
                it.getValue().start();
                stage.results().add(COMMANDS, it.getKey(), "start ms", round, Recovery.millisSince(begun));
            }
            for (int i = 1; i <= statuses; i++) statuses(stage, services, i);
        } finally {
            for (Service service : services.values()) service.close();
        }
    }

    private static void statuses(Stage stage, Map<String, Service> services, int round) throws Exception {
        for (Map.Entry<String, Service> it : services.entrySet()) {
            Service service = it.getValue();
            status(stage.results(), it.getKey(), service.statusCommand(), service.environment(), service.directory(), round);
        }
        String java = Path.of(System.getProperty("java.home"), "bin/java").toString();
        List<String> empty = new ArrayList<>(List.of(java, "-cp", stage.builtApps().toString(), "Empty"));
        status(stage.results(), "empty JVM", empty, Map.of(), Path.of("/"), round);
        empty.addAll(1, List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
        status(stage.results(), "empty JVM, SerialGC, C1", empty, Map.of(), Path.of("/"), round);
    }

    private static void status(Results results, String name, List<String> words, Map<String, String> environment, Path directory, int round)
            throws Exception {
        Commands.Ran ran = Commands.run(words, environment, directory, Duration.ofSeconds(30)).checked();
        results.add(COMMANDS, name, STATUS, round, ran.took().toNanos() / 1e6);
    }
}
