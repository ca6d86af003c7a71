import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.apache.catalina.Context;
import org.apache.catalina.startup.Tomcat;

/** Tomcat as it is embedded; it ends with the JVM. MAX_KEPT is its maxKeepAliveRequests, 100 unless set. */
public final class TomcatServer {
    private static final byte[] BODY =
            String.format("version=%s pid=%010d%n", System.getenv("VERSION"), ProcessHandle.current().pid()).getBytes(StandardCharsets.US_ASCII);

    public static void main(String[] args) throws Exception {
        Tomcat tomcat = new Tomcat();
        tomcat.setBaseDir(System.getProperty("java.io.tmpdir"));
        tomcat.setPort(Integer.parseInt(args[0]));
        // there is none before it is asked for
        tomcat.getConnector().setProperty("maxKeepAliveRequests", System.getenv().getOrDefault("MAX_KEPT", "100"));
        Context context = tomcat.addContext("", new File(".").getAbsolutePath());
        Tomcat.addServlet(context, "answer", new Answerer());
        context.addServletMappingDecoded("/", "answer");
        tomcat.start();
        DrainNotice.follow();
        tomcat.getServer().await();
    }

    private static final class Answerer extends HttpServlet {
        @Override
        protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
            if (DrainNotice.isDraining()) response.setHeader("Connection", "close");
            response.setContentLength(BODY.length);
            response.getOutputStream().write(BODY);
        }
    }
}
