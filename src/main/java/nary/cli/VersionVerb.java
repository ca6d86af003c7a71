package nary.cli;

/** {@code nary version}. */
final class VersionVerb implements Verb {
    static final String VERSION = "0.1.0";

    @Override
    public Options options() {
        return new Options("version", "Print the version.");
    }

    @Override
    public ExitCode run(Arguments arguments, Context context) {
        context.console().out("nary " + VERSION);
        return ExitCode.DONE;
    }
}
