package nary.log;

import java.nio.charset.StandardCharsets;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.Arrays;

/**
 * A line of a log, as it is read again.
 *
 * @param bytes with its newline
 * @param millis of the epoch; where the line has no time of its own, that of the line before it, or of the file's last change
 * @param slot of the worker that wrote it, or -1 if it does not say so
 */
record LogLine(byte[] bytes, long millis, int slot) {
    private static final int STAMP = 29;
    private static final byte[] JSON = "{\"time\":\"".getBytes(StandardCharsets.US_ASCII);

    /** Understands what {@link LineFormat} made. One for each file that is read. */
    static final class Parser {
        private long millis;
        private int slot;
        private byte[] stamp = {};

        /** @param millis of lines without a time, until there is one that has */
        Parser(long millis, int slot) {
            this.millis = millis;
            this.slot = slot;
        }

        LogLine parse(byte[] line) {
            int start = startsWith(line, JSON) ? JSON.length : 0;
            boolean isStamped = line.length > start + STAMP && line[start + 4] == '-' && line[start + 10] == 'T' && isTime(line, start);
            if (isStamped) slot = slot(new String(line, start + STAMP, Math.min(40, line.length - start - STAMP), StandardCharsets.ISO_8859_1), start > 0);
            return new LogLine(line, millis, slot);
        }

        /** The same time as before is frequent. */
        private boolean isTime(byte[] line, int start) {
            if (Arrays.equals(stamp, 0, stamp.length, line, start, start + STAMP)) return true;
            try {
                millis = OffsetDateTime.parse(new String(line, start, STAMP, StandardCharsets.ISO_8859_1)).toInstant().toEpochMilli();
                stamp = Arrays.copyOfRange(line, start, start + STAMP);
                return true;
            } catch (DateTimeParseException somethingElse) {
                return false;
            }
        }

        /** {@code " 7.0 4711 …"} or {@code "\",\"slot\":0,…"}. */
        private int slot(String rest, boolean isJson) {
            int from = isJson ? rest.indexOf("\"slot\":") + 7 : rest.indexOf('.') + 1;
            int to = from;
            while (to < rest.length() && Character.isDigit(rest.charAt(to))) to++;
            boolean isThere = to > from && to - from < 6 && (isJson ? from > 6 : rest.lastIndexOf(' ', from) == 0);
            return isThere ? Integer.parseInt(rest.substring(from, to)) : slot;
        }

        private static boolean startsWith(byte[] line, byte[] start) {
            return line.length > start.length && Arrays.equals(line, 0, start.length, start, 0, start.length);
        }
    }
}
