package nary.fleet.run;

import nary.fleet.Host;

/** What became of one server's turn. */
public sealed interface Outcome {
    Host host();

    /** It ran to its end. @param exit 0: well */
    record Ran(Host host, int exit) implements Outcome {}

    /** It could not be run, or not to its end. @param reason one line that names the server */
    record Broken(Host host, String reason, boolean isLate) implements Outcome {}

    /** Its turn had begun when another's failure, or Ctrl+C, stopped all. */
    record Cancelled(Host host) implements Outcome {}

    /** Its turn had not come. */
    record Spared(Host host) implements Outcome {}

    default boolean isWell() {
        return this instanceof Ran ran && ran.exit() == 0;
    }

    /** It went wrong by itself. */
    default boolean isFailure() {
        return switch (this) {
            case Ran ran -> ran.exit() != 0;
            case Broken _ -> true;
            case Cancelled _, Spared _ -> false;
        };
    }
}
