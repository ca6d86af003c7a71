package nary.it;

import java.time.Duration;

/** A command that has ended. */
record Ran(String command, int exit, String out, String err, Duration took) {

    /** All that it said. */
    String said() {
        return out + err;
    }

    @Override
    public String toString() {
        return "$ " + command + "\n" + out + err + "exit " + exit + " after " + took.toMillis() + " ms";
    }
}
