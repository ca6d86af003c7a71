package nary.fleet.transform;

import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.util.List;
import java.util.Objects;

/** Changes what YAML writes by indentation. At least one entry stays. */
final class BlockChange {
    private final TreeText tree;
    private final int column;
    private final boolean isSequence;

    BlockChange(TreeText tree, Datum container) {
        this.tree = tree;
        this.column = tree.column(container.entries().getFirst().start());
        this.isSequence = container.value() instanceof JsonArray;
    }

    void apply(List<Alignment.Fate> fates) {
        int first = firstStaying(fates, 0);
        removeHead(fates.subList(0, first), Objects.requireNonNull(fates.get(first).entry()));
        int last = first;
        for (int i = 0; i < fates.size(); i++) {
            Alignment.Fate fate = fates.get(i);
            if (fate.stays()) {
                change(fate);
                last = i;
            } else if (fate.goes() && i > first) removeLines(Objects.requireNonNull(fate.entry()));
        }
        insert(fates, last);
    }

    private static int firstStaying(List<Alignment.Fate> fates, int from) {
        int first = from;
        while (!fates.get(first).stays()) first++;
        return first;
    }

    /** The first may share its line with the dash of an item. */
    private void removeHead(List<Alignment.Fate> head, Datum.Entry staying) {
        List<Datum.Entry> gone = head.stream().filter(Alignment.Fate::goes).map(Alignment.Fate::entry).map(Objects::requireNonNull).toList();
        if (gone.isEmpty()) return;
        boolean hasLines = tree.beginsLine(gone.getFirst().start());
        if (hasLines) for (Datum.Entry entry : gone) tree.edits().delete(tree.lineStart(entry.start()), tree.nextLine(end(entry)));
        else tree.edits().delete(gone.getFirst().start(), staying.start());
    }

    /** With the line break before them: what comes is inserted before the one behind. */
    private void removeLines(Datum.Entry entry) {
        tree.edits().delete(tree.breakBefore(entry.start()), tree.lineEnd(end(entry)));
    }

    private static int end(Datum.Entry entry) {
        return Math.max(entry.value().end(), entry.afterKey());
    }

    private void change(Alignment.Fate fate) {
        Datum.Entry entry = Objects.requireNonNull(fate.entry());
        Datum old = entry.value();
        JsonValue value = Objects.requireNonNull(fate.value());
        if (old.value().equals(value)) return;
        String between = tree.text().substring(entry.afterKey(), old.start());
        boolean isSameKind = old.value().getValueType() == value.getValueType() && old.shape() != Datum.Shape.ALIAS;
        boolean isContainer = isContainer(value);
        if (isSameKind || between.contains("#")) tree.rewrite(old, value);
        else if (isContainer) tree.edits().replace(entry.afterKey(), old.end(), nested(value));
        else if (old.shape() == Datum.Shape.BLOCK) tree.edits().replace(entry.afterKey(), old.end(), " " + tree.style().scalar(value));
        else tree.rewrite(old, value);
    }

    static boolean isContainer(JsonValue value) {
        return (value instanceof JsonObject object && !object.isEmpty()) || (value instanceof JsonArray array && !array.isEmpty());
    }

    /** After a colon or a dash. */
    private String nested(JsonValue value) {
        return tree.style().nested(value, column, isSequence);
    }

    /** What comes, before the next one that stays, or after the last one. */
    private void insert(List<Alignment.Fate> fates, int last) {
        for (int i = 0; i < fates.size(); i++) {
            if (!fates.get(i).comes()) continue;
            String entry = written(fates.get(i));
            String line = tree.style().newline() + " ".repeat(column);
            if (i < last) tree.edits().insert(Objects.requireNonNull(fates.get(firstStaying(fates, i)).entry()).start(), entry + line);
            else tree.edits().insert(afterLast(Objects.requireNonNull(fates.get(last).entry())), line + entry);
        }
    }

    private int afterLast(Datum.Entry last) {
        return tree.lineEnd(end(last));
    }

    private String written(Alignment.Fate fate) {
        String head = isSequence ? "-" : tree.style().blockKey(fate.key()) + ":";
        JsonValue value = Objects.requireNonNull(fate.value());
        return head + (isContainer(value) ? nested(value) : " " + tree.style().scalar(value));
    }
}
