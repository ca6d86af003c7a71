package nary.cli;

import nary.control.NoDaemon;
import nary.control.Refusal;

/** One command of nary. */
interface Verb {
    Options options();

    ExitCode run(Arguments arguments, Context context) throws UsageError, Refusal, NoDaemon, java.io.IOException, InterruptedException;
}
