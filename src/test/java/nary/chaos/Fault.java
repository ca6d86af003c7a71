package nary.chaos;

import java.util.Locale;

/**
 * Something that goes wrong while a command runs, or while none does.
 *
 * @param afterMillis since the step began
 * @param pick chooses among the workers that there are then, 0 to 1
 * @param forMillis how long a stall lasts
 */
record Fault(Kind kind, Whom whom, int afterMillis, double pick, int forMillis) {

    enum Kind {
        /** SIGKILL. */
        KILL,
        /** SIGSTOP, and SIGCONT later. */
        STALL,
        /** SIGSTOP, and SIGKILL later: connections may wait in its queue. */
        STALL_AND_KILL,
        /** {@code nary deploy-abort}. */
        ABORT,
        /** Ctrl+C at the terminal of the command. */
        INTERRUPT
    }

    enum Whom {
        ANY,
        /** Of the oldest generation that there is. */
        OLD,
        /** Of the youngest. */
        NEW
    }

    boolean isAgainstWorker() {
        return kind == Kind.KILL || kind == Kind.STALL || kind == Kind.STALL_AND_KILL;
    }

    boolean aborts() {
        return kind == Kind.ABORT || kind == Kind.INTERRUPT;
    }

    @Override
    public String toString() {
        String what = kind.name().toLowerCase(Locale.ROOT).replace('_', ' ') + (isAgainstWorker() ? " " + whom.name().toLowerCase(Locale.ROOT) : "");
        return what + (kind == Kind.STALL || kind == Kind.STALL_AND_KILL ? " for " + forMillis + " ms" : "") + " at " + afterMillis + " ms";
    }
}
