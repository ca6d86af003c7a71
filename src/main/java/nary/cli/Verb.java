package nary.cli;

import nary.config.ConfigException;
import nary.control.NoDaemon;
import nary.control.Refusal;

/** One command of nary. */
interface Verb {
    Options options();

    ExitCode run(Arguments arguments, Context context) throws UsageError, ConfigException, Refusal, NoDaemon, java.io.IOException, InterruptedException;
}
