package nary.bench.load;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import nary.demo.load.Outcome;
import org.jspecify.annotations.Nullable;

/**
 * Many clients, each of which asks again as soon as it is answered, on a new connection each time or on a kept one. One thread serves whoever
 * is ready, each once in a turn, as {@code ab} does: none waits for the others' next requests. Never asks twice for one request.
 */
final class Crowd {
    private static final int TURN_MILLIS = 20;
    /** A refused connection costs nothing: without a pause its client would only count refusals. */
    private static final int PAUSE_MILLIS = 1;

    private final InetSocketAddress server;
    private final boolean keepAlive;
    private final long timeoutNanos;
    private final byte[] request;
    private final Selector selector = Selector.open();
    private final List<Member> members = new ArrayList<>();

    private Crowd(int port, boolean keepAlive, int timeoutMillis) throws IOException {
        this.server = new InetSocketAddress("127.0.0.1", port);
        this.keepAlive = keepAlive;
        this.timeoutNanos = timeoutMillis * 1_000_000L;
        this.request = Caller.request("/", keepAlive);
    }

    static Crowd of(int port, int clients, boolean keepAlive, int timeoutMillis) throws IOException {
        Crowd crowd = new Crowd(port, keepAlive, timeoutMillis);
        for (int i = 0; i < clients; i++) crowd.members.add(crowd.new Member());
        return crowd;
    }

    /** Asks until it is to stop, then lets what is under way end. */
    void ask(Supplier<Tally> tally, BooleanSupplier isStopping) {
        try (selector) {
            while (turn(tally.get(), isStopping.getAsBoolean())) {
                // the next
            }
        } catch (IOException e) {
            throw new IllegalStateException("the load generator cannot go on", e);
        } finally {
            members.forEach(Member::close);
        }
    }

    /** @return whether anything is left to do */
    private boolean turn(Tally tally, boolean isStopping) throws IOException {
        selector.select(key -> ((Member) key.attachment()).goOn(tally), members.stream().allMatch(Member::isAsking) ? TURN_MILLIS : PAUSE_MILLIS);
        long now = System.nanoTime();
        for (Member member : members) member.look(now, tally, isStopping);
        return !isStopping || members.stream().anyMatch(Member::isAsking);
    }

    private final class Member {
        private final ByteBuffer unsent = ByteBuffer.wrap(request);
        private byte[] answer = new byte[1024];
        private int size;
        private @Nullable SocketChannel channel;
        private @Nullable SelectionKey key;
        private boolean isAsking;
        private boolean isReused;
        /** When it asked, or when it may ask again; {@link System#nanoTime}. */
        private long since = System.nanoTime();

        boolean isAsking() {
            return isAsking;
        }

        /** Once in each turn: asks if it does not, gives up if it took too long. */
        void look(long now, Tally tally, boolean isStopping) {
            if (isAsking && now - since > timeoutNanos) end(Outcome.TIMEOUT, now, tally);
            if (!isAsking && !isStopping && now - since >= 0) begin(now, tally);
        }

        private void begin(long now, Tally tally) {
            isAsking = true;
            since = now;
            size = 0;
            unsent.rewind();
            isReused = channel != null;
            try {
                if (channel == null) connect();
                else send();
            } catch (IOException e) {
                end(Caller.outcome(e, isReused), System.nanoTime(), tally);
            }
        }

        private void connect() throws IOException {
            SocketChannel made = SocketChannel.open();
            channel = made;
            made.configureBlocking(false);
            made.setOption(StandardSocketOptions.TCP_NODELAY, true);
            boolean isDone = made.connect(server);
            key = made.register(selector, SelectionKey.OP_CONNECT, this);
            if (isDone) send();
        }

        /** The server, or its kernel, did something. */
        void goOn(Tally tally) {
            SocketChannel from = channel;
            if (from == null) return;
            try {
                if (from.isConnectionPending() || unsent.hasRemaining()) proceed(from);
                else if (hear(from)) end(judged(), System.nanoTime(), tally);
            } catch (IOException e) {
                end(Caller.outcome(e, isReused && size == 0), System.nanoTime(), tally);
            }
        }

        private void proceed(SocketChannel to) throws IOException {
            if (to.isConnectionPending() && !to.finishConnect()) return;
            send();
        }

        private void send() throws IOException {
            if (channel == null || key == null) throw new IllegalStateException("nothing is connected");
            channel.write(unsent);
            key.interestOps(unsent.hasRemaining() ? SelectionKey.OP_WRITE : SelectionKey.OP_READ);
        }

        /** @return whether the answer is whole */
        private boolean hear(SocketChannel from) throws IOException {
            int count = from.read(ByteBuffer.wrap(answer, size, answer.length - size));
            if (count < 0) throw new EOFException("cut");
            size += count;
            if (size == answer.length && size > Head.LONGEST_BODY) throw new EOFException("endless");
            if (size == answer.length) answer = Arrays.copyOf(answer, size * 2);
            return isWhole();
        }

        private int headEnd() {
            for (int i = 3; i < size; i++) {
                if (answer[i] == '\n' && answer[i - 1] == '\r' && answer[i - 2] == '\n') return i + 1;
            }
            return -1;
        }

        private boolean isWhole() throws EOFException {
            int end = headEnd();
            if (end < 0) return false;
            int length = head(end).length();
            if (length < 0) throw new EOFException("no Content-Length");
            return size >= end + length;
        }

        private Head head(int end) {
            String[] lines = new String(answer, 0, end, StandardCharsets.ISO_8859_1).split("\r\n");
            Head head = new Head(lines[0]);
            for (int i = 1; i < lines.length; i++) head.add(lines[i]);
            return head;
        }

        private Outcome judged() {
            Head head = head(headEnd());
            if (!keepAlive || head.ends()) close();
            return head.status() == 200 ? Outcome.OK : Outcome.WRONG_STATUS;
        }

        private void end(Outcome outcome, long now, Tally tally) {
            tally.add(outcome, now - since);
            isAsking = false;
            boolean isWell = outcome == Outcome.OK || outcome == Outcome.WRONG_STATUS;
            if (!isWell) close();
            // if the server closes it now, that is found when it is used again
            if (key != null) key.interestOps(0);
            since = outcome == Outcome.OK ? now : now + PAUSE_MILLIS * 1_000_000L;
        }

        private void close() {
            try {
                if (channel != null) channel.close();
            } catch (IOException e) {
                // it is gone either way
            }
            channel = null;
            key = null;
        }
    }
}
