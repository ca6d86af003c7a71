package nary.chaos;

import static java.util.stream.Collectors.groupingBy;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The processes of one life: what nary's event log says of them against their books, and against what was done to them. */
final class Registry {
    private static final Set<String> BEGIN = Set.of("Deploy", "Scale", "Stopping");
    private static final Set<String> OVER = Set.of("Deployed", "DeployDone", "Scaled", "ScaleDone");

    private final Journal journal;
    private final List<Book> books;
    private final List<Mischief.Kill> kills;
    private final Imbalances imbalances;

    Registry(Journal journal, List<Book> books, List<Mischief.Kill> kills, Imbalances imbalances) {
        this.journal = journal;
        this.books = List.copyOf(books);
        this.kills = List.copyOf(kills);
        this.imbalances = imbalances;
    }

    int processes() {
        return journal.started().size();
    }

    void check(List<Command.End> ends) {
        List<String> started = journal.started();
        imbalances.expect(started.size() == new HashSet<>(started).size(), "a worker was started twice: " + started);
        imbalances.expect(started.equals(journal.ended()), "started: " + started + "\nended:   " + journal.ended());
        for (Book book : books) imbalances.expect(started.contains(book.worker()), "the event log does not know worker " + book.worker());
        Set<String> known = new HashSet<>(books.stream().map(Book::worker).toList());
        started.stream().filter(it -> !known.contains(it)).forEach(this::endedBeforeItsBook);
        kills.forEach(this::isInLog);
        areInLog(ends);
        stallsEnd();
    }

    /** Killed, or told to stop, when it had hardly begun. */
    private void endedBeforeItsBook(String worker) {
        String end = end(worker).map(Journal.Line::text).orElse("nothing");
        imbalances.expect(end.contains("SIGKILL") || end.contains("SIGTERM"), "worker " + worker + " kept no book; the event log: " + end);
    }

    private void isInLog(Mischief.Kill kill) {
        Optional<Book> book = books.stream().filter(it -> it.pid() == kill.pid()).findFirst();
        if (book.isEmpty() || book.get().isClean()) return;
        String end = end(book.get().worker()).map(Journal.Line::text).orElse("nothing");
        imbalances.expect(end.contains("SIGKILL") || end.contains("exit code"), "worker " + book.get().worker() + " was killed; the event log: " + end);
    }

    /** Whoever was answered was answered with what the log says, as often as it says so. */
    private void areInLog(List<Command.End> ends) {
        Map<String, List<Command.End>> answered = ends.stream().filter(Registry::hasOutcome).collect(groupingBy(Command.End::said));
        answered.forEach((text, who) -> {
            long times = journal.lines().stream().filter(line -> line.text().equals(text) && OVER.contains(line.name())).count();
            boolean isScale = who.getFirst().words().getFirst().equals("scale");
            imbalances.expect(isScale ? times > 0 : times == who.size(), times + " times in the event log, said " + who.size() + " times: " + who);
        });
    }

    private static boolean hasOutcome(Command.End end) {
        boolean changes = Set.of("deploy", "restart", "scale").contains(end.words().getFirst()) && end.exit() != 3 && !end.said().startsWith("already");
        return changes && (end.exit() != 130 || !Truth.named(end.said()).isEmpty());
    }

    private void stallsEnd() {
        for (int i = 0; i < journal.lines().size(); i++) {
            Journal.Line line = journal.lines().get(i);
            if (!line.name().equals("Stalled")) continue;
            boolean goesOn = journal.lines().stream().skip(i + 1).anyMatch(it -> it.worker().equals(line.worker()));
            imbalances.expect(goesOn, "no end of the stall: " + line);
        }
    }

    private Optional<Journal.Line> end(String worker) {
        return journal.of(worker).filter(Journal.Line::isEnd).findFirst();
    }

    /** Those that did not end by themselves; each needs a reason. */
    List<Audit.Death> deaths() {
        List<Audit.Death> deaths = new ArrayList<>();
        for (Book book : books) {
            if (book.isClean()) continue;
            Optional<Mischief.Kill> kill = kills.stream().filter(it -> it.pid() == book.pid()).findFirst();
            Optional<Journal.Line> end = end(book.worker());
            long at = kill.map(Mischief.Kill::at).orElse(end.map(Journal.Line::at).orElse(0L));
            imbalances.expect(kill.isPresent() || isExplained(book), "worker " + book.worker() + " (" + book.version() + ") ended without a reason: " + journal.of(book.worker()).toList());
            deaths.add(new Audit.Death(book, at, kill.isPresent(), end.filter(this::isHeirless).isPresent(), journal.around(at)));
        }
        return deaths;
    }

    /**
     * A deploy or the stop was under way, and nothing was started in the slot until its end; or what was started answered those who had
     * waited for it since the deploy began.
     */
    private boolean isHeirless(Journal.Line end) {
        List<Journal.Line> lines = journal.lines();
        int at = lines.indexOf(end);
        Optional<Journal.Line> begun = Optional.empty();
        for (Journal.Line line : lines.subList(0, at)) {
            if (BEGIN.contains(line.name())) begun = Optional.of(line);
            if (OVER.contains(line.name())) begun = Optional.empty();
        }
        if (begun.isEmpty()) return false;
        if (begun.get().text().contains(", replace ")) return true;
        for (Journal.Line line : lines.subList(at, lines.size())) {
            if (OVER.contains(line.name())) return true;
            if (line.isStart() && slot(line).equals(slot(end))) return false;
        }
        return true;
    }

    private static String slot(Journal.Line line) {
        return line.worker().replaceFirst("^\\d+\\.(\\d+).*", "$1");
    }

    /** It was to fail, or it had done nothing yet, or nary says that it killed it. */
    private boolean isExplained(Book book) {
        if (book.accepted() == 0) return true;
        return journal.of(book.worker()).anyMatch(it -> it.text().contains("exit code 4") || it.text().contains("is killed") || it.text().contains("is ended"));
    }
}
