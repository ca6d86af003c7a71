package nary.config;

import static nary.config.Option.Kind.DURATION;
import static nary.config.Option.Kind.NUMBER;
import static nary.config.Option.Kind.PATH;
import static nary.config.Option.Kind.TEXT;
import static nary.config.Option.flag;
import static nary.config.Option.option;

import java.util.ArrayList;
import java.util.List;

/** The rows of the {@link OptionTable} for {@code nary fleet}. */
final class FleetOptions {
    private FleetOptions() {}

    /** Those with options of their own, in the order of the docs. */
    static final List<String> VERBS = List.of("deploy", "rollback", "prune", "check", "prepare", "maintenance", "run", "put", "get", "bootstrap");

    /** Without those of {@link #common}. @param verb after {@code nary fleet} */
    static List<Option> own(String verb) {
        return switch (verb) {
            case "deploy" -> deploy();
            case "rollback" -> List.of(
                    option("--to", TEXT, "ID", "the release; one that is recorded as good on every server").otherwise("the last good one before the current"),
                    build("all with servers"), batch(), canary(), maxFailures(), keep());
            case "prune" -> List.of(option("--keep", NUMBER, "N", "how many of the newest stay").fallback("5"), flag("--dry-run", "remove nothing, show what would be"));
            case "check" -> List.of(option("--compare", TEXT, "SERVER", "show how the others differ from this one, which works").otherwise("look for what is wrong"));
            case "prepare" -> List.of(flag("--dry-run", "change nothing, show what would be"));
            case "maintenance" -> maintenance();
            case "run" -> List.of(
                    option("--shell", TEXT, "SCRIPT", "a script for sh there, instead of a command").otherwise("none"),
                    option("--timeout", DURATION, "S", "how long it may take on each server; then it is ended, exit 5").fallback("600"),
                    on(), parallel(), keepGoing());
            case "put", "get", "bootstrap" -> List.of(on(), parallel(), keepGoing());
            default -> List.of();
        };
    }

    /** @param verb after {@code nary fleet} */
    static List<Option> of(String verb) {
        if (verb.equals("init")) return List.of();
        List<Option> all = new ArrayList<>(own(verb));
        all.addAll(common());
        return all;
    }

    /** Every verb but {@code init} has them. */
    static List<Option> common() {
        return List.of(
                option("--file", PATH, "FILE", "the fleet file").otherwise("fleet.json, fleet.yml or fleet.yaml, here"),
                option("--ssh-config", PATH, "FILE", "for ssh").otherwise("the user's own"));
    }

    private static List<Option> deploy() {
        return List.of(
                build("all that have the environment"),
                option("--release", TEXT, "ID", "the release's id").otherwise("made of the time"),
                flag("--dry-run", "change nothing, show what would be"),
                flag("--pause", "ask after the canary, or after the first server"),
                batch(), canary(), maxFailures(), keep());
    }

    private static List<Option> maintenance() {
        List<Option> all = new ArrayList<>(OptionTable.closing());
        all.add(build("all that nary runs"));
        return all;
    }

    private static Option build(String otherwise) {
        return option("--build", TEXT, "NAME", "only this build").otherwise(otherwise);
    }

    private static Option on() {
        return option("--on", TEXT, "SERVER,…", "only these").repeated().otherwise("all of the environment");
    }

    private static Option parallel() {
        return option("--parallel", NUMBER, "N", "how many servers at once, 1 to 100").fallback("1");
    }

    private static Option keepGoing() {
        return flag("--keep-going", "a failure stops no other server; the exit status is still the first one's");
    }

    private static Option batch() {
        return option("--batch", TEXT, "N|N%", "how many servers at once").otherwise("the file's, else 1");
    }

    private static Option canary() {
        return option("--canary", TEXT, "SERVER", "goes first and alone; its failure ends the run").otherwise("the file's, else none");
    }

    private static Option maxFailures() {
        return option("--max-failures", TEXT, "N|N%", "servers that may fail and go back while the others go on").otherwise("the file's, else 0");
    }

    private static Option keep() {
        return flag("--keep", "on failure, servers that are done keep the new release");
    }
}
