package nary.cli;

import nary.supervisor.Outcome;

/** What nary's commands exit with. */
public enum ExitCode {
    DONE(0),
    FAILED(1),
    USAGE(2),
    /** The state does not allow it: already running, a deploy in progress. */
    REFUSED(3),
    NO_DAEMON(4),
    /** The command's own --timeout passed. */
    TIMED_OUT(5),
    INTERRUPTED(130);

    private final int number;

    ExitCode(int number) {
        this.number = number;
    }

    public int number() {
        return number;
    }

    /** A supervisor's own exit code. */
    static ExitCode of(int number) {
        for (ExitCode code : values()) if (code.number == number) return code;
        throw new IllegalArgumentException("no exit code of nary: " + number);
    }

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
