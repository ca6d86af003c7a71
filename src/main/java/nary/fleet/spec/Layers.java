package nary.fleet.spec;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import nary.config.Problems;
import nary.config.Section;
import nary.config.Suggest;
import nary.fleet.Host;
import nary.fleet.balancer.BalancerSpec;

/** The settings of one environment of one build: each is the environment's, else the build's, else the file's. */
final class Layers {
    static final Duration DEFAULT_WAIT = Duration.ofSeconds(30);
    private static final Pattern DIRECTORY = Pattern.compile("[A-Za-z0-9/._][^\\s'\"\\\\$`;&|<>*?(){}\\[\\]!#~]*");
    private static final String DEFAULT_ROOT = "/srv/";

    private final List<Section> sections;
    private final Path file;
    private final Problems problems;

    /** @param sections the nearest first */
    Layers(List<Section> sections, Path file, Problems problems) {
        this.sections = sections;
        this.file = file;
        this.problems = problems;
    }

    /** Looks at all keys, so that none of them is unknown and what is wrong is found, also where no environment uses it. */
    void touch() {
        target("?", "?", List.of());
    }

    Target target(String build, String environment, List<Host> servers) {
        Optional<String> site = first(it -> it.text("site"));
        Duration wait = first(it -> it.parsed("waitSeconds", nary.config.Durations::parse)).orElse(DEFAULT_WAIT);
        return new Target(
                build,
                environment,
                servers,
                site,
                directory(build),
                path("package"),
                path("parameters"),
                command(),
                first(it -> it.section("app").map(Layers::app)),
                first(it -> it.section("commands").map(Layers::services)).orElse(Target.Services.NONE),
                shared(),
                balancers(wait),
                first(it -> it.section("health").map(this::health)),
                tactics(servers),
                hooks(),
                first(it -> it.bool("in-place")).orElse(false),
                first(it -> it.text("nary")).orElse("nary"),
                first(it -> it.section("prepare").map(Needs::read)).orElse(Needs.NONE),
                sections.getFirst().place());
    }

    private <T> Optional<T> first(Function<Section, Optional<T>> read) {
        Optional<T> found = Optional.empty();
        for (Section section : sections) {
            Optional<T> here = read.apply(section);
            if (found.isEmpty()) found = here;
        }
        return found;
    }

    /** A list that is there counts as a whole, also an empty one. */
    private List<String> texts(String key) {
        return first(it -> {
            List<String> texts = it.texts(key);
            return it.has(key) ? Optional.of(texts) : Optional.empty();
        }).orElse(List.of());
    }

    private String directory(String build) {
        return first(it -> it.parsed("directory", Layers::directoryName)).orElse(DEFAULT_ROOT + Names.slug(build));
    }

    private static String directoryName(String text) {
        String bare = text.length() > 1 && text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
        boolean climbs = List.of(bare.split("/")).contains("..");
        if (DIRECTORY.matcher(bare).matches() && !climbs && !bare.equals("/")) return bare;
        throw new IllegalArgumentException("'" + text + "' is no path without blanks and signs that a shell knows, e.g. /srv/web, or sites/web below the home directory there");
    }

    private Optional<Path> path(String key) {
        return first(it -> it.parsed(key, text -> file.resolveSibling(text).normalize()));
    }

    private List<String> command() {
        List<String> command = new ArrayList<>(texts("command"));
        command.addAll(texts("arguments"));
        return command;
    }

    private List<String> shared() {
        List<String> shared = texts("shared");
        for (String each : shared) {
            boolean isBelow = !each.isBlank() && !each.startsWith("/") && !List.of(each.split("/")).contains("..") && !each.contains("\n");
            if (!isBelow) complain("shared", "'" + each + "' is no path below the release, e.g. uploads or var/log");
        }
        return shared;
    }

    private void complain(String key, String what) {
        sections.stream().filter(it -> it.has(key)).findFirst().ifPresent(it -> it.complain(key, what));
    }

    private static Target.App app(Section section) {
        section.require("command", "\"command\": [ \"node\", \"server.js\" ]");
        List<String> command = section.texts("command");
        List<String> options = new ArrayList<>();
        for (String name : section.names()) {
            if (name.equals("command") || name.startsWith("x-")) continue;
            if (name.equals("env")) section.textMap("env").forEach((key, value) -> options.add("--env=" + key + "=" + value));
            else section.texts(name).forEach(value -> options.add("--" + name + "=" + value));
        }
        return new Target.App(command, options);
    }

    private static Target.Services services(Section section) {
        var services = new Target.Services(section.texts("stop"), section.texts("start"));
        section.end();
        return services;
    }

    private Target.Health health(Section section) {
        Optional<String> url = section.parsed("url", Layers::url);
        List<String> command = section.texts("command");
        boolean namesRelease = section.bool("namesRelease").orElse(true);
        Duration limit = section.duration("timeout").orElse(Duration.ofSeconds(60));
        if (url.isEmpty() && command.isEmpty()) problems.add(section.place(), "health: \"url\" or \"command\" is missing, e.g. \"url\": \"http://127.0.0.1:8080/health\"");
        section.end();
        return new Target.Health(url, command, namesRelease, limit);
    }

    private static String url(String text) {
        boolean isUrl = text.matches("https?://[^\\s'\"\\\\]+");
        if (isUrl) return text;
        throw new IllegalArgumentException("'" + text + "' is no URL, e.g. http://127.0.0.1:8080/health");
    }

    private Target.Tactics tactics(List<Host> servers) {
        var tactics = new TacticsLayers(sections.stream().flatMap(it -> it.section("strategy").stream()).toList());
        Target.Tactics read = tactics.read();
        List<String> names = servers.stream().map(Host::name).toList();
        boolean isUnknown = read.canary().filter(it -> names.stream().noneMatch(name -> Names.same(name, it))).isPresent();
        if (isUnknown && !names.isEmpty())
            problems.add(sections.getFirst().place(), "strategy: the canary '" + read.canary().get() + "' is none of the servers here" + Suggest.text(read.canary().get(), names));
        return read;
    }

    private Map<Hook, List<String>> hooks() {
        Map<Hook, List<String>> hooks = new EnumMap<>(Hook.class);
        for (Section section : sections) {
            Optional<Section> group = section.section("hooks");
            if (group.isEmpty()) continue;
            for (Hook hook : Hook.values()) {
                List<String> command = group.get().texts(hook.key());
                if (!command.isEmpty()) hooks.putIfAbsent(hook, command);
            }
            group.get().end();
        }
        return hooks;
    }

    private List<BalancerSpec> balancers(Duration wait) {
        return first(it -> {
            List<BalancerSpec> specs = new Balancers(problems, wait).read(it);
            return it.has("loadBalancers") ? Optional.of(specs) : Optional.empty();
        }).orElse(List.of());
    }
}
