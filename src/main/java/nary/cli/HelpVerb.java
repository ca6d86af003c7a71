package nary.cli;

/** {@code nary help [COMMAND]}. */
final class HelpVerb implements Verb {

    @Override
    public Options options() {
        return new Options("help", "Show help on a command, or the list of commands.").word("COMMAND", "the command");
    }

    @Override
    public ExitCode run(Arguments arguments, Context context) throws UsageError {
        var name = arguments.word();
        if (name.isPresent()) return show(Verbs.named(name.get()).make().get().options(), context.console());
        context.console().out(overview());
        return ExitCode.DONE;
    }

    static ExitCode show(Options options, Console console) {
        console.out(HelpPage.of(options));
        return ExitCode.DONE;
    }

    private static String overview() {
        var text = new StringBuilder("nary runs a server and replaces it without dropping a connection.\n\n");
        for (Verbs verb : Verbs.ALL) if (!verb.isHidden()) text.append("  nary %-13s %s%n".formatted(verb.name(), verb.summary()));
        return text.append("\nFirst steps:   nary start -- node server.js   then   nary deploy\nOptions:       nary help COMMAND").toString();
    }
}
