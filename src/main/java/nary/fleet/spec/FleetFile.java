package nary.fleet.spec;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import nary.config.ConfigException;
import nary.config.Document;
import nary.config.Problems;
import nary.config.Section;
import nary.config.Suggest;
import nary.config.Tree;

/** Reads a fleet file: {@code fleet.json}, {@code fleet.yml} or {@code fleet.yaml}. */
public final class FleetFile {
    public static final List<String> NAMES = List.of("fleet.json", "fleet.yml", "fleet.yaml");

    private final Path file;
    private final Section top;
    private final Problems problems;

    private FleetFile(Path file, Document document) {
        this.file = file;
        this.top = document.root();
        this.problems = document.problems();
    }

    /** The fleet file of a folder, if it has one. */
    public static Optional<Path> in(Path folder) {
        return NAMES.stream().map(folder::resolve).filter(Files::isRegularFile).findFirst();
    }

    /**
     * @param file absolute
     * @param name as the user typed it, for messages
     * @throws ConfigException with all that is wrong
     * @throws IOException if it cannot be read
     */
    public static Fleet read(Path file, String name) throws ConfigException, IOException {
        return read(file, Document.read(file, name));
    }

    /** A copy of a file that may have changed since. @param original what relative paths are relative to */
    public static Fleet readCopy(Path copy, Path original) throws ConfigException, IOException {
        return read(original, Document.read(copy, copy.toString()));
    }

    static Fleet read(Path file, Document document) throws ConfigException {
        Fleet fleet = new FleetFile(file, document).fleet();
        document.problems().orThrow();
        return fleet;
    }

    private Fleet fleet() {
        top.text("$schema");
        top.require("builds", "\"builds\": [ { \"name\": \"web\", \"environments\": [ { \"name\": \"QA\", \"servers\": [ \"web1\" ] } ] } ]");
        List<Build> builds = new ArrayList<>();
        List<Section> sections = top.sections("builds");
        for (Section section : sections) build(section).ifPresent(builds::add);
        checkNames(sections, "build");
        checkNeeds(sections, builds);
        new Layers(List.of(top), file, problems).touch();
        top.end();
        return new Fleet(file, builds);
    }

    private Optional<Build> build(Section section) {
        section.require("name", "\"name\": \"web\"");
        section.require("environments", "\"environments\": [ { \"name\": \"QA\", \"servers\": [ \"web1\" ] } ]");
        Optional<String> name = section.text("name");
        Optional<String> teamProject = section.text("teamProject");
        List<String> needs = section.texts("needs");
        List<Section> environments = section.sections("environments");
        List<Target> targets = new ArrayList<>();
        for (Section environment : environments) target(name.orElse("?"), section, environment).ifPresent(targets::add);
        checkNames(environments, "environment");
        new Layers(List.of(section), file, problems).touch();
        section.end();
        return name.map(it -> new Build(it, teamProject, needs, targets));
    }

    private Optional<Target> target(String build, Section section, Section environment) {
        environment.require("name", "\"name\": \"QA\"");
        Optional<String> name = environment.text("name");
        var servers = new Servers(problems).read(environment);
        var layers = new Layers(List.of(environment, section, top), file, problems);
        Optional<Target> target = name.map(it -> layers.target(build, it, servers));
        if (name.isEmpty()) layers.touch();
        environment.end();
        return target;
    }

    private void checkNames(List<Section> sections, String what) {
        Map<String, Section> seen = new LinkedHashMap<>();
        for (Section section : sections) {
            Optional<String> name = section.text("name");
            if (name.isEmpty()) continue;
            Section first = seen.putIfAbsent(Names.fold(name.get()), section);
            if (first != null)
                section.complain("name", "there are two " + what + "s of the name '" + name.get() + "', the first in line " + first.placeOf("name").line() + "; names differ by more than case");
        }
    }

    private void checkNeeds(List<Section> sections, List<Build> builds) {
        List<String> names = builds.stream().map(Build::name).toList();
        for (Section section : sections)
            for (Tree.Scalar needed : section.values("needs"))
                if (names.stream().noneMatch(it -> Names.same(it, needed.text())))
                    problems.add(needed.place(), "needs: there is no build '" + needed.text() + "'" + Suggest.text(needed.text(), names));
        for (int i = 0; i < builds.size() && i < sections.size(); i++) {
            Optional<String> circle = circle(builds, builds.get(i), new LinkedHashSet<>());
            if (circle.isPresent()) {
                sections.get(i).complain("needs", "the builds need each other in a circle: " + circle.get());
                return;
            }
        }
    }

    private static Optional<String> circle(List<Build> builds, Build build, Set<String> path) {
        String name = Names.fold(build.name());
        if (!path.add(name)) return Optional.of(String.join(" → ", path) + " → " + name);
        for (String needed : build.needs()) {
            Optional<Build> next = builds.stream().filter(it -> Names.same(it.name(), needed)).findFirst();
            Optional<String> circle = next.flatMap(it -> circle(builds, it, path));
            if (circle.isPresent()) return circle;
        }
        path.remove(name);
        return Optional.empty();
    }
}
