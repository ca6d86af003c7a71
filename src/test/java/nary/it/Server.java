package nary.it;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The servers of src/test/apps. None of them knows nary. */
enum Server {
    NODE(100_000) {
        @Override
        List<String> command(Distribution home, int port) {
            return List.of("node", home.source("node/server.js").toString(), "" + port);
        }
    },
    JDK17(100_000) {
        @Override
        List<String> command(Distribution home, int port) {
            return List.of(java17(), "-Xmx128m", "-Dsun.net.httpserver.nodelay=true", "-cp", home.built("jdk17").toString(), "Jdk17Server", "" + port);
        }
    },
    GO(100_000) {
        @Override
        List<String> command(Distribution home, int port) {
            return List.of(home.built("goserver").toString(), "" + port);
        }
    },
    PYTHON(30_000) {
        @Override
        List<String> command(Distribution home, int port) {
            return List.of("/usr/bin/python3", home.source("python/server.py").toString(), "" + port);
        }
    },
    NETTY(100_000) {
        @Override
        List<String> command(Distribution home, int port) {
            String classes = home.built("netty") + ":" + home.built("netty/lib") + "/*";
            return List.of(java17(), "-Xmx128m", "-cp", classes, "NettyServer", "" + port);
        }
    };

    private final int requests;

    Server(int requests) {
        this.requests = requests;
    }

    abstract List<String> command(Distribution home, int port);

    /** How many requests it can be asked in a test. */
    int requests() {
        return requests;
    }

    static String java17() {
        try (var machines = Files.list(Path.of("/usr/lib/jvm"))) {
            return machines.filter(m -> m.getFileName().toString().matches(".*17.*"))
                    .map(m -> m.resolve("bin/java"))
                    .filter(Files::isExecutable)
                    .findFirst()
                    .orElseThrow(() -> new IllegalStateException("no Java 17 in /usr/lib/jvm: apt-get install openjdk-17-jre-headless"))
                    .toString();
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
