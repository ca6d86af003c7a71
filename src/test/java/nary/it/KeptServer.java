package nary.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A server, as it comes or with the setting that docs/servers.md names for its kept connections. */
enum KeptServer {
    JETTY(false, Setup.java("jetty", "JettyServer")),
    JETTY_TOLD(true, Setup.java("jetty", "JettyServer"), "POLITE=1"),
    TOMCAT(true, Setup.java("tomcat", "TomcatServer")),
    TOMCAT_UNBOUNDED(false, Setup.java("tomcat", "TomcatServer"), "MAX_KEPT=-1"),
    NETTY(false, Setup.java("netty", "NettyServer")),
    NETTY_TOLD(true, Setup.java("netty", "NettyServer"), "POLITE=1"),
    JDK(false, Setup.jdk(Server.java17())),
    JDK_TOLD(false, Setup.jdk(Path.of(System.getProperty("java.home"), "bin/java").toString()), "POLITE=1"),
    GO(false, (home, site) -> List.of(home.built("goserver").toString(), "" + site.port())),
    GO_TOLD(true, (home, site) -> List.of(home.built("goserver").toString(), "" + site.port()), "POLITE=1"),
    GUNICORN_SYNC(true, Setup.gunicorn()),
    GUNICORN_THREADS(false, Setup.gunicorn("--threads", "8")),
    GUNICORN_THREADS_CLOSING(true, Setup.gunicorn("--threads", "8", "--keep-alive", "0")),
    UVICORN(false, Setup.uvicorn()),
    UVICORN_TOLD(true, Setup.uvicorn(), "POLITE=1"),
    NGINX(false, Setup.nginx(1000)),
    NGINX_BOUNDED(true, Setup.nginx(100));

    private final boolean isClean;
    private final Setup setup;
    private final List<String> environment;

    /** The command; may write what it needs into the site. */
    private interface Setup {
        List<String> command(Distribution home, Site site) throws IOException;

        static Setup java(String folder, String main) {
            return (home, site) -> {
                String classes = home.built(folder) + ":" + home.built(folder) + "/lib/*";
                return List.of(Server.java17(), "-Xmx128m", "-cp", classes, main, "" + site.port());
            };
        }

        static Setup jdk(String java) {
            return (home, site) -> List.of(
                    java, "-Xmx128m", "-Dsun.net.httpserver.nodelay=true", "-Dsun.net.httpserver.maxIdleConnections=1000", "-cp",
                    home.built("jdk17").toString(), "Jdk17Server", "" + site.port());
        }

        static Setup gunicorn(String... options) {
            return (home, site) -> {
                String folder = home.source("python").toString();
                List<String> command = new ArrayList<>(List.of("gunicorn", "--chdir", folder, "--bind", "0.0.0.0:" + site.port(), "--workers", "2"));
                command.addAll(Arrays.asList(options));
                command.add("wsgi:app");
                return command;
            };
        }

        static Setup uvicorn() {
            return (home, site) ->
                    List.of("uvicorn", "--app-dir", home.source("python").toString(), "--port", "" + site.port(), "--no-access-log", "asgi:app");
        }

        static Setup nginx(int kept) {
            return (home, site) -> {
                Path file = site.directory().resolve("nginx.conf");
                String text = Files.readString(home.source("nginx/nginx.conf"))
                        .replace("PORT", "" + site.port())
                        .replace("KEPT", "" + kept)
                        .replace("DIR", site.directory().toString());
                Files.writeString(file, text);
                Distribution.hand(file);
                return List.of("/usr/sbin/nginx", "-c", file.toString());
            };
        }
    }

    KeptServer(boolean isClean, Setup setup, String... environment) {
        this.isClean = isClean;
        this.setup = setup;
        this.environment = List.of(environment);
    }

    /** True if no request may fail. */
    boolean isClean() {
        return isClean;
    }

    List<String> environment() {
        return environment;
    }

    List<String> command(Distribution home, Site site) throws IOException {
        return setup.command(home, site);
    }

    /** nginx ends gracefully at QUIT only. */
    String stopSignal() {
        return name().startsWith("NGINX") ? "QUIT" : "TERM";
    }

    /** What ab may ask in a few seconds. */
    int requests() {
        return name().startsWith("GUNICORN") || name().startsWith("UVICORN") ? 30_000 : 100_000;
    }
}
