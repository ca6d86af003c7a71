package nary.fleet.spec;

import java.util.List;
import java.util.Optional;

/**
 * One package and where it goes.
 *
 * @param needs names of builds that come before it
 * @param targets one for each of its environments
 */
public record Build(String name, Optional<String> teamProject, List<String> needs, List<Target> targets) {
    public Build {
        needs = List.copyOf(needs);
        targets = List.copyOf(targets);
    }

    public Optional<Target> target(String environment) {
        return targets.stream().filter(it -> Names.same(it.environment(), environment)).findFirst();
    }
}
