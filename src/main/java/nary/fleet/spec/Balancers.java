package nary.fleet.spec;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import nary.config.Numbers;
import nary.config.Problems;
import nary.config.Section;
import nary.config.Tree;
import nary.fleet.Host;
import nary.fleet.balancer.BalancerSpec;

/** {@code loadBalancers}: a list of objects, each of a type. */
final class Balancers {
    private final Problems problems;
    private final Duration wait;

    /** @param wait where an entry has none of its own */
    Balancers(Problems problems, Duration wait) {
        this.problems = problems;
        this.wait = wait;
    }

    List<BalancerSpec> read(Section layer) {
        List<BalancerSpec> specs = new ArrayList<>();
        for (Section section : layer.sections("loadBalancers")) {
            section.require("type", "\"type\": \"haproxy\"");
            Optional<String> type = section.oneOf("type", "haproxy", "monitor-file", "http", "exec");
            Optional<String> name = section.text("name");
            Optional<BalancerSpec> spec = type.flatMap(it -> read(it, section, name.orElse(it)));
            // of an unknown type no key is known
            if (type.isPresent()) section.end();
            spec.ifPresent(it -> add(it, section, specs));
        }
        return specs;
    }

    private static void add(BalancerSpec spec, Section section, List<BalancerSpec> specs) {
        if (specs.stream().anyMatch(it -> it.name().equals(spec.name())))
            section.complain("name", "two load balancers are called '" + spec.name() + "'; give each a \"name\" of its own");
        else specs.add(spec);
    }

    private Optional<BalancerSpec> read(String type, Section section, String name) {
        return switch (type) {
            case "haproxy" -> haproxy(section, name);
            case "monitor-file" -> monitorFile(section, name);
            case "http" -> http(section, name);
            default -> exec(section, name);
        };
    }

    private Duration wait(Section section) {
        return section.duration("waitSeconds").orElse(wait);
    }

    private Optional<BalancerSpec> haproxy(Section section, String name) {
        section.require("socket", "\"socket\": \"/run/haproxy/admin.sock\", or HOST:PORT");
        Optional<String> socket = section.text("socket");
        Optional<Host> host = section.parsed("host", Host::of);
        List<String> backends = section.texts("backends");
        return socket.map(it -> new BalancerSpec.Haproxy(name, it, host, backends));
    }

    private Optional<BalancerSpec> monitorFile(Section section, String name) {
        section.require("file", "\"file\": \"/srv/web/shared/monitor.htm\"");
        Optional<String> file = section.text("file");
        Duration limit = wait(section);
        Optional<BalancerSpec.Call> probe = call(section, "probe");
        return file.map(it -> new BalancerSpec.MonitorFile(name, it, limit, probe));
    }

    private Optional<BalancerSpec> http(Section section, String name) {
        section.require("out", "\"out\": { \"method\": \"POST\", \"url\": \"https://lb/api/{name}/disable\" }");
        section.require("in", "\"in\": { \"method\": \"POST\", \"url\": \"https://lb/api/{name}/enable\" }");
        Optional<BalancerSpec.Call> out = call(section, "out");
        Optional<BalancerSpec.Call> in = call(section, "in");
        Optional<BalancerSpec.Call> probe = call(section, "probe");
        Duration limit = wait(section);
        if (out.isEmpty() || in.isEmpty()) return Optional.empty();
        return Optional.of(new BalancerSpec.Http(name, out.get(), in.get(), probe, limit));
    }

    private Optional<BalancerSpec> exec(Section section, String name) {
        section.require("out", "\"out\": [ \"./lb\", \"disable\" ]");
        section.require("in", "\"in\": [ \"./lb\", \"enable\" ]");
        List<String> out = section.texts("out");
        List<String> in = section.texts("in");
        List<String> probe = section.texts("probe");
        Duration limit = wait(section);
        if (out.isEmpty() || in.isEmpty()) return Optional.empty();
        return Optional.of(new BalancerSpec.Exec(name, out, in, probe.isEmpty() ? Optional.empty() : Optional.of(probe), limit));
    }

    private Optional<BalancerSpec.Call> call(Section section, String key) {
        Optional<Section> below = section.section(key);
        if (below.isEmpty()) return Optional.empty();
        Section call = below.get();
        call.require("url", "\"url\": \"https://lb/api/{name}\"");
        String method = call.text("method").orElse("GET");
        Optional<String> url = call.text("url");
        var headers = call.textMap("headers");
        Optional<String> body = call.text("body");
        List<Integer> statuses = statuses(call);
        Optional<String> expect = call.parsed("expect", Balancers::pattern);
        call.end();
        return url.map(it -> new BalancerSpec.Call(method, it, headers, body, statuses, expect));
    }

    private List<Integer> statuses(Section call) {
        List<Integer> statuses = new ArrayList<>();
        for (Tree.Scalar each : call.values("statuses")) {
            try {
                statuses.add(Numbers.integer(each.text(), 100, 599, ""));
            } catch (IllegalArgumentException e) {
                problems.add(each.place(), "statuses: " + e.getMessage());
            }
        }
        return statuses;
    }

    private static String pattern(String text) {
        try {
            return java.util.regex.Pattern.compile(text).pattern();
        } catch (java.util.regex.PatternSyntaxException e) {
            throw new IllegalArgumentException("'" + text + "' is no regular expression: " + e.getDescription());
        }
    }
}
