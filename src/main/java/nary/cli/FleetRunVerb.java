package nary.cli;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import nary.config.ConfigException;
import nary.fleet.ssh.Command;

/** {@code nary fleet run}. */
final class FleetRunVerb implements Verb {
    @Override
    public Options options() {
        return new Options("fleet run", "Run a command on the servers of an environment, one after the other. The first failure stops, and its exit status is the command's.")
                .wordsAndTail("ENVIRONMENT -- COMMAND …", "the command and its arguments arrive exactly as they are here; with --shell, the script's $1, $2, …", 1);
    }

    @Override
    public ExitCode run(Arguments arguments, Context context) throws UsageError, ConfigException, IOException, InterruptedException {
        FleetCrew crew = FleetCrew.of(arguments, context);
        Command command = command(arguments);
        return crew.run((remote, prefix) -> remote.exec(command, (stream, line) -> prefix.line(remote.host().name(), stream, line)));
    }

    private static Command command(Arguments arguments) throws UsageError {
        List<String> words = arguments.tail();
        Optional<String> script = arguments.value("--shell");
        if (script.isEmpty() && words.isEmpty()) throw new UsageError("which command? e.g. nary fleet run " + arguments.word().orElse("QA") + " -- uptime");
        Duration limit = Values.duration("--timeout", arguments.value("--timeout").orElse("600"));
        try {
            return new Command(words, script, limit, false);
        } catch (IllegalArgumentException e) {
            throw new UsageError(String.valueOf(e.getMessage()));
        }
    }
}
