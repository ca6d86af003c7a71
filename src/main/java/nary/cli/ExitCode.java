package nary.cli;

import nary.supervisor.Outcome;

/** What nary's commands exit with. A supervisor in the foreground that ends because of a worker has the worker's status. */
public record ExitCode(int number) {
    public static final ExitCode DONE = new ExitCode(0);
    public static final ExitCode FAILED = new ExitCode(1);
    public static final ExitCode USAGE = new ExitCode(2);
    /** The state does not allow it: already running, a deploy in progress. */
    public static final ExitCode REFUSED = new ExitCode(3);

    public static final ExitCode NO_DAEMON = new ExitCode(4);
    /** The command's own --timeout passed. */
    public static final ExitCode TIMED_OUT = new ExitCode(5);

    public static final ExitCode INTERRUPTED = new ExitCode(130);

    public static ExitCode of(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Done _ -> DONE;
            case Outcome.Failed _ -> FAILED;
            case Outcome.Refused _ -> REFUSED;
            case Outcome.TimedOut _ -> TIMED_OUT;
            case Outcome.Aborted _ -> INTERRUPTED;
        };
    }
}
