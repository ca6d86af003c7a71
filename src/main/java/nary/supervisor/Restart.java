package nary.supervisor;

import nary.rollout.Reason;

/**
 * All workers are to be replaced though nobody asked for it.
 *
 * @param reason why
 * @param by what asks, for people: {@code --cron 0 4 * * *}
 * @param isNewVersion what lies in the directory now is deployed; else what serves starts again
 */
public record Restart(Reason reason, String by, boolean isNewVersion) {

    /** Both at once. */
    Restart and(Restart other) {
        return isNewVersion || !other.isNewVersion ? this : other;
    }
}
