package nary.bench.load;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Many connections, each with a request under way that the server answers after a while. One thread serves them all. */
public final class Held implements AutoCloseable {
    private static final int AT_A_TIME = 200;
    private static final int CONNECT_MILLIS = 10_000;

    private final List<SocketChannel> channels = new ArrayList<>();
    private final Selector selector = Selector.open();
    private int answered;
    private long last;

    private Held() throws IOException {}

    /** Opens all connections, then asks on each for an answer in {@code millis} ms. */
    public static Held open(int port, int count, int millis) throws IOException {
        Held held = new Held();
        byte[] request = ("GET /slow?ms=" + millis + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").getBytes(StandardCharsets.US_ASCII);
        try {
            for (int i = 0; i < count; i++) held.connect(port);
            for (SocketChannel channel : held.channels) held.ask(channel, request);
            return held;
        } catch (IOException e) {
            held.close();
            throw e;
        }
    }

    /** How many whole answers came within the time. */
    public int await(int limitMillis) throws IOException {
        long end = System.nanoTime() + limitMillis * 1_000_000L;
        ByteBuffer buffer = ByteBuffer.allocate(4096);
        while (!selector.keys().isEmpty() && System.nanoTime() < end) {
            selector.select(100);
            for (SelectionKey key : selector.selectedKeys()) read(key, buffer);
            selector.selectedKeys().clear();
            selector.selectNow(); // forgets what was cancelled
            selector.selectedKeys().clear();
        }
        return answered;
    }

    /** When the last whole answer came; {@link System#nanoTime}. */
    public long last() {
        return last;
    }

    @Override
    public void close() throws IOException {
        for (SocketChannel channel : channels) channel.close();
        selector.close();
    }

    private void connect(int port) throws IOException {
        SocketChannel channel = SocketChannel.open();
        channels.add(channel);
        channel.socket().connect(new InetSocketAddress("127.0.0.1", port), CONNECT_MILLIS);
        // lets the server accept what is there before more comes
        if (channels.size() % AT_A_TIME == 0) Thread.yield();
    }

    private void ask(SocketChannel channel, byte[] request) throws IOException {
        channel.write(ByteBuffer.wrap(request));
        channel.configureBlocking(false);
        channel.register(selector, SelectionKey.OP_READ);
    }

    private void read(SelectionKey key, ByteBuffer buffer) {
        try {
            buffer.clear();
            int count = ((SocketChannel) key.channel()).read(buffer);
            String text = new String(buffer.array(), 0, Math.max(0, count), StandardCharsets.ISO_8859_1);
            // the answers are short: each comes in one piece
            if (text.startsWith("HTTP/1.1 200") && text.endsWith("\n")) {
                answered++;
                last = System.nanoTime();
            }
        } catch (IOException e) {
            // reset: not answered
        }
        key.cancel();
    }
}
