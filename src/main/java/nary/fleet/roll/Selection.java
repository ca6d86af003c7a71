package nary.fleet.roll;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import nary.config.ConfigException;
import nary.fleet.spec.Fleet;
import nary.fleet.spec.Names;
import nary.fleet.spec.Target;

/** Which builds a run is about, and whether the file says all that it needs of them. */
final class Selection {
    private Selection() {}

    static Wish again(String environment, Optional<String> build) {
        return new Wish(environment, build, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), false, false, false);
    }

    static List<Target> targets(Fleet fleet, Wish wish) {
        List<Target> targets = new ArrayList<>(fleet.targets(wish.environment()));
        // a release to go back to is on servers: what runs on the operator's machine has none
        if (wish.isRollback()) targets.removeIf(it -> it.servers().isEmpty());
        wish.build().ifPresent(name -> targets.removeIf(it -> !Names.same(it.build(), name)));
        return targets;
    }

    /** @throws ConfigException naming what is missing, and where it would stand */
    static void check(List<Group> groups, Wish wish) throws ConfigException {
        List<String> lines = new ArrayList<>();
        for (Group group : groups) for (Target target : group.targets()) check(group, target, wish).ifPresent(it -> lines.add(target.place() + ": " + it));
        if (!lines.isEmpty()) throw new ConfigException(lines);
    }

    private static Optional<String> check(Group group, Target target, Wish wish) {
        String name = target.build() + " in " + target.environment();
        if (group.isLocal())
            return target.command().isEmpty()
                    ? Optional.of(name + " has no servers, so its command runs on this machine, and there is none: add \"command\": [ \"./deploy\" ], or \"servers\"")
                    : Optional.empty();
        if (target.source().isEmpty() && !wish.isRollback()) return Optional.of(name + " has no package: add \"package\": \"build/web.tar.gz\" (a folder, .tar.gz, .zip or .jar)");
        if (target.isInPlace() && target.app().isEmpty()) return Optional.of(name + " is \"in-place\", which is for apps that nary runs: add \"app\": { \"command\": [ \"node\", \"server.js\" ] }");
        return Optional.empty();
    }
}
