package nary.cli;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import nary.config.ConfigException;
import nary.fleet.run.Bootstrap;
import nary.fleet.run.RuntimeImage;

/** {@code nary fleet bootstrap}. */
final class FleetBootstrapVerb implements Verb {
    @Override
    public Options options() {
        return FleetSetup.environmentOf(new Options("fleet bootstrap", "Bring nary to the servers, with a Java runtime of its own: ~/.nary/bin/nary. May be repeated; only what differs is sent."));
    }

    @Override
    public ExitCode run(Arguments arguments, Context context) throws UsageError, ConfigException, IOException, InterruptedException {
        FleetCrew crew = FleetCrew.of(arguments, context);
        context.console().live("making the runtime");
        RuntimeImage image = RuntimeImage.of(parts());
        context.console().live("");
        Bootstrap bootstrap = Bootstrap.of(image);
        return crew.transfer(remote -> Bootstrap.LAUNCHER + " is " + image.key() + ": " + FleetCrew.text(bootstrap.to(remote), "sent"));
    }

    /** What this process runs from. */
    private static RuntimeImage.Parts parts() throws IOException {
        Path launcher = Path.of(System.getProperty("nary.launcher", "nary")).toRealPath();
        Path jar = Path.of(System.getProperty("java.class.path").split(File.pathSeparator)[0]).toAbsolutePath();
        Path home = launcher.resolveSibling(".cache");
        boolean isOurs = Files.isWritable(launcher.resolveSibling(""));
        Path cache = isOurs ? home.resolve("images") : Path.of(System.getProperty("user.home"), ".cache", "nary", "images");
        return new RuntimeImage.Parts(Path.of(System.getProperty("java.home")), launcher, jar.resolveSibling(""), cache);
    }
}
