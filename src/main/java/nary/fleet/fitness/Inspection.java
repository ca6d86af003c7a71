package nary.fleet.fitness;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Function;
import nary.fleet.Crowd;
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

/** Looks at servers, many at a time ({@link Crowd}), and makes them ready. */
public final class Inspection {
    private static final Duration LOOK_LIMIT = Duration.ofMinutes(1);
    /** Packages may have to be fetched. */
    private static final Duration PREPARE_LIMIT = Duration.ofMinutes(15);

    private final Remotes remotes;
    private final Function<String, @Nullable String> variables;
    private final Trouble trouble;

    /** @param variables of this command, for balancers that need a secret @param ssh how ssh is called by hand, for advice: {@code ssh -F FILE} */
    public Inspection(Remotes remotes, Function<String, @Nullable String> variables, String ssh) {
        this.remotes = remotes;
        this.variables = variables;
        this.trouble = new Trouble(ssh);
    }

    /** What is wrong with one build's server; nothing, perhaps. @param isReached it could be asked */
    public record Report(Host host, Target target, List<Fault> faults, boolean isReached) {}

    /** What was done to one build's server. @param isDone every step succeeded */
    public record Preparation(Host host, Target target, List<String> lines, boolean isDone) {}

    private record Spot(Host host, Target target) {}

    private interface Step<S, T> {
        T of(S one) throws InterruptedException;
    }

    /** In the order of the file. */
    public List<Report> check(List<Target> targets) throws IOException, InterruptedException {
        List<Spot> spots = new ArrayList<>();
        for (Target target : targets) for (Host host : target.servers()) spots.add(new Spot(host, target));
        return each(spots, this::report);
    }

    private Report report(Spot spot) throws InterruptedException {
        Wanted wanted = Wanted.of(spot.target());
        List<Fault> faults = new ArrayList<>();
        boolean isReached = true;
        try {
            faults.addAll(Judgement.of(wanted, facts(spot.host(), wanted.questions())));
        } catch (RemoteException e) {
            isReached = false;
            faults.add(trouble.of(e, spot.host()));
        }
        balancerFault(spot.host(), spot.target()).ifPresent(faults::add);
        return new Report(spot.host(), spot.target(), faults, isReached);
    }

    private Optional<Fault> balancerFault(Host host, Target target) throws InterruptedException {
        if (target.balancers().isEmpty()) return Optional.empty();
        try (LoadBalancer balancer = Balancers.of(target.balancers(), remotes, variables)) {
            balancer.look(host);
            return Optional.empty();
        } catch (BalancerException e) {
            return Optional.of(Trouble.of(e, target));
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
            for (List<String> each : each(hosts, host -> differences(host, questions, other, there))) lines.addAll(each);
        }
        return lines;
    }

    private List<String> differences(Host host, List<String> questions, Host other, Facts there) throws InterruptedException {
        try {
            return Difference.between(host.name(), facts(host, questions), other.name(), there);
        } catch (RemoteException e) {
            return List.of(String.valueOf(e.getMessage()));
        }
    }

    /** Many servers at a time; on each, one build after the other, for they change the same things. In the order of the servers. @param isDry nothing is changed */
    public List<Preparation> prepare(List<Target> targets, boolean isDry) throws IOException, InterruptedException {
        Map<String, List<Spot>> byServer = new LinkedHashMap<>();
        for (Target target : targets)
            for (Host host : target.servers()) byServer.computeIfAbsent(host.address() + " " + host.port(), _ -> new ArrayList<>()).add(new Spot(host, target));
        List<Preparation> all = new ArrayList<>();
        for (List<Preparation> each : each(byServer.values(), spots -> inTurn(spots, isDry))) all.addAll(each);
        return all;
    }

    private List<Preparation> inTurn(List<Spot> spots, boolean isDry) throws InterruptedException {
        List<Preparation> all = new ArrayList<>();
        for (Spot spot : spots) all.add(prepare(spot.host(), spot.target(), isDry));
        return all;
    }

    private Preparation prepare(Host host, Target target, boolean isDry) throws InterruptedException {
        if (Wanted.of(target).steps().isEmpty()) return new Preparation(host, target, List.of(), true);
        List<String> arguments = new ArrayList<>(List.of(isDry ? "yes" : "no"));
        arguments.addAll(Wanted.of(target).steps());
        try {
            Answer answer = remotes.to(host).ask(Command.script(script("prepare.sh"), arguments).within(PREPARE_LIMIT));
            List<String> lines = new ArrayList<>(answer.out().lines().map(Inspection::sentence).toList());
            if (answer.exit() != 0) answer.err().strip().lines().forEach(lines::add);
            return new Preparation(host, target, lines, answer.exit() == 0);
        } catch (RemoteException e) {
            Fault fault = trouble.of(e, host);
            return new Preparation(host, target, List.of(fault.text(), "  mend it: " + fault.fix()), false);
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

    private static <S, T> List<T> each(Collection<S> all, Step<S, T> step) throws IOException, InterruptedException {
        return Crowd.ask(all.stream().<Callable<T>>map(one -> () -> step.of(one)).toList());
    }

    /** With what the scripts have in common before it. */
    static String script(String name) {
        return resource("common.sh") + resource(name);
    }

    private static String resource(String name) {
        try (InputStream in = Inspection.class.getResourceAsStream(name)) {
            if (in == null) throw new IllegalStateException("nary is incomplete: there is no " + name);
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
