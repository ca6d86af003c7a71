package nary.log;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import nary.id.WorkerId;

/** The last 16 KiB each worker wrote to stderr: of all that write, and of the latest 64 that have ended. Thread-safe. */
final class Tails {
    private static final int SIZE = 16 * 1024;
    private static final int MAX_ENDED = 64;

    private final Map<WorkerId, Tail> tails = new HashMap<>();
    private final Set<WorkerId> ended = new LinkedHashSet<>();

    /** A ring; the byte after the newest is the oldest. */
    private static final class Tail {
        private final byte[] ring = new byte[SIZE];
        private long written;

        void add(ByteBuffer bytes) {
            int skipped = Math.max(0, bytes.remaining() - SIZE);
            bytes.position(bytes.position() + skipped);
            written += skipped;
            while (bytes.hasRemaining()) {
                int at = (int) (written % SIZE);
                int piece = Math.min(bytes.remaining(), SIZE - at);
                bytes.get(ring, at, piece);
                written += piece;
            }
        }

        List<String> lines() {
            byte[] ordered = new byte[(int) Math.min(written, SIZE)];
            for (int i = 0; i < ordered.length; i++) ordered[i] = ring[(int) ((written - ordered.length + i) % SIZE)];
            List<String> lines = new String(ordered, StandardCharsets.UTF_8).lines().toList();
            boolean isFirstCut = written > SIZE && lines.size() > 1;
            return isFirstCut ? lines.subList(1, lines.size()) : lines;
        }
    }

    synchronized void add(WorkerId worker, ByteBuffer bytes) {
        tails.computeIfAbsent(worker, _ -> new Tail()).add(bytes);
    }

    /** Oldest first. */
    synchronized List<String> last(WorkerId worker, int count) {
        Tail tail = tails.get(worker);
        if (tail == null) return List.of();
        List<String> lines = tail.lines();
        return List.copyOf(lines.subList(Math.max(0, lines.size() - count), lines.size()));
    }

    synchronized void end(WorkerId worker) {
        if (!tails.containsKey(worker)) return;
        ended.add(worker);
        if (ended.size() > MAX_ENDED) forget(ended.iterator().next());
    }

    synchronized void forget(WorkerId worker) {
        ended.remove(worker);
        tails.remove(worker);
    }
}
