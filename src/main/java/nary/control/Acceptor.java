package nary.control;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.function.Consumer;

/**
 * Lets the clients of the control sockets in. accept(2) wants a descriptor before it looks whether anybody waits: it is called only when
 * somebody does, or the spare one would be given up for nobody, and be gone when it is needed.
 */
final class Acceptor implements AutoCloseable {
    private static final long PAUSE_MILLIS = 100;

    private final Selector selector;
    private final Farewell farewell;
    private final Consumer<String> log;

    private Acceptor(Selector selector, Farewell farewell, Consumer<String> log) {
        this.selector = selector;
        this.farewell = farewell;
        this.log = log;
    }

    /** Says to a client that there is no descriptor to serve it with. */
    @FunctionalInterface
    interface Farewell {
        void say(SocketChannel client) throws IOException;
    }

    /** @param log told if nobody can be let in any more */
    static Acceptor start(Farewell farewell, Consumer<String> log) throws IOException {
        Acceptor acceptor = new Acceptor(Selector.open(), farewell, log);
        Thread.ofPlatform().daemon().name("control").start(acceptor::letAllIn);
        return acceptor;
    }

    /** @param service what each client gets, in a thread of its own */
    void watch(ServerSocketChannel channel, Consumer<SocketChannel> service) throws IOException {
        channel.register(selector, SelectionKey.OP_ACCEPT, service);
        selector.wakeup();
    }

    private void letAllIn() {
        try (Spare spare = new Spare()) {
            while (selector.isOpen()) selector.select(key -> letIn(key, spare));
        } catch (ClosedSelectorException end) {
            // closed while somebody was let in
        } catch (IOException e) {
            log.accept("control socket: no more clients are let in: " + e.getMessage());
        }
    }

    private void letIn(SelectionKey key, Spare spare) {
        try {
            SocketChannel client = ((ServerSocketChannel) key.channel()).accept();
            if (client == null) return; // it has gone again
            if (spare.isThere() || spare.open()) Thread.ofVirtual().start(() -> service(key).accept(client));
            else turnAway(client, spare);
        } catch (ClosedChannelException end) {
            // the server closes its channels before this
        } catch (IOException e) {
            // out of descriptors, most likely: the spare one lets the client in, to be told so
            if (spare.isThere()) spare.close();
            else pause();
        }
    }

    @SuppressWarnings("unchecked")
    private static Consumer<SocketChannel> service(SelectionKey key) {
        return (Consumer<SocketChannel>) key.attachment();
    }

    private void turnAway(SocketChannel client, Spare spare) throws IOException {
        try (client) {
            farewell.say(client);
        } finally {
            spare.open();
        }
    }

    /** Gives others time to return some. */
    private static void pause() {
        try {
            Thread.sleep(PAUSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() throws IOException {
        selector.close();
    }
}
