package nary.fleet.fitness;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import nary.fleet.Host;
import nary.fleet.balancer.BalancerException;
import nary.fleet.balancer.Balancers;
import nary.fleet.balancer.LoadBalancer;
import nary.fleet.spec.Target;
import nary.fleet.ssh.Answer;
import nary.fleet.ssh.Command;
import nary.fleet.ssh.RemoteException;
import nary.fleet.ssh.Remotes;
import org.jspecify.annotations.Nullable;

/** Looks at servers, all at once, and makes them ready. */
public final class Inspection {
    private static final Duration LOOK_LIMIT = Duration.ofMinutes(1);
    /** Packages may have to be fetched. */
    private static final Duration PREPARE_LIMIT = Duration.ofMinutes(15);

    private final Remotes remotes;
    private final Function<String, @Nullable String> variables;

    /** @param variables of this command, for balancers that need a secret */
    public Inspection(Remotes remotes, Function<String, @Nullable String> variables) {
        this.remotes = remotes;
        this.variables = variables;
    }

    /** What is wrong with one build's server; nothing, perhaps. */
    public record Report(Host host, Target target, List<Fault> faults) {}

    /** What was done to one build's server. @param isDone every step succeeded */
    public record Preparation(Host host, Target target, List<String> lines, boolean isDone) {}

    private interface Work<T> {
        T on(Host host, Target target) throws InterruptedException;
    }

    /** In the order of the file. */
    public List<Report> check(List<Target> targets) throws InterruptedException {
        return everywhere(targets, (host, target) -> new Report(host, target, faults(host, target)));
    }

    private List<Fault> faults(Host host, Target target) throws InterruptedException {
        Wanted wanted = Wanted.of(target);
        List<Fault> faults = new ArrayList<>();
        try {
            faults.addAll(Judgement.of(wanted, facts(host, wanted.questions())));
        } catch (RemoteException e) {
            faults.add(new Fault(String.valueOf(e.getMessage()), "ssh " + host.address() + " true"));
        }
        balancerFault(host, target).ifPresent(faults::add);
        return faults;
    }

    private Optional<Fault> balancerFault(Host host, Target target) throws InterruptedException {
        if (target.balancers().isEmpty()) return Optional.empty();
        try (LoadBalancer balancer = Balancers.of(target.balancers(), remotes, variables)) {
            balancer.look(host);
            return Optional.empty();
        } catch (BalancerException e) {
            return Optional.of(new Fault(String.valueOf(e.getMessage()), "see loadBalancers in the fleet file, and the balancer's own configuration"));
        }
    }

    /** How each server differs from that one, a line each. */
    public List<String> differences(List<Target> targets, String working) throws InterruptedException, IOException {
        List<String> lines = new ArrayList<>();
        for (Target target : targets) {
            Host other = target.servers().stream().filter(host -> host.name().equalsIgnoreCase(working)).findFirst().orElse(null);
            if (other == null) continue;
            List<String> questions = Wanted.of(target).comparedQuestions();
            Facts there = facts(other, questions);
            List<Host> hosts = target.servers().stream().filter(host -> !host.equals(other)).toList();
            for (List<String> each : atOnce(hosts, host -> differences(host, questions, other, there))) lines.addAll(each);
        }
        return lines;
    }

    private List<String> differences(Host host, List<String> questions, Host other, Facts there) throws InterruptedException {
        try {
            return Difference.between(host.name(), facts(host, questions), other.name(), there);
        } catch (RemoteException e) {
            return List.of(host.name() + ": " + e.getMessage());
        }
    }

    /** @param isDry nothing is changed */
    public List<Preparation> prepare(List<Target> targets, boolean isDry) throws InterruptedException {
        return everywhere(targets, (host, target) -> prepare(host, target, isDry));
    }

    private Preparation prepare(Host host, Target target, boolean isDry) throws InterruptedException {
        List<String> arguments = new ArrayList<>(List.of(isDry ? "yes" : "no"));
        arguments.addAll(Wanted.of(target).steps());
        try {
            Answer answer = remotes.to(host).ask(Command.script(script("prepare.sh"), arguments).within(PREPARE_LIMIT));
            List<String> lines = new ArrayList<>(answer.out().lines().map(Inspection::sentence).toList());
            if (answer.exit() != 0) answer.err().strip().lines().forEach(lines::add);
            return new Preparation(host, target, lines, answer.exit() == 0);
        } catch (RemoteException e) {
            return new Preparation(host, target, List.of(String.valueOf(e.getMessage())), false);
        }
    }

    /** {@code did}, {@code nothing}, {@code would}, {@code failed} and what. */
    private static String sentence(String line) {
        String[] parts = line.split("\t", 2);
        if (parts.length < 2) return line;
        return switch (parts[0]) {
            case "would" -> "would do: " + parts[1];
            case "failed" -> "FAILED: " + parts[1];
            case "nothing" -> parts[1] + " (nothing to do)";
            default -> parts[1];
        };
    }

    private Facts facts(Host host, List<String> questions) throws RemoteException, InterruptedException {
        Command command = Command.script(script("check.sh"), questions).within(LOOK_LIMIT);
        return Facts.parse(remotes.to(host).expect(command));
    }

    private <T> List<T> everywhere(List<Target> targets, Work<T> work) throws InterruptedException {
        record Spot(Host host, Target target) {}
        List<Spot> spots = new ArrayList<>();
        for (Target target : targets) for (Host host : target.servers()) spots.add(new Spot(host, target));
        return atOnce(spots, spot -> work.on(spot.host(), spot.target()));
    }

    private interface Step<S, T> {
        T of(S one) throws InterruptedException;
    }

    private static <S, T> List<T> atOnce(List<S> all, Step<S, T> step) throws InterruptedException {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<T>> asked = new ArrayList<>();
            for (S each : all) asked.add(threads.submit(() -> step.of(each)));
            List<T> results = new ArrayList<>();
            for (Future<T> each : asked) results.add(get(each));
            return results;
        }
    }

    private static <T> T get(Future<T> future) throws InterruptedException {
        try {
            return future.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
    }

    static String script(String name) {
        try (InputStream in = Inspection.class.getResourceAsStream(name)) {
            if (in == null) throw new IllegalStateException("nary is incomplete: there is no " + name);
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
