package nary.supervisor;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.function.Consumer;
import nary.config.ServiceManager;
import nary.posix.Errno;
import nary.posix.OsException;
import nary.posix.Posix;
import org.jspecify.annotations.Nullable;

/**
 * Tells the service manager how the supervisor is: sd_notify(3). All but {@link #reloads} runs on the supervisor's thread and never waits;
 * the watchdog is fed from its turns, so that a ping proves that the loop lives.
 */
final class ServiceVoice {
    /** What the manager has no room for is said again after this time. */
    private static final Duration AGAIN = Duration.ofMillis(100);

    private static final int MOST_WAITING = 100;
    private static final int LONGEST_STATUS = 500;

    private final Posix posix;
    private final Optional<ServiceManager> manager;
    private final Consumer<String> trouble;
    private final Deque<String> waiting = new ArrayDeque<>();
    private @Nullable Instant nextPing;
    private String word = "";
    private String status = "";
    private String lastFailure = "";
    private volatile int reloads;
    private boolean isDeaf;

    /** @param manager empty: nobody wants to hear anything */
    ServiceVoice(Posix posix, Optional<ServiceManager> manager, Consumer<String> trouble) {
        this.posix = posix;
        this.manager = manager;
        this.trouble = trouble;
    }

    /** How often a reload was begun to be told. */
    int reloads() {
        return reloads;
    }

    void heard(Notice notice) {
        if (notice.name().equals("DeployFailed")) lastFailure = notice.text();
        if (notice.name().equals("Deploy")) lastFailure = "";
    }

    /** After each event. */
    void look(State state) {
        if (manager.isEmpty()) return;
        String now = state.word();
        String text = status(state, now);
        if (!now.equals(word)) say(entered(now) + "STATUS=" + text);
        else if (!text.equals(status)) say("STATUS=" + text);
        word = now;
        status = text;
    }

    private String entered(String now) {
        return switch (now) {
            case "online" -> "READY=1\nMAINPID=" + posix.processes().self() + "\n";
            case "deploying" -> reloading();
            case "stopping" -> "STOPPING=1\n";
            default -> "";
        };
    }

    /** System.nanoTime is CLOCK_MONOTONIC on Linux, which is what the manager compares with the time of its signal. */
    private String reloading() {
        reloads = reloads + 1;
        return "RELOADING=1\nMONOTONIC_USEC=" + System.nanoTime() / 1000 + "\n";
    }

    /** A deploy asked for by a signal has ended. Where it never began, the manager still waits to hear that it has. @param before {@link #reloads} when it was asked for */
    void reloadAnswered(int before) {
        if (manager.isEmpty() || reloads != before) return;
        // in the middle of somebody else's deploy its end is the end of this one too
        if (word.equals("deploying")) say(reloading() + "STATUS=" + status);
        if (!word.equals("online")) return;
        say(reloading() + "STATUS=" + status);
        say(entered(word) + "STATUS=" + status);
    }

    private String status(State state, String now) {
        State.Counts counts = state.counts();
        String generation = state.current().map(current -> "generation " + current.generation()).orElse("no generation");
        String serving = generation + " serves with " + Texts.count(counts.online(), "worker");
        String text = switch (now) {
            case "booting" -> "booting: " + counts.booting() + " not ready yet, " + counts.newOnline() + " ready";
            case "deploying" -> "deploying: " + state.rollout().map(rollout -> rollout.text()).orElse("") + "; " + serving;
            case "online" -> serving + (lastFailure.isEmpty() ? "" : "; the last deploy failed: " + lastFailure);
            default -> now;
        };
        String line = text.replace('\n', ' ');
        return line.substring(0, Math.min(LONGEST_STATUS, line.length()));
    }

    private void say(String message) {
        if (waiting.size() < MOST_WAITING) waiting.add(message);
        else if (!isDeaf) deaf("it reads nothing");
        flush();
    }

    /** At the end of each turn: what is due by now. */
    void turn(Instant now) {
        if (manager.isEmpty()) return;
        manager.get().watchdog().ifPresent(limit -> {
            if (nextPing != null && now.isBefore(nextPing)) return;
            nextPing = now.plus(limit.dividedBy(2));
            // behind a queue that does not move, one is enough
            if (!waiting.contains("WATCHDOG=1")) say("WATCHDOG=1");
        });
        flush();
    }

    /** How long the loop may sleep at most. */
    Duration longest(Duration wait, Instant now) {
        Duration least = wait;
        if (!waiting.isEmpty() && AGAIN.compareTo(least) < 0) least = AGAIN;
        if (nextPing == null) return least;
        Duration untilPing = now.isBefore(nextPing) ? Duration.between(now, nextPing) : Duration.ZERO;
        return untilPing.compareTo(least) < 0 ? untilPing : least;
    }

    private void flush() {
        for (String message = waiting.peek(); message != null; message = waiting.peek()) {
            try {
                posix.sockets().send(manager.orElseThrow().socket(), message.getBytes(StandardCharsets.UTF_8));
                isDeaf = false;
            } catch (OsException e) {
                if (e.errno() == Errno.EAGAIN) return;
                if (!isDeaf) deaf(String.valueOf(e.getMessage()));
            }
            waiting.remove();
        }
    }

    private void deaf(String why) {
        isDeaf = true;
        trouble.accept("the service manager does not hear: " + why);
    }
}
