package nary.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import nary.config.Durations;
import nary.fleet.plan.Effect;
import nary.fleet.plan.Finding;
import nary.fleet.plan.Member;
import nary.fleet.plan.Place;
import nary.fleet.plan.State;
import nary.fleet.plan.Step;
import nary.fleet.plan.Verdict;
import nary.fleet.plan.Way;
import nary.fleet.roll.Voice;
import org.jspecify.annotations.Nullable;

/** A run on the terminal: a table of servers that changes in place, and lines for what is worth keeping; in a pipe a line for each step. */
final class FleetProgress implements Voice, AutoCloseable {
    private static final int MOST_ROWS = 20;

    private final Console console;
    private final String environment;
    private final String doing;
    private final Map<Place, Long> since = new HashMap<>();
    private final Ticker ticker;
    private @Nullable State state;

    FleetProgress(Console console, String environment, String doing) {
        this.console = console;
        this.environment = environment;
        this.doing = doing;
        this.ticker = Ticker.start(console, this::lines);
    }

    private synchronized String lines() {
        State now = state;
        return now == null ? "" : String.join("\n", table(now));
    }

    private List<String> table(State now) {
        var table = new Table("SERVER", "RELEASE", "STEP", "SINCE", "");
        List<Member> all = now.members().values().stream().sorted(Comparator.comparing(FleetProgress::rank)).toList();
        for (Member member : all.stream().limit(MOST_ROWS).toList()) table.row(row(now, member));
        List<String> lines = new ArrayList<>(table.lines());
        if (all.size() > MOST_ROWS) lines.add("… and " + (all.size() - MOST_ROWS) + " more");
        long done = all.stream().filter(it -> it.way().isAtRest()).count();
        lines.add(doing + " " + now.order().release() + " to " + environment + ": " + done + " of " + all.size() + " done" + (now.reason().isEmpty() ? "" : "; going back: " + now.reason()));
        return lines;
    }

    private static int rank(Member member) {
        if (member.way().isActive()) return 0;
        return member.hasFailed() || member.is(Way.STUCK) ? 1 : member.is(Way.WAITING) ? 2 : 3;
    }

    private List<String> row(State now, Member member) {
        Long began = since.get(member.place());
        String time = began == null || !member.way().isActive() ? "" : Text.time(Duration.ofNanos(System.nanoTime() - began));
        return List.of(member.server(), release(now, member), word(member), time, member.reason());
    }

    private static String release(State now, Member member) {
        boolean isNew = member.is(Way.UPDATED) || member.is(Way.UNCHANGED);
        return isNew ? now.order().release() : member.found().flatMap(Finding::release).orElse("-");
    }

    private static String word(Member member) {
        String step = member.at().map(Step::word).orElse("");
        return switch (member.way()) {
            case WAITING -> "waits";
            case UPDATING -> step;
            case REVERTING -> "back: " + step;
            case DUE -> "waits to go back";
            case UPDATED -> "done";
            case UNCHANGED -> "unchanged";
            case REVERTED -> "as before";
            case STUCK -> "STUCK";
        };
    }

    @Override
    public synchronized void changed(State now) {
        state = now;
    }

    @Override
    public synchronized void begins(State now, Effect.Perform step) {
        since.put(step.place(), System.nanoTime());
    }

    @Override
    public void ends(State now, Place place, Step step, Duration took, String trouble) {
        if (console.isLive() || !trouble.isEmpty()) return; // what failed is told by a line of its own
        console.err(place.server() + ": " + step.word() + ", " + Durations.text(Duration.ofMillis(took.toMillis())));
    }

    @Override
    public void tell(String line) {
        console.err(line);
    }

    @Override
    public void log(String server, String line) {
        // in the server's own file
    }

    @Override
    public boolean ask(String question) throws InterruptedException {
        console.err(question + " [y/N]");
        try {
            String answer = new BufferedReader(new InputStreamReader(console.in(), StandardCharsets.UTF_8)).readLine();
            return answer != null && answer.strip().toLowerCase(java.util.Locale.ROOT).startsWith("y");
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public void close() throws InterruptedException {
        ticker.close();
    }

    /** How it ended, one line. */
    static String summary(State state) {
        String release = state.order().release();
        String environment = state.order().environment();
        long servers = state.members().values().stream().filter(it -> it.is(Way.UPDATED) || it.is(Way.UNCHANGED)).filter(it -> !it.server().equals(nary.fleet.plan.Stage.LOCAL)).count();
        Verdict verdict = state.verdict().orElseThrow();
        String kept = servers == 0 ? "" : "; " + servers + " keep " + release;
        return switch (verdict) {
            case DONE -> environment + " has " + release + ": " + servers + (servers == 1 ? " server" : " servers");
            case DONE_IN_PART -> environment + " has " + release + " on " + servers + " servers; others failed and went back";
            case FAILED -> release + " was undone in " + environment + ": " + state.reason() + kept;
            case INTERRUPTED -> release + " was undone in " + environment + ": interrupted" + kept;
            case HEALED -> "the run " + state.order().run() + " of " + release + " in " + environment + " was undone" + kept;
        };
    }
}
