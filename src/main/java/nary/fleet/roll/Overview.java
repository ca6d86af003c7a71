package nary.fleet.roll;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.function.Function;
import nary.fleet.Crowd;
import nary.fleet.Host;
import nary.fleet.balancer.Balancers;
import nary.fleet.balancer.LoadBalancer;
import nary.fleet.balancer.Pool;
import nary.fleet.balancer.Standing;
import nary.fleet.spec.Target;
import nary.fleet.ssh.Remotes;
import org.jspecify.annotations.Nullable;

/** How the servers of an environment are, many asked at a time ({@link Crowd}); nothing is changed. */
public final class Overview {
    private final Remotes remotes;
    private final Function<String, @Nullable String> variables;

    public Overview(Remotes remotes, Function<String, @Nullable String> variables) {
        this.remotes = remotes;
        this.variables = variables;
    }

    /**
     * One build on one server.
     *
     * @param release empty: none
     * @param health {@code ok}, or what is wrong
     * @param rotation in the balancer's own words; empty where there is none
     * @param isWell it is reached, healthy and, where something balances, in rotation
     * @param others beside it in the balancer
     */
    public record Row(Host host, Target target, Optional<String> release, String health, String rotation, String connections, boolean isWell, Optional<Pool> others) {}

    /** In the order of the file. */
    public List<Row> rows(List<Target> targets) throws IOException, InterruptedException {
        List<Callable<Row>> questions = new ArrayList<>();
        for (Target target : targets) for (Host host : target.servers()) questions.add(() -> row(host, target));
        return Crowd.ask(questions);
    }

    private Row row(Host host, Target target) throws InterruptedException {
        Optional<String> release = Optional.empty();
        String health;
        String connections = "-";
        try {
            Site site = new Site(remotes.to(host), target, _ -> {});
            release = site.release();
            health = release.isEmpty() ? "no release yet" : health(site);
            connections = Integer.toString(site.connections());
        } catch (IOException e) {
            health = String.valueOf(e.getMessage());
        }
        return withRotation(new Row(host, target, release, health, "", connections, health.equals("ok"), Optional.empty()));
    }

    private static String health(Site site) throws IOException, InterruptedException {
        String closed = site.target().app().isPresent() ? new Runner(site).closed() : "";
        return closed.isEmpty() ? new Pulse(site).trouble(Optional.empty()).orElse("ok") : closed;
    }

    private Row withRotation(Row row) throws InterruptedException {
        if (row.target.balancers().isEmpty()) return row;
        try (LoadBalancer balancer = Balancers.of(row.target.balancers(), remotes, variables)) {
            Standing standing = balancer.look(row.host);
            boolean isIn = standing.state() == Standing.State.IN || standing.state() == Standing.State.UNKNOWN;
            String connections = standing.connections().isPresent() ? Integer.toString(standing.connections().getAsInt()) : row.connections;
            return new Row(row.host, row.target, row.release, row.health, word(standing), connections, row.isWell && isIn, balancer.pool(row.host));
        } catch (IOException e) {
            return new Row(row.host, row.target, row.release, row.health, String.valueOf(e.getMessage()), row.connections, false, Optional.empty());
        }
    }

    private static String word(Standing standing) {
        String word = switch (standing.state()) {
            case IN -> "in";
            case DRAINING -> "draining";
            case OUT -> "out";
            case DOWN -> "down";
            case UNKNOWN -> "not known";
        };
        return word + " (" + standing.text() + ")";
    }

    /** Servers that have another release than most of those of the same build, with the one that most have. */
    public static Map<String, String> drift(List<Row> rows) {
        Map<String, Map<String, Integer>> counts = new TreeMap<>();
        for (Row row : rows) counts.computeIfAbsent(row.target.build(), _ -> new TreeMap<>()).merge(row.release.orElse("none"), 1, Integer::sum);
        Map<String, String> drift = new TreeMap<>();
        for (Row row : rows) {
            Map<String, Integer> count = counts.get(row.target.build());
            if (count == null) continue;
            String most = count.entrySet().stream().max(Map.Entry.comparingByValue()).map(Map.Entry::getKey).orElse("none");
            if (!most.equals(row.release.orElse("none"))) drift.put(row.target.build() + " on " + row.host.name(), most);
        }
        return drift;
    }
}
