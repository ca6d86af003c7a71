package nary.cli;

import java.io.IOException;
import java.util.Optional;
import nary.config.ConfigException;
import nary.control.Refusal;
import nary.fleet.roll.Wish;
import nary.fleet.spec.Share;

/** {@code nary fleet deploy}. Ctrl+C undoes it. */
final class FleetDeployVerb implements Verb {
    @Override
    public Options options() {
        return FleetSetup.environmentOf(new Options("fleet deploy", "Roll a release over the servers of an environment: out of rotation, replaced, healthy, back; a failure brings all back to what they had."));
    }

    @Override
    public ExitCode run(Arguments arguments, Context context) throws UsageError, Refusal, IOException, InterruptedException, ConfigException {
        FleetSetup setup = FleetSetup.of(arguments, context);
        Optional<String> release = Values.optional("--release", arguments, FleetDeployVerb::release);
        if (arguments.isSet("--pause") && !context.console().isLive()) throw new UsageError("--pause asks, and there is no terminal to ask on");
        Wish wish = wish(setup, release, false);
        checkBuild(setup, wish);
        if (arguments.isSet("--dry-run")) return new FleetPreview(setup, wish).show();
        return new FleetRun(setup, "deploying").run(deployment -> Optional.of(deployment.deploy(setup.fleet(), wish)));
    }

    static void checkBuild(FleetSetup setup, Wish wish) throws UsageError {
        if (wish.build().isEmpty()) return;
        String name = wish.build().get();
        var build = setup.fleet().build(name);
        if (build.isEmpty()) throw new UsageError("--build: there is no build '" + name + "'" + nary.config.Suggest.text(name, setup.fleet().builds().stream().map(it -> it.name()).toList()));
        if (build.get().target(setup.environment()).isEmpty()) throw new UsageError("--build: " + build.get().name() + " has no environment " + setup.environment());
    }

    static Wish wish(FleetSetup setup, Optional<String> release, boolean isRollback) throws UsageError {
        Arguments arguments = setup.arguments();
        return new Wish(
                setup.environment(),
                arguments.value("--build"),
                release,
                Values.optional("--batch", arguments, text -> Share.parse(text, 1)),
                arguments.value("--canary"),
                Values.optional("--max-failures", arguments, text -> Share.parse(text, 0)),
                arguments.isSet("--pause"),
                arguments.isSet("--keep"),
                isRollback);
    }

    /** It becomes the name of a folder, and is looked for in answers. */
    static String release(String text) {
        boolean isId = text.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,99}") && !text.endsWith(".part");
        if (isId) return text;
        throw new IllegalArgumentException("'" + text + "' is no release id: letters, digits, '.', '_' and '-', at most 100, e.g. 1.4.2");
    }
}
