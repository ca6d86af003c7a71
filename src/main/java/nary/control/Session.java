package nary.control;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.function.Consumer;
import nary.supervisor.Notice;
import nary.supervisor.Outcome;
import org.jspecify.annotations.Nullable;

/**
 * One client's connection: a virtual thread reads, another writes from a bounded queue. A client that does not read what it is sent is
 * dropped when the queue is full; the engine never waits for it.
 */
final class Session {
    /** Bytes of the longest request. */
    static final int MAX_LINE = 64 << 10;

    private static final int MAX_QUEUE = 1024;
    private static final int FOR_ANSWERS = 64;
    private static final Duration END_LIMIT = Duration.ofSeconds(1);
    private static final String END = "";

    private final SocketChannel channel;
    private final Engine engine;
    private final BlockingQueue<String> queue = new ArrayBlockingQueue<>(MAX_QUEUE);
    private final Thread writer;
    private @Nullable AutoCloseable following;
    /** Events that found no room. */
    private long missed;

    Session(SocketChannel channel, Engine engine, Message.Hello hello) {
        this.channel = channel;
        this.engine = engine;
        say(hello);
        this.writer = Thread.ofVirtual().start(this::writeAll);
    }

    /** Serves until the client goes or breaks the protocol. */
    void serve() throws IOException, InterruptedException {
        try {
            Lines lines = Lines.of(channel, MAX_LINE);
            for (String line = lines.next(); line != null; line = lines.next()) answer(Wire.decodeRequest(line));
        } catch (WireException e) {
            turnAway(e);
        } catch (UncheckedIOException e) {
            // no descriptor was left to find the answer with, most likely
            turnAway(Objects.requireNonNull(e.getCause()));
        } finally {
            finish();
        }
    }

    private void turnAway(IOException reason) throws IOException, InterruptedException {
        say(new Message.Rejected(String.valueOf(reason.getMessage())));
        hearOut();
    }

    /** Takes in what still comes, for at most a second: closing with unread data would reset the connection before the reason is read. */
    private void hearOut() throws IOException, InterruptedException {
        endWriting();
        channel.shutdownOutput();
        Thread timer = Thread.ofVirtual().start(() -> {
            if (!isInterruptedWithin(END_LIMIT)) drop();
        });
        ByteBuffer rest = ByteBuffer.allocate(8192);
        while (channel.read(rest) >= 0) rest.clear();
        timer.interrupt();
    }

    private static boolean isInterruptedWithin(Duration limit) {
        try {
            Thread.sleep(limit);
            return false;
        } catch (InterruptedException e) {
            return true;
        }
    }

    private void endWriting() throws InterruptedException {
        if (!queue.offer(END)) drop();
        writer.join(END_LIMIT);
    }

    private void answer(Wire.Asked asked) {
        long id = asked.id();
        switch (asked.request()) {
            case Request.GetStatus() -> say(new Message.Answer(id, new Reply.StatusIs(engine.status())));
            case Request.GetVariables() -> say(new Message.Answer(id, new Reply.VariablesAre(engine.variables())));
            case Request.GetLaunch() -> say(new Message.Answer(id, new Reply.LaunchIs(engine.launch())));
            case Request.Follow() -> follow(id);
            case Request.Deploy(DeployChange change) -> engine.deploy(change, replyTo(id));
            case Request.Scale(ScaleChange change) -> engine.scale(change, replyTo(id));
            case Request.Close(var how, String by) -> engine.close(how, by, replyTo(id));
            case Request.ReopenLogs() -> engine.reopenLogs(replyTo(id));
            case Request.Abort() -> engine.abort(replyTo(id));
            case Request.Stop(var timeout, String by) -> engine.stop(timeout, by, replyTo(id));
        }
    }

    private void follow(long id) {
        if (following == null) following = engine.follow(this::tell);
        say(new Message.Answer(id, new Reply.Following()));
    }

    private Consumer<Outcome> replyTo(long id) {
        return outcome -> say(new Message.Answer(id, Reply.Ended.of(outcome, engine)));
    }

    /** A client that does not read misses events; answers still find room. From any thread. */
    private synchronized void tell(Notice notice) {
        if (missed > 0 && hasRoom(2)) {
            String text = missed + " events were not told: they were not read";
            missed = 0;
            say(new Message.Event(new Notice(Notice.MISSED, Optional.empty(), text).at(Instant.now())));
        }
        if (missed == 0 && hasRoom(1)) say(new Message.Event(notice));
        else missed++;
    }

    private boolean hasRoom(int lines) {
        return queue.remainingCapacity() >= FOR_ANSWERS + lines;
    }

    private void say(Message message) {
        if (!queue.offer(Wire.encode(message))) drop();
    }

    private void writeAll() {
        try {
            for (String line = queue.take(); !line.equals(END); line = queue.take()) {
                ByteBuffer bytes = ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.UTF_8));
                while (bytes.hasRemaining()) channel.write(bytes);
            }
        } catch (IOException | InterruptedException clientGone) {
            drop();
        }
    }

    /** Writes what is queued, then closes; at most a second for a client that does not read. */
    void finish() throws InterruptedException {
        unfollow();
        endWriting();
        drop();
    }

    private void unfollow() {
        AutoCloseable listening = following;
        following = null;
        if (listening == null) return;
        try {
            listening.close();
        } catch (Exception e) {
            throw new IllegalStateException("a listener could not be removed", e);
        }
    }

    private void drop() {
        try {
            channel.close();
        } catch (IOException e) {
            // a socket that cannot be closed is closed
        }
        writer.interrupt();
    }
}
