package nary.fleet.ssh;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import nary.config.Durations;

/** Talks to a socket of this machine, or to one that can be reached from it. */
public final class LocalSocket {
    private LocalSocket() {}

    /**
     * Says something, and reads what comes until the other side closes.
     *
     * @param endpoint an absolute path, or HOST:PORT
     * @throws IOException if it cannot be reached, does not answer in time or says more than {@link Answer#MOST_CHARS}
     */
    public static String talk(String endpoint, String words, Duration limit) throws IOException, InterruptedException {
        return endpoint.startsWith("/") ? overUnix(endpoint, words, limit) : overTcp(endpoint, words, limit);
    }

    /** A channel of this kind knows no time limit: who waits too long closes it. */
    private static String overUnix(String path, String words, Duration limit) throws IOException, InterruptedException {
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            var heard = new CompletableFuture<String>();
            Thread.ofVirtual().name("talk " + path).start(() -> {
                try {
                    channel.connect(UnixDomainSocketAddress.of(path));
                    channel.write(ByteBuffer.wrap(words.getBytes(StandardCharsets.UTF_8)));
                    channel.shutdownOutput();
                    heard.complete(read(channel));
                } catch (IOException e) {
                    heard.completeExceptionally(e);
                }
            });
            return heard.get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new IOException("no answer from " + path + " within " + Durations.text(limit));
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException reason) throw new IOException(path + ": " + reason.getMessage(), reason);
            throw new IllegalStateException(e);
        }
    }

    private static String read(SocketChannel channel) throws IOException {
        var all = new java.io.ByteArrayOutputStream();
        ByteBuffer buffer = ByteBuffer.allocate(16 * 1024);
        while (channel.read(buffer) >= 0) {
            all.write(buffer.array(), 0, buffer.position());
            if (all.size() > Answer.MOST_CHARS) throw new IOException("an answer of more than " + Answer.MOST_CHARS + " bytes");
            buffer.clear();
        }
        return all.toString(StandardCharsets.UTF_8);
    }

    private static String overTcp(String endpoint, String words, Duration limit) throws IOException {
        int colon = endpoint.lastIndexOf(':');
        if (colon < 1) throw new IOException(endpoint + " is neither an absolute path nor HOST:PORT");
        String host = endpoint.substring(0, colon).replaceAll("^\\[|]$", "");
        int millis = (int) Math.clamp(limit.toMillis(), 1, Integer.MAX_VALUE);
        try (Socket socket = new Socket()) {
            socket.setSoTimeout(millis);
            socket.connect(new InetSocketAddress(host, Integer.parseInt(endpoint.substring(colon + 1))), millis);
            socket.getOutputStream().write(words.getBytes(StandardCharsets.UTF_8));
            socket.shutdownOutput();
            InputStream in = socket.getInputStream();
            return new String(in.readNBytes(Answer.MOST_CHARS), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new IOException(endpoint + " is no HOST:PORT", e);
        } catch (IOException e) {
            throw new IOException(endpoint + ": " + e.getMessage(), e);
        }
    }
}
