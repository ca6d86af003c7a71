package nary.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import nary.bench.peer.App;
import nary.bench.peer.Bare;
import nary.bench.peer.Cluster;
import nary.bench.peer.Gunicorn;
import nary.bench.peer.Nary;
import nary.bench.peer.Naught;
import nary.bench.peer.Neighboured;
import nary.bench.peer.Pm2;
import nary.bench.peer.Service;
import nary.bench.peer.SignalledNary;
import nary.bench.result.Results;

/** What all benchmarks share: the apps, the ways to run them, where the figures go. */
public final class Stage {
    private final Options options;
    private final Results results;
    private final Path root;
    private final Path scratch;
    private final AtomicInteger count = new AtomicInteger();

    /**
     * @param root of the repository
     * @param scratch empty; on a disk, not in memory
     */
    Stage(Options options, Results results, Path root, Path scratch) {
        this.options = options;
        this.results = results;
        this.root = root;
        this.scratch = scratch;
    }

    Options options() {
        return options;
    }

    Results results() {
        return results;
    }

    Path apps() {
        return root.resolve("bench/apps");
    }

    /** What bench/run has compiled. */
    Path builtApps() {
        return root.resolve("target/bench/apps");
    }

    Path folder(String name) throws IOException {
        return Files.createDirectories(scratch.resolve(count.incrementAndGet() + "-" + name));
    }

    App node() {
        return new App("Node", List.of("node", apps().resolve("server.js").toString(), App.PORT), Map.of(), 1000);
    }

    App go() {
        return new App("Go", List.of(builtApps().resolve("goserver").toString(), App.PORT), Map.of(), 1000);
    }

    App jdk() {
        return jdk(1024);
    }

    /** With Nagle's algorithm off: on, the JDK's server answers on kept connections 40 ms late. */
    App jdk(int heapMegabytes) {
        String java = Path.of(System.getProperty("java.home"), "bin/java").toString();
        List<String> words = List.of(
                java, "-XX:+UseSerialGC", "-Xmx" + heapMegabytes + "m", "-Dsun.net.httpserver.nodelay=true", "-cp", builtApps().toString(), "JdkServer", App.PORT);
        return new App("JDK", words, Map.of(), 1000);
    }

    App python() {
        List<String> words = List.of("gunicorn", "-w", "1", "-b", "0.0.0.0:" + App.PORT, "--chdir", apps().toString(), "--log-level", "error", "wsgi:app");
        return new App("Python", words, Map.of("PYTHONDONTWRITEBYTECODE", "1"), 200);
    }

    Service bare(App app) throws IOException {
        return new Bare(app, folder("bare"));
    }

    Service neighboured(App app) throws IOException {
        return new Neighboured(app, folder("beside"));
    }

    Nary signalledNary(App app, int workers) throws IOException {
        return new SignalledNary(root.resolve("nary"), app, workers, folder("nary"));
    }

    Nary nary(App app, int workers, String... more) throws IOException {
        return new Nary(root.resolve("nary"), app, workers, folder("nary"), List.of(more));
    }

    Service cluster(App app, int workers) throws IOException {
        return new Cluster(apps().resolve("cluster.js"), app, workers, folder("cluster"));
    }

    Service pm2(App app, int workers) throws IOException {
        return new Pm2(root.resolve(".cache/bench/node_modules/pm2/bin/pm2"), app, workers, folder("pm2"));
    }

    Service naught(App app, int workers) throws IOException {
        return new Naught(root.resolve(".cache/bench/node_modules/naught/lib/main.js"), app, workers, folder("naught"));
    }

    Service gunicorn(int workers) throws IOException {
        return new Gunicorn(python(), workers, folder("gunicorn"));
    }
}
