import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.Callback;

/** Jetty as it is embedded: it stops at the end of the JVM. */
public final class JettyServer {
    private static final byte[] BODY =
            String.format("version=%s pid=%010d%n", System.getenv("VERSION"), ProcessHandle.current().pid()).getBytes(StandardCharsets.US_ASCII);

    public static void main(String[] args) throws Exception {
        Server server = new Server(Integer.parseInt(args[0]));
        server.setStopAtShutdown(true);
        server.setHandler(new Answerer());
        server.start();
        DrainNotice.follow();
        server.join();
    }

    private static final class Answerer extends Handler.Abstract {
        @Override
        public boolean handle(Request request, Response response, Callback callback) {
            if (DrainNotice.isDraining()) response.getHeaders().put(HttpHeader.CONNECTION, "close");
            response.getHeaders().put(HttpHeader.CONTENT_LENGTH, BODY.length);
            response.write(true, ByteBuffer.wrap(BODY), callback);
            return true;
        }
    }
}
