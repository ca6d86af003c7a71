package nary.chaos;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import nary.demo.load.Attempt;
import nary.demo.load.Load;
import nary.demo.load.Plan;

/**
 * {@code bench/chaos}: a server under load, all commands of nary at random, and processes that are killed and stalled meanwhile. In the end
 * the books must balance: requests, processes, descriptors, exit codes, events.
 */
public final class Chaos {
    private static final int LIFE_SECONDS = 22;

    private final Ground ground;
    private final long seed;
    private final PrintStream out;
    private final Imbalances imbalances = new Imbalances();
    private final Witness witness = new Witness();
    private final Report report;
    private final List<Life> lives = new ArrayList<>();

    /**
     * @param server the built src/test/apps/chaos
     * @param prefix words before each command, which choose its user
     * @param directory empty; of that user
     */
    public Chaos(Path launcher, Path server, List<String> prefix, Path directory, long seed, PrintStream out) throws IOException {
        this.ground = new Ground(launcher, server, prefix, directory);
        this.seed = seed;
        this.out = out;
        this.report = new Report(out);
    }

    /** {@code --seed N --seconds S [--keep] LAUNCHER SERVER}. */
    public static void main(String[] arguments) throws Exception {
        List<String> words = new ArrayList<>(List.of(arguments));
        boolean keeps = words.remove("--keep");
        long seed = option(words, "--seed", System.nanoTime() % 100_000);
        long seconds = option(words, "--seconds", 60);
        if (words.size() != 2) {
            System.err.println("chaos [--seed N] [--seconds S] [--keep]");
            System.exit(2);
        }
        Path directory = Files.createTempDirectory("nary-chaos-").toRealPath();
        List<String> prefix = List.of("setsid", "env", "--default-signal=HUP,INT,TERM,CHLD");
        Chaos chaos = new Chaos(Path.of(words.get(0)), Path.of(words.get(1)), prefix, directory, seed, System.out);
        Runtime.getRuntime().addShutdownHook(new Thread(chaos.ground::kill));
        boolean isBalanced = chaos.run(seconds);
        if (keeps) System.out.println("kept: " + directory);
        else chaos.ground.delete();
        System.exit(isBalanced ? 0 : 1);
    }

    private static long option(List<String> words, String name, long otherwise) {
        int at = words.indexOf(name);
        if (at < 0) return otherwise;
        words.remove(at);
        return Long.parseLong(words.remove(at));
    }

    /** True if the books balance. Nothing lives on. */
    public boolean run(long seconds) throws Exception {
        out.println("chaos: seed " + seed + ", " + seconds + " s, port " + ground.port());
        Path books = ground.folder("books");
        long begun = System.nanoTime();
        List<Load> loads = load();
        try {
            live(books, seconds, begun);
        } catch (Life.Stuck e) {
            imbalances.add(e.getMessage());
        } finally {
            ground.kill();
            loads.forEach(Load::close);
        }
        List<Attempt> attempts = new ArrayList<>();
        for (Load load : loads) attempts.addAll(load.stop().attempts());
        settle(Book.all(books), attempts);
        return imbalances.isEmpty();
    }

    private List<Load> load() {
        Plan plan = Plan.of(ground.port()).withTimeout(Duration.ofSeconds(20)).withLimit(Duration.ofHours(24));
        return List.of(
                Load.start(plan.withClients(10, 0).withPause(Duration.ofMillis(10))),
                Load.start(plan.withClients(0, 4).withPause(Duration.ofMillis(600))),
                Load.start(plan.withClients(4, 0).withPath("/?ms=200").withPause(Duration.ofMillis(20))));
    }

    private void live(Path books, long seconds, long begun) throws Exception {
        int count = Math.max(1, Math.round((float) seconds / LIFE_SECONDS));
        long each = Duration.ofSeconds(seconds).toNanos() / count;
        long down = begun;
        for (int i = 1; i <= count; i++) {
            Life life = new Life(ground, ground.folder("life-" + i), books, new Plot(seed, i, ground.port()), witness, imbalances, report);
            lives.add(life);
            witness.isDown(down, life.start());
            life.live(begun + i * each);
            down = life.stop();
        }
        // the clients go on until they are told that it is over
        witness.isDown(down, down + Duration.ofHours(1).toNanos());
    }

    private void settle(List<Book> books, List<Attempt> attempts) throws IOException {
        List<Audit.Death> deaths = new ArrayList<>();
        int processes = 0;
        for (Life life : lives) {
            if (!Files.exists(life.scene().log())) continue;
            Journal journal = Journal.read(life.scene().log());
            List<Book> its = books.stream().filter(book -> life.daemon() == book.daemonPid()).toList();
            Registry registry = new Registry(journal, its, life.kills(), imbalances);
            registry.check(life.ends());
            deaths.addAll(registry.deaths());
            processes += registry.processes();
        }
        Audit audit = new Audit(deaths, witness, imbalances);
        audit.check(attempts);
        audit.balance(books);
        print(audit, processes, deaths.size());
    }

    private void print(Audit audit, int processes, int deaths) {
        out.println();
        audit.lines().forEach(out::println);
        out.println("processes                                 " + processes + ", " + deaths + " of them killed or failed, all reaped");
        out.println("commands, exit code, how often            " + new java.util.TreeMap<>(report.exits()));
        out.println();
        imbalances.shown().forEach(it -> out.println("IMBALANCE: " + it + "\n"));
        out.println("chaos: seed " + seed + ": " + (imbalances.isEmpty() ? "the books balance" : "the books do NOT balance"));
    }
}
