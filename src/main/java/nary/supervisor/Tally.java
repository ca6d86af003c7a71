package nary.supervisor;

import java.util.Optional;

/**
 * naught's view of an app: how many workers are where, and what a command waits for.
 *
 * @param dying told to stop, or offline by their own word, and still alive
 * @param newOnline online, while those they replace are not gone
 * @param waitingFor {@code new}, {@code old} or {@code shutdown}
 */
public record Tally(int booting, int online, int dying, int newOnline, Optional<String> waitingFor) {
    public static final String NEW = "new";
    public static final String OLD = "old";
    public static final String SHUTDOWN = "shutdown";

    /** As naught writes it. */
    public String text() {
        return "booting: " + booting + ", online: " + online + ", dying: " + dying + ", new_online: " + newOnline;
    }
}
