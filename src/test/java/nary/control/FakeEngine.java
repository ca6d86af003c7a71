package nary.control;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import nary.config.Launch;
import nary.config.Maintenance;
import nary.id.WorkerId;
import nary.supervisor.Notice;
import nary.supervisor.Outcome;

/** An engine without processes: a deploy goes on until it is finished or aborted by the test. */
public final class FakeEngine implements Engine {
    Optional<Maintenance> closed = Optional.empty();

    public static final Status STATUS = new Status(
            new Status.App("web", List.of("node", "server.js"), "/srv/current", 3, "surge", "listen", Duration.ofMillis(12300), "online", 99, ""),
            Optional.of(new Status.Deploy("pid 7", Duration.ofMillis(1500), "draining")),
            List.of(
                    new Status.Worker(0, 3, 123, "serving", Duration.ofMillis(1200), 0, 5, 0, 4096, 123456, List.of("0.0.0.0:8080"), Optional.empty(), "stalled", "warming up"),
                    new Status.Worker(1, 3, 0, "waiting", Duration.ZERO, 4, 0, 0, 0, 0, List.of(), Optional.of(Duration.ofSeconds(8)), "", "")),
            List.of("0.0.0.0:8080"),
            List.of("udp 0.0.0.0:53"));

    public static final Launch LAUNCH = new Launch(
            new nary.config.Release(List.of("node", "server.js"), "/srv/current", "/srv/r1", java.util.Map.of("A", "1")),
            nary.config.Settings.defaults(),
            new Launch.Files("/i", "/p", "/l", "/o", "/e"));

    public final List<DeployChange> deploys = new CopyOnWriteArrayList<>();
    public final List<String> stops = new CopyOnWriteArrayList<>();
    private final List<Consumer<Notice>> listeners = new CopyOnWriteArrayList<>();
    private final BlockingQueue<Consumer<Outcome>> deploying = new ArrayBlockingQueue<>(1);
    private final CompletableFuture<Integer> end = new CompletableFuture<>();

    /** Boots at once, or fails if the command is {@code false}, or never, if it is {@code never}. */
    public static FakeEngine start(Launch launch, Consumer<Notice> notices, Consumer<Outcome> started) {
        FakeEngine engine = new FakeEngine();
        engine.listeners.add(notices);
        engine.say("SpawnNew", "worker 1.0 boots");
        switch (launch.release().command().getFirst()) {
            case "false" -> {
                started.accept(new Outcome.Failed("the app did not boot: exit code 1", Optional.of(new WorkerId(1, 0, 1))));
                engine.end.complete(1);
            }
            case "never" -> engine.say("Booting", "and boots");
            case "die" -> Runtime.getRuntime().halt(66);
            default -> started.accept(new Outcome.Done("1 worker serves"));
        }
        return engine;
    }

    @Override
    public nary.config.Variables variables() {
        return LAUNCH.release().variables();
    }

    @Override
    public Launch launch() {
        return LAUNCH;
    }

    public void say(String name, String text) {
        for (var listener : listeners) listener.accept(new Notice(name, Optional.of(new WorkerId(1, 0, 1)), text));
    }

    public int listeners() {
        return listeners.size();
    }

    /** Ends the deploy in progress. */
    public void finish(Outcome outcome) throws InterruptedException {
        deploying.take().accept(outcome);
    }

    public boolean isDeploying() {
        return !deploying.isEmpty();
    }

    @Override
    public AutoCloseable follow(Consumer<Notice> listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    @Override
    public void deploy(DeployChange change, Consumer<Outcome> reply) {
        deploys.add(change);
        if (!deploying.offer(reply)) reply.accept(new Outcome.Refused("a deploy by pid 7 runs since 3 s"));
        else say("SpawnNew", "worker 2.0 boots");
    }

    @Override
    public void scale(ScaleChange change, Consumer<Outcome> reply) {
        reply.accept(new Outcome.Done(change.of(2) + " workers online"));
    }

    @Override
    public void abort(Consumer<Outcome> reply) {
        Consumer<Outcome> deploy = deploying.poll();
        if (deploy == null) {
            reply.accept(new Outcome.Refused("no deploy in progress"));
            return;
        }
        deploy.accept(new Outcome.Aborted("aborted: generation 1 serves as before"));
        reply.accept(new Outcome.Done("deploy aborted"));
    }

    @Override
    public void stop(Optional<Duration> timeout, String by, Consumer<Outcome> reply) {
        stops.add(by);
        reply.accept(new Outcome.Done("stopped"));
        end.complete(0);
    }

    @Override
    public void close(Optional<Maintenance> how, String by, Consumer<Outcome> reply) {
        closed = how;
        reply.accept(new Outcome.Done(how.isPresent() ? "closed" : "open again"));
    }

    @Override
    public void reopenLogs(Consumer<Outcome> reply) {
        reply.accept(new Outcome.Done("the logs are opened again"));
    }

    @Override
    public Status status() {
        return STATUS;
    }

    @Override
    public List<String> lastErrors(WorkerId worker) {
        return List.of("Error: no module", "    at " + worker);
    }

    @Override
    public int awaitEnd() {
        return end.join();
    }
}
