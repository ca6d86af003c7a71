package nary.demo.load;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One HTTP answer, read byte by byte so that its cut is noticed. Its length must be given. */
record Answer(int status, String body, boolean keepAlive) {
    private static final Pattern STATUS = Pattern.compile("HTTP/1\\.[01] (\\d{3})\\b.*");
    private static final Pattern VERSION = Pattern.compile("version=(\\S+) .*\\n", Pattern.DOTALL);
    private static final int LONGEST = 1 << 20;

    /** The server closed the connection before it said anything. */
    static final class NoByte extends IOException {
        NoByte() {
            super("closed before any byte of the answer");
        }
    }

    static Answer read(InputStream in) throws IOException {
        String first = line(in, true);
        Matcher status = STATUS.matcher(first);
        if (!status.matches()) throw new MalformedAnswer("not HTTP: " + first);
        boolean keepAlive = true;
        int length = -1;
        for (String header = line(in, false); !header.isEmpty(); header = line(in, false)) {
            String lower = header.toLowerCase(java.util.Locale.ROOT);
            if (lower.startsWith("content-length:")) length = length(header);
            if (lower.startsWith("connection:") && lower.contains("close")) keepAlive = false;
        }
        if (length < 0) throw new MalformedAnswer("no Content-Length");
        byte[] body = in.readNBytes(length);
        if (body.length < length) throw new EOFException("closed after " + body.length + " of " + length + " bytes of the body");
        return new Answer(Integer.parseInt(status.group(1)), new String(body, StandardCharsets.UTF_8), keepAlive);
    }

    /** An answer that is none. */
    static final class MalformedAnswer extends IOException {
        MalformedAnswer(String message) {
            super(message);
        }
    }

    /** The version that the body names; empty if it names none. */
    String version() {
        Matcher matcher = VERSION.matcher(body);
        return matcher.matches() ? matcher.group(1) : "";
    }

    private static int length(String header) throws IOException {
        try {
            int length = Integer.parseInt(header.substring(header.indexOf(':') + 1).strip());
            if (length >= 0 && length <= LONGEST) return length;
        } catch (NumberFormatException e) {
            // said below
        }
        throw new MalformedAnswer(header);
    }

    private static String line(InputStream in, boolean first) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0 && first && line.isEmpty()) throw new NoByte();
            if (c < 0) throw new EOFException("closed within the head of the answer");
            if (line.length() > 8192) throw new MalformedAnswer("endless line");
            line.append((char) c);
        }
        return line.toString().stripTrailing();
    }
}
