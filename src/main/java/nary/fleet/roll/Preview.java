package nary.fleet.roll;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import nary.config.Durations;
import nary.fleet.plan.Stage;
import nary.fleet.spec.Fleet;
import nary.fleet.spec.Target;
import nary.fleet.ssh.Remotes;
import org.jspecify.annotations.Nullable;

/** What a deploy would change: in the balancers, on the servers' disks, in configuration. Looks, and changes nothing but files of its own here. */
public final class Preview {
    private final Fleet fleet;
    private final Remotes remotes;
    private final Transformer transformer;
    private final Function<String, @Nullable String> variables;

    public Preview(Fleet fleet, Remotes remotes, Transformer transformer, Function<String, @Nullable String> variables) {
        this.fleet = fleet;
        this.remotes = remotes;
        this.transformer = transformer;
        this.variables = variables;
    }

    /** Lines for people. @param release the id that it would have */
    public List<String> lines(Wish wish, String release) throws IOException, InterruptedException {
        List<String> lines = new ArrayList<>();
        List<Group> groups = Group.of(Selection.targets(fleet, wish));
        int number = 0;
        for (Group group : groups) {
            lines.add(++number + ". " + heading(group, group.stage(wish), wish.environment(), release));
            for (Target target : group.targets()) add(target, release, lines);
            if (!group.isLocal()) addServers(group, release, lines);
        }
        return lines;
    }

    private static String heading(Group group, Stage stage, String environment, String release) {
        if (group.isLocal()) return group.name() + ", once, on this machine";
        String how = switch (stage.kind()) {
            case ROTATED -> "out of rotation, replaced, back";
            case PLAIN -> "stopped and started: no load balancer is configured, so requests fail meanwhile";
            case IN_PLACE -> "in place, by nary deploy";
            case LOCAL -> "";
        };
        String canary = stage.canary().map(it -> ", " + it + " first and alone").orElse("");
        return group.name() + " to " + release + " in " + environment + ", " + stage.servers().size() + (stage.servers().size() == 1 ? " server" : " servers")
                + ", " + stage.batch() + " at a time" + canary + ": " + how;
    }

    private void add(Target target, String release, List<String> lines) throws IOException, InterruptedException {
        if (target.source().isPresent()) addPackage(target, release, lines);
        else if (!target.servers().isEmpty()) lines.add("   " + target.place() + ": " + target.build() + " has no package yet: a deploy would be refused");
        if (!target.command().isEmpty()) lines.add("   runs: " + String.join(" ", target.command()));
        else if (target.servers().isEmpty()) lines.add("   " + target.place() + ": " + target.build() + " has no command yet: a deploy would be refused");
    }

    private void addPackage(Target target, String release, List<String> lines) throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory("nary-preview");
        try {
            List<String> changes = new ArrayList<>();
            Transformer noting = (in, environment, parameters) -> {
                changes.addAll(transformer.transform(in, environment, parameters));
                return changes;
            };
            Parcel parcel = Parcel.pack(target, release, folder, noting, Operator.current());
            lines.add("   package: " + target.source().get() + ", " + size(parcel.folder()));
            for (String change : changes) lines.add("   configuration: " + change);
        } finally {
            Trees.delete(folder);
        }
    }

    private static String size(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            List<Path> files = all.filter(Files::isRegularFile).toList();
            long bytes = 0;
            for (Path file : files) bytes += Files.size(file);
            return files.size() + " files, " + bytes + " bytes";
        }
    }

    private void addServers(Group group, String release, List<String> lines) throws IOException, InterruptedException {
        List<Overview.Row> rows = new Overview(remotes, variables).rows(group.targets());
        for (Overview.Row row : rows) {
            lines.add("   " + row.host().name() + ": " + row.health());
            lines.add("     disk: " + row.target().directory() + "/releases/" + release + " is made" + shared(row.target()) + ", current moves from "
                    + row.release().orElse("nothing") + " to it");
            if (group.kind() == Stage.Kind.ROTATED) lines.add("     balancer: " + row.rotation() + others(row) + " → drained, at most " + Durations.text(group.tactics().drain()) + " → stopped and started → up again");
        }
    }

    private static String others(Overview.Row row) {
        return row.others().map(it -> ", " + it.up() + " of " + it.total() + " others up").orElse("");
    }

    private static String shared(Target target) {
        return Optional.of(target.shared()).filter(it -> !it.isEmpty()).map(it -> ", " + String.join(", ", it) + " linked to shared").orElse("");
    }
}
