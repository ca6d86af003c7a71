import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Scanner;

/** Whether this worker of nary drains: then each answer should close its connection. Asked for by the variable POLITE. */
public final class DrainNotice {
    private static volatile boolean draining;

    private DrainNotice() {}

    public static boolean isDraining() {
        return draining;
    }

    public static void follow() {
        String socket = System.getenv("NARY_DRAIN_SOCKET");
        if (socket == null || System.getenv("POLITE") == null) return;
        Thread follower = new Thread(() -> follow(socket), "drain notice");
        follower.setDaemon(true);
        follower.start();
    }

    private static void follow(String socket) {
        try (SocketChannel line = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            line.connect(UnixDomainSocketAddress.of(socket));
            line.write(ByteBuffer.wrap((System.getenv("NARY_ID") + "\n").getBytes(StandardCharsets.UTF_8)));
            Scanner words = new Scanner(Channels.newInputStream(line), StandardCharsets.UTF_8);
            while (words.hasNextLine()) {
                switch (words.nextLine()) {
                    case "drain" -> draining = true;
                    case "serve" -> draining = false;
                    case "close" -> line.write(ByteBuffer.wrap("closed\n".getBytes(StandardCharsets.UTF_8)));
                    default -> {}
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
