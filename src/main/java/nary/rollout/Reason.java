package nary.rollout;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** Why something happens, as a word for machines; the event's text has the sentence. */
public enum Reason {
    /** The app begins. */
    START,
    /** Somebody asked for a deploy, or sent a signal that means one. */
    DEPLOY,
    /** Somebody asked for a restart. */
    RESTART,
    /** Somebody asked for another number of workers. */
    SCALE,
    /** Somebody asked for the end. */
    STOP,
    /** A worker ended, or could not begin, and nobody had told it to. */
    CRASH,
    /** A worker has done its work: exit code 0 under {@code --respawn on-failure}. */
    FINISHED,
    /** A worker accepts nothing for a moment. */
    STALLED,
    /** A worker accepts nothing, or says nothing, for too long. */
    HUNG,
    /** A worker said that it wants no new connections. */
    OFFLINE,
    /** {@code --max-memory}. */
    MEMORY,
    /** {@code --max-age}. */
    AGE,
    /** {@code --cron}. */
    CRON,
    /** {@code --watch}. */
    WATCH,
    /** It could not be done. */
    FAILED,
    /** It was called off. */
    ABORTED,
    /** It was not done in time. */
    TIMEOUT;

    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The inverse of {@link #text}; empty if there is no such word here. */
    public static Optional<Reason> named(String text) {
        return Arrays.stream(values()).filter(it -> it.text().equals(text)).findFirst();
    }
}
