package nary.fleet.ssh;

/**
 * What a command said.
 *
 * @param exit its exit status, 0–255
 * @param out the end of its stdout, at most {@link #MOST_CHARS}
 * @param err the end of its stderr, at most {@link #MOST_CHARS}
 */
public record Answer(int exit, String out, String err) {
    public static final int MOST_CHARS = 4 * 1024 * 1024;
}
