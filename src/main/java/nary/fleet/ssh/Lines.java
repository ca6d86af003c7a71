package nary.fleet.ssh;

/** Gets output line by line. */
@FunctionalInterface
public interface Lines {
    /** In pieces of this many bytes comes a line that is longer. */
    int MOST_BYTES = 64 * 1024;

    enum Stream {
        OUT,
        ERR
    }

    /** @param text without its end; what is no UTF-8 is replaced */
    void line(Stream stream, String text);
}
