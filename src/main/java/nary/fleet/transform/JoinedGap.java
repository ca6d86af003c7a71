package nary.fleet.transform;

/** A gap that grows, as elements behind it go. */
final class JoinedGap {
    private final StringBuilder text;
    private boolean isProse;

    JoinedGap(String text) {
        this.text = new StringBuilder(text);
        this.isProse = Gap.isProse(text);
    }

    void add(String more) {
        text.append(more);
        isProse |= Gap.isProse(more);
    }

    boolean isProse() {
        return isProse;
    }

    /** The line break and the white space at its end. */
    void dropLineStart() {
        text.setLength(text.length() - Gap.lineStart(text).length());
    }

    Gap gap() {
        return new Gap(text.toString());
    }
}
