package nary.cli;

import java.io.IOException;
import java.nio.file.Path;
import nary.config.ConfigException;

/** {@code nary fleet get}. */
final class FleetGetVerb implements Verb {
    @Override
    public Options options() {
        return new Options("fleet get", "Bring a file or a folder from each server, into a folder that has a folder for each server.")
                .words("ENVIRONMENT FILE FOLDER", "a file or folder on the servers (relative to the home folder), and a folder here", 3);
    }

    @Override
    public ExitCode run(Arguments arguments, Context context) throws UsageError, ConfigException, IOException, InterruptedException {
        if (arguments.words().size() < 3) throw new UsageError("what, and where to? e.g. nary fleet get QA /var/log/site.log logs");
        FleetCrew crew = FleetCrew.of(arguments, context);
        String from = arguments.words().get(1).replaceFirst("(?<=.)/+$", "");
        Path folder = context.caller().resolve(arguments.words().get(2));
        String name = from.substring(from.lastIndexOf('/') + 1);
        if (name.isEmpty() || name.equals(".") || name.equals("..")) throw new UsageError("'" + from + "' has no name to give it here; name a file or a folder");
        return crew.transfer(remote -> {
            Path place = folder.resolve(remote.host().name()).resolve(name);
            return place + ": " + FleetCrew.text(remote.download(from, place), "fetched");
        });
    }
}
