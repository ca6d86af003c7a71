package nary.fleet.transform;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** An element as text. As long as nothing changes in it, it is a span of the file that it came from. */
final class Piece implements Part {
    private final String text;
    private final int start;
    private final int openEnd;
    private int closeStart;
    private int end;
    private @Nullable String open;
    private @Nullable String close;
    private @Nullable List<Part> parts;
    private boolean isChanged;

    private Piece(String text, int start, int openEnd) {
        this.text = text;
        this.start = start;
        this.openEnd = openEnd;
        this.closeStart = openEnd;
        this.end = openEnd;
    }

    /** A document: no tags, but all that is between them. */
    static Piece of(String text) {
        return between(text, 0, text.length());
    }

    /** What stands between two places, as if it were an element. */
    static Piece between(String text, int start, int end) {
        var piece = new Piece(text, start, start);
        piece.closeAt(end, end);
        return piece;
    }

    /** An element whose first tag was just read. */
    Piece within(Markup markup) {
        return new Piece(text, markup.start(), markup.end());
    }

    /** This element, whose end tag was just read. */
    Piece closedBy(Markup markup) {
        closeAt(markup.start(), markup.end());
        return this;
    }

    private void closeAt(int closeStart, int end) {
        this.closeStart = closeStart;
        this.end = end;
    }

    /** What is between the tags in the file. */
    Markup inside() {
        return new Markup(text, openEnd, closeStart);
    }

    int start() {
        return start;
    }

    boolean isOf(SourceFile file) {
        return text == file.text();
    }

    String openTag() {
        return open != null ? open : text.substring(start, openEnd);
    }

    void setOpenTag(String changed) {
        open = changed;
        isChanged = true;
    }

    /** Makes {@code <a></a>} of {@code <a/>}. */
    void openUp() {
        if (!openTag().endsWith("/>")) return;
        OpenTag tag = OpenTag.of(openTag());
        setOpenTag(tag.opened());
        close = "</" + tag.name() + ">";
    }

    void touch() {
        isChanged = true;
    }

    /** What is between the tags: gap, element, gap, … gap. May be changed after {@link #touch}. @param children in document order */
    List<Part> parts(Supplier<List<Piece>> children) {
        if (parts != null) return parts;
        List<Part> found = new ArrayList<>();
        int at = openEnd;
        for (Piece child : children.get()) {
            found.add(new Gap(text.substring(at, child.start)));
            found.add(child);
            at = child.end;
        }
        found.add(new Gap(text.substring(at, closeStart)));
        parts = found;
        return found;
    }

    @Override
    public void print(StringBuilder out) {
        if (!isChanged) {
            out.append(text, start, end);
            return;
        }
        out.append(openTag());
        if (parts == null) out.append(text, openEnd, closeStart);
        else for (Part part : parts) part.print(out);
        if (close != null) out.append(close);
        else out.append(text, closeStart, end);
    }
}
