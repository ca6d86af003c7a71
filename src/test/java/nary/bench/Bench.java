package nary.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import nary.bench.peer.Marked;
import nary.bench.result.Machine;
import nary.bench.result.Results;
import nary.bench.result.Stolen;

/** {@code bench/run}: all benchmarks, and a line for each goal. */
public final class Bench {
    private Bench() {}

    public static void main(String[] arguments) throws Exception {
        Options options;
        try {
            options = Options.of(arguments);
        } catch (IllegalArgumentException e) {
            System.err.println("bench: " + e.getMessage());
            System.exit(2);
            return;
        }
        Path root = Path.of("").toAbsolutePath();
        Path scratch = Files.createTempDirectory(Files.createDirectories(root.resolve("target/bench/scratch")), "run");
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            Marked.killAll();
            delete(scratch);
        }));
        String time = LocalDateTime.now().format(DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss"));
        Results results = new Results(root.resolve("target/bench/" + time), System.out);
        boolean isComplete = run(new Stage(options, results, root, scratch));
        results.finish();
        System.exit(isComplete ? 0 : 1);
    }

    /** True if each benchmark ran to its end; a missed goal is a result, not a failure. */
    private static boolean run(Stage stage) throws IOException {
        Results results = stage.results();
        results.say(Machine.here().toString());
        results.say(stage.options().rounds() + " rounds, " + stage.options().seconds() + " s a measurement" + (stage.options().isQuick() ? ", quick" : ""));
        boolean isComplete = true;
        for (Map.Entry<String, Benchmark> it : benchmarks().entrySet()) {
            if (!stage.options().wants(it.getKey())) continue;
            results.say("\n## " + it.getKey());
            long begun = System.nanoTime();
            Stolen before = Stolen.now();
            try {
                it.getValue().run(stage);
            } catch (Exception e) {
                isComplete = false;
                results.say(it.getKey() + " could not be finished: " + e);
                e.printStackTrace();
            } finally {
                Marked.killAll();
            }
            results.say(it.getKey() + ": " + Stolen.now().since(before));
            results.progress(it.getKey() + " took " + (System.nanoTime() - begun) / 1_000_000_000 + " s");
        }
        return isComplete;
    }

    private static Map<String, Benchmark> benchmarks() {
        Map<String, Benchmark> all = new LinkedHashMap<>();
        // the quiet ones first: what the others leave in the kernel's tables lasts a minute
        all.put("scale", new Scale());
        all.put("manager", new ManagerCost());
        all.put("logs", new LogPath());
        all.put("recovery", new Recovery());
        all.put("steady", new SteadyState());
        all.put("deploys", new Deploys());
        all.put("causes", new Causes());
        return all;
    }

    private static void delete(Path directory) {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) Files.delete(file);
        } catch (IOException e) {
            System.err.println("bench: " + directory + " could not be deleted: " + e);
        }
    }
}
