package nary.cli;

import java.io.IOException;
import java.util.List;
import nary.config.ConfigException;
import nary.config.Suggest;
import nary.control.NoDaemon;
import nary.control.Refusal;

/** {@code nary fleet VERB …}: many servers. Each verb is one of {@link FleetVerbs}. */
final class FleetVerb implements Verb {
    @Override
    public Options options() {
        return new Options("fleet", "Deploy to many servers, behind load balancers.").command("VERB …", FleetVerbs.overview());
    }

    @Override
    public ExitCode run(Arguments arguments, Context context) throws UsageError, Refusal, NoDaemon, IOException, InterruptedException {
        List<String> words = arguments.words();
        if (words.isEmpty()) {
            context.console().out(FleetVerbs.overview());
            return ExitCode.DONE;
        }
        FleetVerbs named = FleetVerbs.named(words.getFirst());
        return run(named.make().get(), "fleet " + named.name(), words.subList(1, words.size()), context);
    }

    private static ExitCode run(Verb verb, String name, List<String> words, Context context) throws Refusal, NoDaemon, IOException, InterruptedException {
        try {
            Arguments arguments = Arguments.parse(verb.options(), words.toArray(String[]::new));
            if (arguments.wantsHelp()) return HelpVerb.show(verb.options(), context.console());
            return verb.run(arguments, context);
        } catch (UsageError e) {
            context.console().err("nary " + name + ": " + e.getMessage() + " (nary " + name + " --help)");
            return ExitCode.USAGE;
        } catch (ConfigException e) {
            e.lines().forEach(context.console()::err);
            return ExitCode.USAGE;
        }
    }

    static String unknown(String name) {
        return "there is no command 'fleet " + name + "'" + Suggest.text(name, FleetVerbs.names());
    }
}
