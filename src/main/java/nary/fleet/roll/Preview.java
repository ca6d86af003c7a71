package nary.fleet.roll;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Function;
import nary.config.Durations;
import nary.fleet.Crowd;
import nary.fleet.plan.Stage;
import nary.fleet.spec.Fleet;
import nary.fleet.spec.Target;
import nary.fleet.ssh.RemoteException;
import nary.fleet.ssh.Remotes;
import nary.fleet.ssh.Tree;
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
            Map<Target, Tree> packages = new HashMap<>();
            for (Target target : group.targets()) add(target, release, lines).ifPresent(it -> packages.put(target, it));
            if (!group.isLocal()) addServers(group, packages, release, lines);
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

    /** @return the package, if there is one */
    private Optional<Tree> add(Target target, String release, List<String> lines) throws IOException, InterruptedException {
        Optional<Tree> tree = target.source().isPresent() ? Optional.of(addPackage(target, release, lines)) : Optional.empty();
        if (tree.isEmpty() && !target.servers().isEmpty()) lines.add("   " + target.place() + ": " + target.build() + " has no package yet: a deploy would be refused");
        if (!target.command().isEmpty()) lines.add("   runs: " + String.join(" ", target.command()));
        else if (target.servers().isEmpty()) lines.add("   " + target.place() + ": " + target.build() + " has no command yet: a deploy would be refused");
        return tree;
    }

    private Tree addPackage(Target target, String release, List<String> lines) throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory("nary-preview");
        try {
            List<String> changes = new ArrayList<>();
            Transformer noting = (in, environment, parameters) -> {
                changes.addAll(transformer.transform(in, environment, parameters));
                return changes;
            };
            Parcel parcel = Parcel.pack(target, release, folder, noting, Operator.current());
            Tree tree = parcel.tree();
            // without the note, which is nary's
            lines.add("   package: " + target.source().get() + ", " + (tree.files() - 1) + " files, " + tree.bytes() + " bytes");
            for (String change : changes) lines.add("   configuration: " + change);
            return tree;
        } finally {
            Trees.delete(folder);
        }
    }

    private void addServers(Group group, Map<Target, Tree> packages, String release, List<String> lines) throws IOException, InterruptedException {
        List<Overview.Row> rows = new Overview(remotes, variables).rows(group.targets());
        List<Optional<FileChanges>> changes = Crowd.ask(rows.stream().<Callable<Optional<FileChanges>>>map(row -> () -> changes(row, packages)).toList());
        for (int i = 0; i < rows.size(); i++) add(rows.get(i), changes.get(i), group, release, lines);
    }

    /** Empty where they cannot be known. */
    private Optional<FileChanges> changes(Overview.Row row, Map<Target, Tree> packages) throws InterruptedException {
        Tree wanted = packages.get(row.target());
        if (wanted == null) return Optional.empty();
        try {
            Site site = new Site(remotes.to(row.host()), row.target(), _ -> {});
            return Optional.of(FileChanges.between(site.remote().sums(site.current()), wanted, row.target().shared()));
        } catch (RemoteException e) {
            return Optional.empty(); // the row says it
        }
    }

    private static void add(Overview.Row row, Optional<FileChanges> changes, Group group, String release, List<String> lines) {
        lines.add("   " + row.host().name() + ": " + row.health());
        if (row.release().filter(release::equals).isPresent()) {
            lines.add(changes.filter(it -> !it.lines().isEmpty()).isPresent() ? "     " + release + " is there already, with another content: refused; choose another --release" : "     has " + release + " already: left alone if it is well");
            return;
        }
        lines.add("     disk: " + row.target().directory() + "/releases/" + release + " is made" + shared(row.target()) + ", current moves from "
                + row.release().orElse("nothing") + " to it" + changes.map(it -> "; " + it.text()).orElse(""));
        changes.ifPresent(it -> it.lines().forEach(line -> lines.add("       " + line)));
        if (group.kind() == Stage.Kind.ROTATED) lines.add("     balancer: " + row.rotation() + others(row) + " → drained, at most " + Durations.text(group.tactics().drain()) + " → stopped and started → up again");
    }

    private static String others(Overview.Row row) {
        return row.others().map(it -> ", " + it.text()).orElse("");
    }

    private static String shared(Target target) {
        return Optional.of(target.shared()).filter(it -> !it.isEmpty()).map(it -> ", " + String.join(", ", it) + " linked to shared").orElse("");
    }
}
