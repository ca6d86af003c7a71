package nary.fleet.ssh;

/** Keeps the end of what a command says. */
final class Tails implements Lines {
    private final StringBuilder out = new StringBuilder();
    private final StringBuilder err = new StringBuilder();

    @Override
    public void line(Stream stream, String text) {
        StringBuilder tail = stream == Stream.OUT ? out : err;
        tail.append(text).append('\n');
        if (tail.length() > 2 * Answer.MOST_CHARS) cut(tail);
    }

    Answer answer(int exit) {
        cut(out);
        cut(err);
        return new Answer(exit, out.toString(), err.toString());
    }

    private static void cut(StringBuilder tail) {
        if (tail.length() > Answer.MOST_CHARS) tail.delete(0, tail.length() - Answer.MOST_CHARS);
    }
}
