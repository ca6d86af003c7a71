package nary.bench.load;

import java.util.Locale;

/** What the head of an answer says of it, line by line. */
final class Head {
    static final int LONGEST_BODY = 1 << 16;

    private final int status;
    private int length = -1;
    private boolean ends;

    /** @param line the first */
    Head(String line) {
        boolean isHttp = line.startsWith("HTTP/1.") && line.length() >= 12;
        status = isHttp ? Integer.parseInt(line.substring(9, 12)) : 0;
    }

    /** Takes in another line. */
    void add(String line) {
        String header = line.toLowerCase(Locale.ROOT);
        if (header.startsWith("content-length:")) length = Integer.parseInt(header.substring("content-length:".length()).strip());
        if (header.startsWith("connection:") && header.contains("close")) ends = true;
    }

    int status() {
        return status;
    }

    /** Bytes of the body; -1 if that is not said, or if there are too many. */
    int length() {
        return length > LONGEST_BODY ? -1 : length;
    }

    /** Whether the connection is closed after this answer. */
    boolean ends() {
        return ends;
    }
}
