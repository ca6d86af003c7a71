package nary.fleet.spec;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import nary.config.Problems;
import nary.config.Section;
import nary.config.Tree;
import nary.fleet.Host;

/** Server entries: a name, or an object. */
final class Servers {
    private static final String KEY = "servers";

    private final Problems problems;

    Servers(Problems problems) {
        this.problems = problems;
    }

    List<Host> read(Section environment) {
        List<Host> hosts = new ArrayList<>();
        for (Tree item : environment.items(KEY)) {
            Optional<Host> host = switch (item) {
                case Tree.Scalar name when !name.isNothing() -> named(name);
                case Tree.Keys keys -> server(environment.section(KEY + "[" + hosts.size() + "]", keys));
                case Tree.Scalar _, Tree.Items _ -> {
                    problems.add(item.place(), "servers: a name is wanted, or { \"host\": \"web1\", … }, and this is " + item.what());
                    yield Optional.empty();
                }
            };
            host.ifPresent(it -> add(it, item, hosts));
        }
        return hosts;
    }

    private void add(Host host, Tree item, List<Host> hosts) {
        boolean isThere = hosts.stream().anyMatch(it -> Names.same(it.name(), host.name()));
        if (isThere) problems.add(item.place(), "servers: '" + host.name() + "' is there twice; give one of them a \"name\"");
        else hosts.add(host);
    }

    private Optional<Host> named(Tree.Scalar name) {
        try {
            return Optional.of(Host.of(name.text()));
        } catch (IllegalArgumentException e) {
            problems.add(name.place(), "servers: " + e.getMessage());
            return Optional.empty();
        }
    }

    private Optional<Host> server(Section section) {
        section.require("host", "\"host\": \"web1.example.org\"");
        Optional<String> address = section.text("host");
        String name = section.text("name").or(() -> address).orElse("?");
        Optional<String> user = section.text("user");
        Optional<Integer> port = section.integer("port", 1, 65_535);
        Optional<String> behind = section.text("address");
        int weight = section.integer("weight", 0, Host.MOST_WEIGHT).orElse(Host.FULL_WEIGHT);
        section.end();
        if (address.isEmpty()) return Optional.empty();
        try {
            return Optional.of(new Host(name, address.get(), user, port.map(OptionalInt::of).orElse(OptionalInt.empty()), behind, weight));
        } catch (IllegalArgumentException e) {
            problems.add(section.place(), String.valueOf(e.getMessage()));
            return Optional.empty();
        }
    }
}
