package nary.cli;

import java.io.IOException;
import nary.config.ConfigException;
import nary.control.Refusal;
import nary.fleet.roll.Wish;

/** {@code nary fleet deploy}. Ctrl+C undoes it. */
final class FleetDeployVerb implements Verb {
    @Override
    public Options options() {
        return FleetSetup.environmentOf(new Options("fleet deploy", "Roll a release over the servers of an environment: out of rotation, replaced, healthy, back; a failure brings all back to what they had."));
    }

    @Override
    public ExitCode run(Arguments arguments, Context context) throws UsageError, Refusal, IOException, InterruptedException, ConfigException {
        FleetSetup setup = FleetSetup.of(arguments, context);
        if (arguments.isSet("--pause") && !context.console().isLive()) throw new UsageError("--pause asks, and there is no terminal to ask on");
        Wish wish = FleetWish.of(setup, FleetWish.release("--release", arguments), false);
        if (arguments.isSet("--dry-run")) return new FleetPreview(setup, wish).show();
        return new FleetRun(setup, "deploying").deploy(wish);
    }
}
