package nary.chaos;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import nary.control.NoDaemon;

/** One daemon, from its start to its stop. */
final class Life {
    private static final Pattern DEPLOYING = Pattern.compile("^deploying generation (\\d+) ");

    private final Ground ground;
    private final Path books;
    private final Plot plot;
    private final Witness witness;
    private final Imbalances imbalances;
    private final Report report;
    private final Scene scene;
    private final Mischief mischief;
    private final Truth truth;
    private final List<Command.End> ends = new ArrayList<>();
    private int newest = 1;
    private long daemon;

    Life(Ground ground, Path folder, Path books, Plot plot, Witness witness, Imbalances imbalances, Report report) {
        this.ground = ground;
        this.books = books;
        this.plot = plot;
        this.witness = witness;
        this.imbalances = imbalances;
        this.report = report;
        this.scene = new Scene(ground, folder);
        this.mischief = new Mischief(scene.ipc());
        this.truth = new Truth(imbalances);
    }

    /** It did not go on: nothing can be said about what would come after. */
    static final class Stuck extends Exception {
        private static final long serialVersionUID = 1L;

        Stuck(String message) {
            super(message);
        }
    }

    Scene scene() {
        return scene;
    }

    /** The supervisor's pid; 0 if there was none. */
    long daemon() {
        return daemon;
    }

    List<Mischief.Kill> kills() {
        return mischief.kills();
    }

    List<Command.End> ends() {
        return List.copyOf(ends);
    }

    /** @return when it could be reached by clients at the latest, {@link System#nanoTime} */
    long start() throws IOException, InterruptedException, NoDaemon, Stuck {
        Plot.Start start = plot.start();
        List<String> words = new ArrayList<>(List.of("start", "--worker-count", "" + start.workers(), "--env", "VERSION=" + start.version(), "--env", "BOOKS=" + books));
        words.addAll(List.of("--settle", "0.3", "--boot-timeout", "4", "--drain-timeout", "8", "--idle-grace", "0.1", "--stop-timeout", "8"));
        words.addAll(start.options());
        words.addAll(List.of("--", ground.server().toString(), "" + ground.port()));
        witness.mayAnswer(System.nanoTime(), Set.of(start.version()));
        report.say("start with " + start.workers() + " workers, " + String.join(" ", start.options()));
        Command.End end = scene.nary(words).await();
        ends.add(end);
        if (end.exit() != 0) throw new Stuck("it did not start: " + end);
        daemon = calm("the start").daemon();
        return end.ended();
    }

    /** Steps until the time is over, {@link System#nanoTime}; then all must be as it was at the start. */
    void live(long deadline) throws Exception {
        step(new Step(List.of(new Order(Order.Verb.RESTART, List.of("restart"), "", true, false, 0)), List.of()));
        Scene.Calm first = calm("the first restart");
        Held held = Held.by(first.daemon());
        while (System.nanoTime() - deadline < 0) step(plot.step());
        int workers = first.workers().values().stream().mapToInt(Integer::intValue).sum();
        step(new Step(List.of(plot.orderOf(workers)), List.of()));
        Held now = scene.heldAfter(first.daemon(), held);
        imbalances.expect(now.isNoMoreThan(held), "the supervisor held " + held + " and holds " + now);
        report.say("supervisor held " + held + ", holds " + now);
    }

    /** @return when it began, {@link System#nanoTime} */
    long stop() throws Exception {
        List<Fault> faults = plot.faultsOfStop();
        long begun = System.nanoTime();
        Command stop = scene.nary(List.of("stop"));
        var mishaps = inBackground(() -> commit(faults, List.of(), begun));
        Command.End end = stop.await();
        mishaps.get();
        ends.add(end);
        witness.mayAnswer(end.ended(), Set.of());
        report.ended("stop  " + (faults.isEmpty() ? "" : faults), end);
        imbalances.expect(end.exit() == 0, "the stop failed: " + end);
        Set<Long> left = ground.processes();
        imbalances.expect(left.isEmpty(), "processes were left behind by the stop: " + left);
        imbalances.expect(scene.leftFiles().isEmpty(), "files were left behind by the stop: " + scene.leftFiles());
        Command.End status = scene.nary(List.of("status")).await();
        imbalances.expect(status.exit() == 4, "status after the stop: " + status);
        return begun;
    }

    private void step(Step step) throws Exception {
        Scene.Calm before = calm("before " + step);
        report.say(step.toString());
        long begun = System.nanoTime();
        Set<String> now = witness.mayAnswer();
        Set<String> meanwhile = new HashSet<>(now);
        step.orders().stream().map(Order::version).filter(it -> !it.isEmpty()).forEach(meanwhile::add);
        witness.mayAnswer(begun, meanwhile);
        List<Command> commands = new ArrayList<>();
        Map<Order, Command.End> done = new LinkedHashMap<>();
        for (Order order : step.orders()) {
            pauseUntil(begun, order.afterMillis());
            commands.add(scene.nary(order.words()));
        }
        var mishaps = inBackground(() -> commit(step.faults(), commands, begun));
        for (int i = 0; i < commands.size(); i++) {
            Command.End end = commands.get(i).await();
            done.put(step.orders().get(i), end);
            report.ended("  " + step.orders().get(i).verb(), end);
        }
        ends.addAll(done.values());
        mishaps.get();
        Scene.Calm after = calm("after " + step);
        judge(step, done, before, after);
        long last = done.values().stream().mapToLong(Command.End::ended).max().orElse(begun);
        witness.mayAnswer(last, versions(after));
        newest = newestInLog();
    }

    private void judge(Step step, Map<Order, Command.End> done, Scene.Calm before, Scene.Calm after) {
        if (step.orders().isEmpty()) imbalances.expect(before.workers().equals(after.workers()), "without a command " + before + " became " + after);
        else if (step.isAlone()) done.forEach((order, end) -> truth.judge(step, order, end, before, after, newest));
        else truth.judgeTogether(done, after);
    }

    private Scene.Calm calm(String when) throws IOException, InterruptedException, NoDaemon, Stuck {
        Optional<Scene.Calm> calm = scene.calm();
        if (calm.isEmpty()) throw new Stuck("no calm " + when + ": " + scene.status() + ", processes " + ground.processes());
        return calm.get();
    }

    private Set<String> versions(Scene.Calm calm) throws IOException {
        return Book.all(books).stream()
                .filter(book -> book.daemonPid() == calm.daemon() && calm.workers().containsKey(book.generation()))
                .map(Book::version)
                .collect(Collectors.toSet());
    }

    /** Also one that was aborted before it had a worker has its number. */
    private int newestInLog() throws IOException {
        return Journal.read(scene.log()).lines().stream()
                .flatMap(line -> DEPLOYING.matcher(line.text()).results())
                .mapToInt(it -> Integer.parseInt(it.group(1)))
                .max()
                .orElse(1);
    }

    // what goes wrong

    private @org.jspecify.annotations.Nullable Void commit(List<Fault> faults, List<Command> commands, long begun) throws IOException, InterruptedException {
        for (Fault fault : faults) {
            pauseUntil(begun, fault.afterMillis());
            switch (fault.kind()) {
                case KILL, STALL, STALL_AND_KILL -> report.say("    " + mischief.against(fault));
                case INTERRUPT -> {
                    for (Command command : commands) command.interrupt();
                }
                case ABORT -> abort();
            }
        }
        return null;
    }

    private void abort() throws IOException, InterruptedException {
        Command.End end = scene.nary(List.of("deploy-abort")).await();
        report.ended("    DEPLOY-ABORT", end);
        imbalances.expect(Set.of(0, 1, 3).contains(end.exit()), "exit code of an abort: " + end);
    }

    private static void pauseUntil(long begun, int afterMillis) throws InterruptedException {
        long left = begun + afterMillis * 1_000_000L - System.nanoTime();
        if (left > 0) Thread.sleep(left / 1_000_000, (int) (left % 1_000_000));
    }

    private static FutureTask<@org.jspecify.annotations.Nullable Void> inBackground(Callable<@org.jspecify.annotations.Nullable Void> what) {
        var task = new FutureTask<>(what);
        Thread.ofPlatform().daemon().name("mischief").start(task);
        return task;
    }
}
