package nary.log;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import nary.config.Output;

/** Makes of what a worker wrote what goes to the file. Used by one thread. */
abstract class LineFormat {
    /** ISO 8601 with milliseconds and the local offset. */
    static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSxxx");

    private static final int LARGE = 256 * 1024;
    private static final int FIRST = 4096;

    private final ZoneId zone = ZoneId.systemDefault();
    private byte[] made = {};
    private int length;
    private byte[] copied = {};
    private long stampMillis = -1;
    private byte[] stamp = {};

    static LineFormat of(Output.Format format) {
        return switch (format) {
            case RAW -> new Raw();
            case TEXT -> new Text();
            case JSON -> new Json();
        };
    }

    /**
     * @param bytes whole lines, or, unless {@code endsLine}, a piece of a line
     * @param isContinued the bytes continue a line, of which pieces have been written
     * @return valid until the next call
     */
    abstract ByteBuffer format(LinePipe from, ByteBuffer bytes, boolean isContinued, boolean endsLine);

    /** A line of nary's own among them. */
    abstract ByteBuffer remark(String text);

    /** A piece of a line leaves the line open, so that others have to wait for its end. */
    abstract boolean leavesOpen();

    boolean needsPid() {
        return true;
    }

    ByteBuffer take() {
        ByteBuffer taken = ByteBuffer.wrap(made, 0, length);
        if (made.length > LARGE) made = new byte[FIRST];
        length = 0;
        return taken;
    }

    void put(byte[] bytes, int from, int to) {
        int needed = length + to - from;
        if (needed > made.length) made = Arrays.copyOf(made, Math.max(FIRST, needed + needed / 2));
        System.arraycopy(bytes, from, made, length, to - from);
        length = needed;
    }

    void put(int octet) {
        if (length == made.length) made = Arrays.copyOf(made, Math.max(FIRST, 2 * length));
        made[length++] = (byte) octet;
    }

    void put(byte[] bytes) {
        put(bytes, 0, bytes.length);
    }

    static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    void putTime() {
        long now = System.currentTimeMillis();
        if (now != stampMillis) stamp = TIME.format(Instant.ofEpochMilli(now).atZone(zone)).getBytes(StandardCharsets.US_ASCII);
        stampMillis = now;
        put(stamp, 0, stamp.length);
    }

    /** Valid until the next one: an array is faster to look through. */
    byte[] copy(ByteBuffer given) {
        int count = given.remaining();
        if (copied.length < count || copied.length > LARGE && count <= LARGE) copied = new byte[Math.max(FIRST, count)];
        given.get(copied, 0, count);
        return copied;
    }

    static int lineEnd(byte[] bytes, int from, int count) {
        int end = from;
        while (end < count && bytes[end] != '\n') end++;
        return end;
    }

    private static final class Raw extends LineFormat {
        @Override
        ByteBuffer format(LinePipe from, ByteBuffer bytes, boolean isContinued, boolean endsLine) {
            return bytes;
        }

        @Override
        ByteBuffer remark(String text) {
            return ByteBuffer.wrap(("nary: " + text + "\n").getBytes(StandardCharsets.UTF_8));
        }

        @Override
        boolean leavesOpen() {
            return true;
        }

        @Override
        boolean needsPid() {
            return false;
        }
    }

    /** {@code TIME GENERATION.SLOT PID LINE}. */
    private static final class Text extends LineFormat {
        @Override
        ByteBuffer format(LinePipe from, ByteBuffer given, boolean isContinued, boolean endsLine) {
            int count = given.remaining();
            byte[] bytes = copy(given);
            byte[] who = ascii(" " + from.worker.generation() + "." + from.worker.slot() + " " + from.pid() + " ");
            for (int start = 0; start < count; ) {
                int end = Math.min(count, lineEnd(bytes, start, count) + 1);
                if (start > 0 || !isContinued) {
                    putTime();
                    put(who);
                }
                put(bytes, start, end);
                start = end;
            }
            return take();
        }

        @Override
        ByteBuffer remark(String text) {
            putTime();
            byte[] rest = (" - - nary: " + text + "\n").getBytes(StandardCharsets.UTF_8);
            put(rest, 0, rest.length);
            return take();
        }

        @Override
        boolean leavesOpen() {
            return true;
        }
    }

    /** One object a line; a piece of a line is an object of its own, {@code "partial":true}. */
    private static final class Json extends LineFormat {
        private static final String HEX = "0123456789abcdef";
        private static final byte[] TIME_IS = ascii("{\"time\":\"");
        private static final byte[] END = ascii("\"}\n");

        @Override
        ByteBuffer format(LinePipe from, ByteBuffer given, boolean isContinued, boolean endsLine) {
            int count = given.remaining();
            byte[] bytes = copy(given);
            byte[] who = ascii("\",\"slot\":" + from.worker.slot() + ",\"generation\":" + from.worker.generation() + ",\"pid\":" + from.pid() + ",\"stream\":\""
                    + (from.stream == Capture.Stream.OUT ? "out" : "err") + (endsLine ? "\",\"line\":\"" : "\",\"partial\":true,\"line\":\""));
            for (int start = 0; start < count; ) {
                int end = lineEnd(bytes, start, count);
                put(TIME_IS);
                putTime();
                put(who);
                putText(bytes, start, end);
                put(END);
                start = end + 1;
            }
            return take();
        }

        private void putText(byte[] bytes, int from, int to) {
            boolean isPlain = true;
            boolean isAscii = true;
            for (int i = from; i < to; i++) {
                byte each = bytes[i];
                isPlain &= each >= ' ' && each != '"' && each != '\\';
                isAscii &= each >= 0;
            }
            if (isPlain) put(bytes, from, to);
            else if (isAscii) putEscaped(bytes, from, to);
            // what is no UTF-8 is no JSON either
            else putEscaped(new String(bytes, from, to - from, StandardCharsets.UTF_8).getBytes(StandardCharsets.UTF_8));
        }

        private void putEscaped(byte[] bytes) {
            putEscaped(bytes, 0, bytes.length);
        }

        private void putEscaped(byte[] bytes, int from, int to) {
            for (int i = from; i < to; i++) {
                byte each = bytes[i];
                if (each == '"' || each == '\\') put('\\');
                if (each < 0 || each >= ' ') put(each);
                else if (each == '\t') put(ascii("\\t"));
                else if (each == '\r') put(ascii("\\r"));
                else put(ascii("\\u00" + HEX.charAt(each >> 4) + HEX.charAt(each & 15)));
            }
        }

        @Override
        ByteBuffer remark(String text) {
            put(TIME_IS);
            putTime();
            put(ascii("\",\"remark\":\""));
            byte[] words = text.getBytes(StandardCharsets.UTF_8);
            putText(words, 0, words.length);
            put(END);
            return take();
        }

        @Override
        boolean leavesOpen() {
            return false;
        }
    }
}
