package nary.fleet.spec;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A fleet file.
 *
 * @param file where it was read from, absolute
 */
public record Fleet(Path file, List<Build> builds) {
    public Fleet {
        builds = List.copyOf(builds);
    }

    /** What relative paths of the operator's machine are relative to. */
    public Path folder() {
        return file.resolveSibling("");
    }

    /** Names of all environments, as first written, in the file's order. */
    public List<String> environments() {
        Map<String, String> names = new LinkedHashMap<>();
        for (Build build : builds) for (Target target : build.targets()) names.putIfAbsent(Names.fold(target.environment()), target.environment());
        return List.copyOf(names.values());
    }

    /** As the file spells it; empty if no build has it. */
    public Optional<String> environment(String name) {
        return environments().stream().filter(it -> Names.same(it, name)).findFirst();
    }

    /**
     * What a deploy to an environment consists of, in order: a build comes after all that it needs, else the file's order counts. A build
     * without the environment is left out.
     */
    public List<Target> targets(String environment) {
        List<Target> ordered = new ArrayList<>();
        for (Build build : builds) add(build, environment, ordered);
        return ordered;
    }

    private void add(Build build, String environment, List<Target> ordered) {
        Optional<Target> target = build.target(environment);
        if (target.isPresent() && ordered.contains(target.get())) return;
        // the reader has refused circles
        for (String needed : build.needs()) build(needed).ifPresent(it -> add(it, environment, ordered));
        target.ifPresent(ordered::add);
    }

    public Optional<Build> build(String name) {
        return builds.stream().filter(it -> Names.same(it.name(), name)).findFirst();
    }
}
