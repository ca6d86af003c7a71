package nary.cli;

import java.util.List;
import java.util.Optional;
import nary.config.Suggest;
import nary.fleet.Host;
import nary.fleet.roll.Wish;
import nary.fleet.spec.Share;

/** What an operator types of a deploy or a rollback. */
final class FleetWish {
    private FleetWish() {}

    static Wish of(FleetSetup setup, Optional<String> release, boolean isRollback) throws UsageError {
        Arguments arguments = setup.arguments();
        return new Wish(
                setup.environment(),
                setup.build(),
                release,
                Values.optional("--batch", arguments, text -> Share.parse(text, 1)),
                canary(setup),
                Values.optional("--max-failures", arguments, text -> Share.parse(text, 0)),
                arguments.isSet("--pause"),
                arguments.isSet("--keep"),
                isRollback);
    }

    private static Optional<String> canary(FleetSetup setup) throws UsageError {
        Optional<String> typed = setup.arguments().value("--canary");
        List<String> names = setup.fleet().targets(setup.environment()).stream().flatMap(it -> it.servers().stream()).map(Host::name).distinct().toList();
        if (typed.isEmpty() || names.stream().anyMatch(typed.get()::equalsIgnoreCase)) return typed;
        throw new UsageError("--canary: " + setup.environment() + " has no server '" + typed.get() + "'" + Suggest.text(typed.get(), names));
    }

    /** The value of an option: it becomes the name of a folder, and is looked for in answers. */
    static Optional<String> release(String option, Arguments arguments) throws UsageError {
        return Values.optional(option, arguments, FleetWish::release);
    }

    private static String release(String text) {
        boolean isId = text.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,99}") && !text.endsWith(".part");
        if (isId) return text;
        throw new IllegalArgumentException("'" + text + "' is no release id: letters, digits, '.', '_' and '-', at most 100, e.g. 1.4.2");
    }
}
