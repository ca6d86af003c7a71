package nary.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import nary.config.ConfigException;
import nary.fleet.ssh.Tree;

/** {@code nary fleet put}. */
final class FleetPutVerb implements Verb {
    @Override
    public Options options() {
        return new Options("fleet put", "Bring a file or a folder to the servers: only what differs is sent, and it appears at once, when all of it is verified.")
                .words("ENVIRONMENT FILE PLACE", "a file or folder here, and its place on the servers (relative to the home folder)", 3);
    }

    @Override
    public ExitCode run(Arguments arguments, Context context) throws UsageError, ConfigException, IOException, InterruptedException {
        if (arguments.words().size() < 3) throw new UsageError("what, and where to? e.g. nary fleet put QA site.conf /etc/site/site.conf");
        FleetCrew crew = FleetCrew.of(arguments, context);
        Path from = context.caller().resolve(arguments.words().get(1));
        String to = arguments.words().get(2);
        if (to.isBlank() || to.chars().anyMatch(Character::isISOControl)) throw new UsageError("'" + to + "' is no place on a server; name a file or a folder, '.' is the home folder");
        Tree tree = Tree.of(from);
        return crew.transfer(remote -> FleetCrew.text(remote.upload(tree, to, List.of()), "sent"));
    }
}
