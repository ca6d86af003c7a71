package nary.cli;

import java.util.List;
import java.util.function.Supplier;

/** The table of what {@code nary fleet} can do. Only the one that runs is made. */
record FleetVerbs(String name, String summary, Supplier<Verb> make) {
    static final List<FleetVerbs> ALL = List.of(
            new FleetVerbs("deploy", "roll a release over the servers of an environment", FleetDeployVerb::new),
            new FleetVerbs("resume", "finish a run whose deployer died", () -> new FleetGoOnVerb(FleetGoOnVerb.How.RESUME)),
            new FleetVerbs("heal", "undo a run whose deployer died, and put all servers back", () -> new FleetGoOnVerb(FleetGoOnVerb.How.HEAL)),
            new FleetVerbs("rollback", "go back to a release that was good", FleetRollbackVerb::new),
            new FleetVerbs("status", "release, health and rotation of each server", FleetStatusVerb::new),
            new FleetVerbs("releases", "the releases that the servers have, and what became of them", FleetReleasesVerb::new),
            new FleetVerbs("prune", "remove old releases from the servers", FleetPruneVerb::new),
            new FleetVerbs("check", "look at the servers before a deploy does, and say what mends them", FleetCheckVerb::new),
            new FleetVerbs("prepare", "give the servers the user, groups, folders and packages they need", FleetPrepareVerb::new),
            new FleetVerbs("maintenance", "close the apps with a page, and open them again", FleetMaintenanceVerb::new),
            new FleetVerbs("run", "run a command on the servers", FleetRunVerb::new),
            new FleetVerbs("put", "bring a file or a folder to the servers", FleetPutVerb::new),
            new FleetVerbs("get", "bring a file or a folder from the servers", FleetGetVerb::new),
            new FleetVerbs("bootstrap", "bring nary itself to the servers", FleetBootstrapVerb::new),
            new FleetVerbs("init", "ask a few questions and write a fleet file", FleetInitVerb::new));

    static List<String> names() {
        return ALL.stream().map(FleetVerbs::name).toList();
    }

    static FleetVerbs named(String name) throws UsageError {
        for (FleetVerbs verb : ALL) if (verb.name().equals(name)) return verb;
        throw new UsageError(FleetVerb.unknown(name));
    }

    static String overview() {
        var text = new StringBuilder();
        for (FleetVerbs verb : ALL) text.append("  nary fleet %-12s %s%n".formatted(verb.name(), verb.summary()));
        return text.toString().stripTrailing();
    }
}
