package nary.bench;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import nary.bench.peer.App;
import nary.bench.peer.Commands;
import nary.bench.peer.Figures;
import nary.bench.peer.Service;
import nary.bench.result.Goal;
import nary.bench.result.Grid.Pair;
import nary.bench.result.Results;

/** A worker writes many lines at once: how fast they get into the file, how many do not, and what the manager takes meanwhile. */
final class LogPath implements Benchmark {
    private static final String RESULT = "log path";
    private static final String RATE = "lines/s";
    private static final String LOST = "lost";
    private static final String GROWTH = "MB peak above idle";
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final int LINE = 100;
    private static final double MB = 1 << 20;

    /**
     * A writer under a manager.
     *
     * @param go a FIFO: the writer waits for a line in it
     * @param out where its lines end up
     */
    private record Run(String name, Service service, Path go, Written out) {}

    @Override
    public void run(Stage stage) throws Exception {
        int lines = stage.options().isQuick() ? 300_000 : 1_000_000;
        Path input = lines(stage.folder("lines").resolve("lines.txt"), lines);
        for (int round = 1; round <= stage.options().rounds(); round++) {
            toFile(stage, "cat | cat > file", go -> "read x < " + go + "; cat " + input, input, lines, round);
            managed(stage, nativeWriter(stage, input), input, lines, round);
            toFile(stage, "Node | cat > file", go -> "node " + stage.apps().resolve("writer.js") + " " + input + " " + go, input, lines, round);
            for (Run run : scripts(stage, input)) managed(stage, run, input, lines, round);
        }
        Results results = stage.results();
        results.show(RESULT, List.of(
                new Pair("nary, cat", "cat | cat > file"), new Pair("nary, Node", "Node | cat > file"), new Pair("nary, Node", "naught"), new Pair("nary, Node", "pm2")));
        results.goal(Goal.atLeast(0.7, "nary / cat > file, " + RATE, results.measured().ratio(RESULT, "nary, cat", "cat | cat > file", RATE)));
        results.goal(Goal.atLeast(2, "nary / naught, " + RATE, results.measured().ratio(RESULT, "nary, Node", "naught", RATE)));
        results.goal(Goal.atMost(0, "nary, lines " + LOST, results.measured().spread(RESULT, "nary, cat", LOST)));
        results.goal(Goal.atMost(16, "nary, " + GROWTH, results.measured().spread(RESULT, "nary, cat", GROWTH)));
    }

    /** Numbered, each of 100 bytes with its end. */
    private static Path lines(Path file, int count) throws IOException {
        try (BufferedWriter writer = Files.newBufferedWriter(file)) {
            for (int i = 0; i < count; i++) writer.write(String.format(Locale.ROOT, "%099d\n", i));
        }
        return file;
    }

    private static Run nativeWriter(Stage stage, Path input) throws Exception {
        Path go = fifo(stage);
        List<String> words = List.of("sh", "-c", "read x < " + go + "; cat " + input + "; exec sleep 1000");
        Service nary = stage.nary(new App("cat", words, Map.of(), 0), 1, "--ready", "delay:0");
        return new Run("nary, cat", nary, go, new Written(nary.directory().resolve("stdout.log")));
    }

    private static List<Run> scripts(Stage stage, Path input) throws Exception {
        Path go = fifo(stage);
        App app = new App("writer", List.of("node", stage.apps().resolve("writer.js").toString(), input.toString(), go.toString()), Map.of(), 0);
        Service nary = stage.nary(app, 1, "--ready", "delay:0");
        Service naught = stage.naught(app, 1);
        Service pm2 = stage.pm2(app, 1);
        return List.of(
                new Run("nary, Node", nary, go, new Written(nary.directory().resolve("stdout.log"))),
                new Run("naught", naught, go, new Written(naught.directory().resolve("stdout.log"))),
                new Run("pm2", pm2, go, new Written(pm2.directory().resolve("pm2/logs/app-out-0.log"))));
    }

    private static void managed(Stage stage, Run run, Path input, int lines, int round) throws Exception {
        try (Service service = run.service()) {
            service.start();
            Thread.sleep(1000); // the last words of the start
            List<Long> managers = service.managers();
            Figures.forgetPeak(managers);
            Figures before = Figures.of(managers);
            long begun = System.nanoTime();
            go(run.go());
            note(stage.results(), run.name(), run.out(), input, lines, round, begun);
            Figures after = Figures.of(managers);
            stage.results().add(RESULT, run.name(), GROWTH, round, (after.peak() - before.rss()) / MB);
            stage.results().add(RESULT, run.name(), "CPU ms", round, after.since(before).cpuNanos() / 1e6);
        } finally {
            run.out().delete();
        }
    }

    private static Path fifo(Stage stage) throws Exception {
        Path go = stage.folder("go").resolve("go");
        Commands.run(List.of("mkfifo", go.toString()), Map.of(), LIMIT).checked();
        return go;
    }

    /** By a shell, since opening a FIFO that nobody reads never returns. */
    private static void go(Path fifo) throws Exception {
        Commands.run(List.of("sh", "-c", "echo > " + fifo), Map.of(), LIMIT).checked();
    }

    /** @param writer the shell command for a given FIFO */
    private static void toFile(Stage stage, String name, Function<Path, String> writer, Path input, int lines, int round) throws Exception {
        Path directory = stage.folder("cat");
        Written out = new Written(directory.resolve("out.log"));
        Path go = fifo(stage);
        List<String> words = List.of("sh", "-c", "{ " + writer.apply(go) + "; } | cat > " + out.file());
        Process shell = Commands.start(words, Map.of(), directory, directory.resolve("stdout"), directory.resolve("stderr"));
        try {
            Thread.sleep(500); // Node's own start
            long begun = System.nanoTime();
            go(go);
            note(stage.results(), name, out, input, lines, round, begun);
        } finally {
            shell.descendants().forEach(ProcessHandle::destroyForcibly);
            shell.destroyForcibly().waitFor();
            out.delete();
        }
    }

    /** Waits until all is there, or nothing more comes for five seconds; the time is that from the word to go to the last byte. */
    private static void note(Results results, String name, Written out, Path input, int lines, int round, long begun) throws Exception {
        long wanted = (long) lines * LINE;
        long grown = System.nanoTime();
        long size = 0;
        while (size < wanted && Recovery.millisSince(grown) < 5000) {
            long now = out.size();
            if (now != size) grown = System.nanoTime();
            size = now;
            Thread.sleep(4); // a look at a dozen files costs 0.2 ms of one of two processors
        }
        results.add(RESULT, name, RATE, round, size / (double) LINE / ((grown - begun) / 1e9));
        results.add(RESULT, name, LOST, round, lines - out.same(input) / LINE);
    }
}
