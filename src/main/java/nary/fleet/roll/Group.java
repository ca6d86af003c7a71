package nary.fleet.roll;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import nary.fleet.Host;
import nary.fleet.balancer.BalancerSpec;
import nary.fleet.plan.Stage;
import nary.fleet.spec.Target;

/**
 * Builds that are rolled as one: a build by itself, or all of a site. The same servers' balancers, one removal, one stop.
 *
 * @param targets at least one, in the order of their needs
 */
record Group(String name, List<Target> targets) {
    Group {
        targets = List.copyOf(targets);
    }

    /** In the order of their first builds. */
    static List<Group> of(List<Target> targets) {
        Map<String, List<Target>> groups = new LinkedHashMap<>();
        for (Target target : targets) groups.computeIfAbsent(target.servers().isEmpty() ? target.build() : target.group(), _ -> new ArrayList<>()).add(target);
        return groups.entrySet().stream().map(it -> new Group(it.getKey(), it.getValue())).toList();
    }

    /** Without servers: it runs on the operator's machine. */
    boolean isLocal() {
        return targets.getFirst().servers().isEmpty();
    }

    /** Each once, in the file's order. */
    List<Host> servers() {
        Map<String, Host> all = new LinkedHashMap<>();
        for (Target target : targets) for (Host host : target.servers()) all.putIfAbsent(host.name(), host);
        return List.copyOf(all.values());
    }

    List<Target> on(String server) {
        return targets.stream().filter(it -> it.servers().stream().anyMatch(host -> host.name().equals(server))).toList();
    }

    List<BalancerSpec> balancers() {
        Map<String, BalancerSpec> all = new LinkedHashMap<>();
        for (Target target : targets) for (BalancerSpec spec : target.balancers()) all.putIfAbsent(spec.name(), spec);
        return List.copyOf(all.values());
    }

    /** What the first build says holds for all. */
    Target.Tactics tactics() {
        return targets.getFirst().tactics();
    }

    Stage.Kind kind() {
        if (isLocal()) return Stage.Kind.LOCAL;
        if (targets.stream().allMatch(it -> it.isInPlace() && it.app().isPresent())) return Stage.Kind.IN_PLACE;
        return balancers().isEmpty() ? Stage.Kind.PLAIN : Stage.Kind.ROTATED;
    }

    /** @param wish what the operator asked for beside the file */
    Stage stage(Wish wish) {
        if (isLocal()) return new Stage(name, List.of(Stage.LOCAL), Stage.Kind.LOCAL, 1, Optional.empty(), 0, 0);
        List<String> names = servers().stream().map(Host::name).toList();
        Target.Tactics tactics = tactics();
        Optional<String> canary = wish.canary().or(tactics::canary).flatMap(it -> names.stream().filter(name -> name.equalsIgnoreCase(it)).findFirst());
        return new Stage(
                name,
                names,
                kind(),
                Math.max(1, wish.batch().orElse(tactics.batch()).atMost(names.size())),
                canary,
                Math.min(tactics.minHealthy().atLeast(names.size()), names.size()),
                wish.maxFailures().orElse(tactics.maxFailures()).atMost(names.size()));
    }
}
