package nary.listen;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * What is answered for an app that is closed: 503 with a page, to each request; 200 to the one that a load balancer asks, if it is to go on
 * passing. HTTP/1.1, RFC 9110 and 9112; each answer ends its connection.
 */
public final class ClosedPage {
    private static final int LONGEST_HEAD = 16 * 1024;
    private static final byte[] END = {'\r', '\n', '\r', '\n'};
    private static final String PASSING = "200 OK";
    private static final String CLOSED = "503 Service Unavailable";

    private final byte[] page;
    private final long retrySeconds;
    private final Optional<String> passing;

    /**
     * @param page HTML in UTF-8
     * @param retrySeconds for Retry-After
     * @param passing the path that is answered 200
     */
    public ClosedPage(byte[] page, long retrySeconds, Optional<String> passing) {
        this.page = page.clone();
        this.retrySeconds = retrySeconds;
        this.passing = passing;
    }

    /**
     * The answer to what has been read so far; empty: more is needed.
     *
     * @return no bytes where that is no HTTP: nothing that the client would understand can be said
     */
    Optional<byte[]> answer(byte[] read, int length) {
        if (length > 0 && !Character.isUpperCase(read[0])) return Optional.of(new byte[0]);
        if (!endsHead(read, length)) return length < LONGEST_HEAD ? Optional.empty() : Optional.of(new byte[0]);
        String[] words = new String(read, 0, lineEnd(read, length), StandardCharsets.ISO_8859_1).split(" ");
        String path = words.length < 2 ? "" : words[1].split("[?#]", 2)[0];
        boolean isPassing = passing.filter(path::equals).isPresent();
        return Optional.of(whole(isPassing, words[0].equals("HEAD")));
    }

    private static boolean endsHead(byte[] read, int length) {
        for (int at = 0; at + END.length <= length; at++) if (isEnd(read, at)) return true;
        return false;
    }

    private static boolean isEnd(byte[] read, int at) {
        for (int i = 0; i < END.length; i++) if (read[at + i] != END[i]) return false;
        return true;
    }

    private static int lineEnd(byte[] read, int length) {
        int end = 0;
        while (end < length && read[end] != '\r') end++;
        return end;
    }

    private byte[] whole(boolean isPassing, boolean isHead) {
        byte[] body = isPassing ? "OK\n".getBytes(StandardCharsets.US_ASCII) : page;
        String head = "HTTP/1.1 " + (isPassing ? PASSING : CLOSED) + "\r\nContent-Type: " + (isPassing ? "text/plain" : "text/html; charset=utf-8")
                + "\r\nContent-Length: " + body.length + (isPassing ? "" : "\r\nRetry-After: " + retrySeconds)
                + "\r\nCache-Control: no-store\r\nConnection: close\r\n\r\n";
        byte[] first = head.getBytes(StandardCharsets.US_ASCII);
        if (isHead) return first;
        byte[] all = java.util.Arrays.copyOf(first, first.length + body.length);
        System.arraycopy(body, 0, all, first.length, body.length);
        return all;
    }
}
