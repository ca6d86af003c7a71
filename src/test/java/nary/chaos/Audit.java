package nary.chaos;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import nary.demo.load.Attempt;
import nary.demo.load.Outcome;

/** The requests: each has one end, and each that failed a reason that allows it. */
final class Audit {
    private static final Set<Outcome> LOST = Set.of(Outcome.RESET, Outcome.CUT, Outcome.CLOSED_WHILE_IDLE);
    /** Between a death and the moment at which a client has seen it, on a busy machine. */
    private static final long NOTICED_MILLIS = 3000;
    private final List<Death> deaths;
    private final Witness witness;
    private final Imbalances imbalances;
    private final long epoch = System.currentTimeMillis() * 1_000_000 - System.nanoTime();
    private final Map<Outcome, Long> outcomes = new EnumMap<>(Outcome.class);
    private final Map<Death, Integer> unseen = new HashMap<>();
    private final Set<List<Object>> struck = new HashSet<>();
    private long lostByDead;
    private long lostUnseen;
    private long lostInQueue;
    private long whileDown;

    /**
     * A process that did not end by itself.
     *
     * @param at wall clock, in milliseconds
     * @param isRaw it was killed where it ran: one connection may be accepted and not yet entered in its book
     * @param isHeirless no process came after it in its slot, as the version was on its way out: what waited in its queue had to fall
     * @param story what the event log says of that moment
     */
    record Death(Book book, long at, boolean isRaw, boolean isHeirless, List<Journal.Line> story) {}

    Audit(List<Death> deaths, Witness witness, Imbalances imbalances) {
        this.deaths = List.copyOf(deaths);
        this.witness = witness;
        this.imbalances = imbalances;
    }

    void check(List<Attempt> attempts) {
        for (Attempt attempt : attempts) {
            outcomes.merge(attempt.outcome(), 1L, Long::sum);
            if (attempt.outcome() == Outcome.OK) answered(attempt);
            else if (LOST.contains(attempt.outcome())) lost(attempt);
            else if (attempt.outcome() == Outcome.REFUSED && witness.wasDown(attempt)) whileDown++;
            else wrong(attempt, "nothing allows it");
        }
    }

    /** Answers are counted on both sides. */
    void balance(List<Book> books) {
        long sent = books.stream().mapToLong(Book::answered).sum();
        long seen = count(Outcome.OK);
        imbalances.expect(seen <= sent && sent <= seen + lost(), "the servers sent " + sent + " answers; the clients saw " + seen + " and lost " + lost() + " requests");
    }

    private void answered(Attempt attempt) {
        Set<String> allowed = witness.mayAnswer(attempt);
        if (!allowed.contains(attempt.version())) wrong(attempt, "answered by " + attempt.version() + "; allowed were " + allowed);
    }

    private void lost(Attempt attempt) {
        long begun = millis(attempt.begun());
        long ended = millis(attempt.ended());
        List<Death> near = deaths.stream().filter(it -> it.at() <= ended + 100 && it.at() >= begun - NOTICED_MILLIS).toList();
        if (near.stream().anyMatch(it -> strike(it, attempt.port(), ended))) {
            lostByDead++;
            return;
        }
        Optional<Death> raw = near.stream().filter(it -> it.isRaw() && unseen.getOrDefault(it, 0) == 0).findFirst();
        if (near.stream().anyMatch(Death::isHeirless)) lostInQueue++;
        else if (raw.isPresent()) {
            unseen.merge(raw.get(), 1, Integer::sum);
            lostUnseen++;
        } else wrong(attempt, "no killed process had accepted it; near: " + near.stream().map(Audit::text).toList());
    }

    private static String text(Death death) {
        return death.book().worker() + " at " + java.time.Instant.ofEpochMilli(death.at()) + "\n" + String.join("\n", death.story().stream().map(Journal.Line::toString).toList());
    }

    /** Each connection that the dead had open can explain one loss. */
    private boolean strike(Death death, int port, long ended) {
        for (Book.Row row : death.book().open()) {
            if (row.port() == port && row.at() <= ended + 100 && struck.add(List.of(death.book(), row))) return true;
        }
        return false;
    }

    private void wrong(Attempt attempt, String why) {
        imbalances.add("%s (%s) from port %d, %s to %s: %s"
                .formatted(attempt.outcome(), attempt.detail(), attempt.port(), instant(attempt.begun()), instant(attempt.ended()), why));
    }

    private java.time.Instant instant(long nanos) {
        return java.time.Instant.ofEpochMilli(millis(nanos));
    }

    private long millis(long nanos) {
        return (nanos + epoch) / 1_000_000;
    }

    private long count(Outcome outcome) {
        return outcomes.getOrDefault(outcome, 0L);
    }

    private long lost() {
        return LOST.stream().mapToLong(this::count).sum();
    }

    List<String> lines() {
        List<String> lines = new ArrayList<>();
        long all = outcomes.values().stream().mapToLong(Long::longValue).sum();
        lines.add("requests                                  " + all);
        outcomes.forEach((outcome, number) -> lines.add("  %-40s%d".formatted(outcome.text(), number)));
        lines.add("refused while the app was stopped         " + whileDown);
        lines.add("lost, accepted by a process that died     " + lostByDead + " of " + deaths.stream().mapToInt(it -> it.book().open().size()).sum() + " that it had open");
        lines.add("lost, accepted at the moment of the death " + lostUnseen);
        lines.add("lost, waited for one that died heirless   " + lostInQueue);
        return lines;
    }
}
