package nary.fleet.transform;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** Changes what stands between brackets: JSON, and YAML that is written like it. At least one entry stays. */
final class FlowChange {
    private final TreeText tree;
    private final Datum container;

    FlowChange(TreeText tree, Datum container) {
        this.tree = tree;
        this.container = container;
    }

    void apply(List<Alignment.Fate> fates) {
        int lastStaying = lastStaying(fates);
        Datum.Entry last = Objects.requireNonNull(fates.get(lastStaying).entry());
        boolean isMoreToCome = fates.subList(lastStaying, fates.size()).stream().anyMatch(Alignment.Fate::comes);
        for (int i = 0; i < lastStaying; i++) {
            Alignment.Fate fate = fates.get(i);
            if (fate.comes()) insertBefore(fate, nextStaying(fates, i));
            else change(fate);
        }
        change(fates.get(lastStaying));
        List<Alignment.Fate> rest = fates.subList(lastStaying + 1, fates.size());
        fixComma(last, isMoreToCome);
        removeRest(last, rest.stream().filter(Alignment.Fate::goes).map(Alignment.Fate::entry).map(Objects::requireNonNull).toList());
        append(last, rest.stream().filter(Alignment.Fate::comes).toList());
    }

    private static int lastStaying(List<Alignment.Fate> fates) {
        int last = fates.size() - 1;
        while (!fates.get(last).stays()) last--;
        return last;
    }

    private static Datum.Entry nextStaying(List<Alignment.Fate> fates, int from) {
        int next = from;
        while (!fates.get(next).stays()) next++;
        return Objects.requireNonNull(fates.get(next).entry());
    }

    private void change(Alignment.Fate fate) {
        Datum.Entry entry = Objects.requireNonNull(fate.entry());
        if (fate.value() != null) tree.rewrite(entry.value(), fate.value());
        else if (!removeLine(entry)) tree.edits().delete(entry.start(), afterBlank(entry.end()));
    }

    private int afterBlank(int offset) {
        int at = offset;
        while (" \t".indexOf(tree.text().charAt(at)) >= 0) at++;
        return at;
    }

    /** With its line and the comment behind it, if it has a line for itself. */
    private boolean removeLine(Datum.Entry entry) {
        Optional<Integer> end = tree.endOfRest(entry.end());
        if (!tree.beginsLine(entry.start()) || end.isEmpty() || tree.lineStart(entry.start()) == 0) return false;
        tree.edits().delete(tree.breakBefore(entry.start()), end.get());
        return true;
    }

    /** The comma after the last one that stays. One after the very last entry of the source is its author's habit. */
    private void fixComma(Datum.Entry last, boolean isMoreToCome) {
        boolean isHabit = container.entries().getLast().comma() >= 0;
        if (isMoreToCome && last.comma() < 0) tree.edits().insert(last.value().end(), ",");
        if (!isMoreToCome && !isHabit && last.comma() >= 0) tree.edits().delete(last.comma(), last.comma() + 1);
    }

    private void removeRest(Datum.Entry last, List<Datum.Entry> gone) {
        if (gone.isEmpty()) return;
        boolean hasLines = gone.stream().allMatch(entry -> tree.beginsLine(entry.start()) && tree.endOfRest(entry.end()).isPresent());
        int first = gone.getFirst().start();
        boolean isBeside = tree.text().substring(last.end(), first).chars().allMatch(c -> c == ' ' || c == '\t');
        if (hasLines) gone.forEach(this::removeLine);
        else tree.edits().delete(isBeside ? last.end() : first, gone.getLast().end());
    }

    private void insertBefore(Alignment.Fate fate, Datum.Entry next) {
        tree.edits().insert(next.start(), written(fate, next) + "," + separator(next));
    }

    private void append(Datum.Entry last, List<Alignment.Fate> coming) {
        if (coming.isEmpty()) return;
        int at = tree.beginsLine(last.start()) ? tree.endOfRest(last.end()).orElse(last.end()) : last.end();
        var added = new StringBuilder();
        for (int i = 0; i < coming.size(); i++) added.append(i == 0 ? "" : ",").append(separator(last)).append(written(coming.get(i), last));
        tree.edits().insert(at, added.toString());
    }

    /** Between two entries, as its neighbours have it. */
    private String separator(Datum.Entry neighbour) {
        if (tree.beginsLine(neighbour.start())) return tree.style().newline() + tree.lineIndent(neighbour.start());
        List<Datum.Entry> entries = container.entries();
        boolean isTight = !tree.style().isYaml() && entries.size() > 1 && entries.getFirst().comma() + 1 == entries.get(1).start();
        return isTight ? "" : " ";
    }

    private String written(Alignment.Fate fate, Datum.Entry neighbour) {
        boolean isInLine = !tree.beginsLine(neighbour.start());
        String value = tree.style().flow(Objects.requireNonNull(fate.value()), tree.lineIndent(neighbour.start()), isInLine);
        return neighbour.start() == neighbour.afterKey() ? value : tree.style().flowKey(fate.key()) + colon(neighbour) + value;
    }

    private String colon(Datum.Entry neighbour) {
        if (tree.style().isYaml()) return ": ";
        String colon = tree.text().substring(neighbour.afterKey() - 1, neighbour.value().start());
        return colon.isBlank() || colon.contains("\n") || !colon.startsWith(":") || colon.length() > 2 ? ": " : colon;
    }
}
