package nary.chaos;

import java.util.List;

/**
 * One command.
 *
 * @param version that it deploys; empty: none
 * @param isGood it can be done, if nothing comes between
 * @param afterMillis since the step began
 */
record Order(Verb verb, List<String> words, String version, boolean isGood, boolean hasTimeout, int afterMillis) {

    enum Verb {
        DEPLOY,
        RESTART,
        SCALE
    }

    boolean isRollout() {
        return verb != Verb.SCALE;
    }

    @Override
    public String toString() {
        return String.join(" ", words);
    }
}
