package nary.cli;

/** {@code nary demo}: the main job on real processes. */
final class DemoVerb implements Verb {

    @Override
    public Options options() {
        return new Options("demo", "Start an example server, load it, deploy it ten times, and count what failed.");
    }

    @Override
    public ExitCode run(Arguments arguments, Context context) {
        return context.parts().demo().getAsInt() == 0 ? ExitCode.DONE : ExitCode.FAILED;
    }
}
