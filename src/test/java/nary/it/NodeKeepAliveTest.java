package nary.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Clients that keep their connections lose nothing when a Node app is deployed. */
@Tag("it")
class NodeKeepAliveTest {
    private static final int DEPLOYS = Distribution.isFull() ? 5 : 3;
    private static final int REQUESTS = 30_000;
    /** Each handshake takes ab some milliseconds of its one thread. */
    private static final int TLS_REQUESTS = 10_000;

    @RegisterExtension
    final Site site = new Site();

    private final Path apps = Distribution.get().built("keepalive");

    enum App {
        HTTP("node", "http.cjs"),
        MODULE("node", "http.mjs"),
        HTTPS("node", "https.cjs"),
        NPM_START("npm", "start"),
        SHELL("sh", "-c", "node http.cjs; exit $?"),
        EXPRESS("node", "express.cjs"),
        FASTIFY("node", "fastify.mjs");

        private final List<String> command;

        App(String... command) {
            this.command = List.of(command);
        }

        String scheme() {
            return this == HTTPS ? "https" : "http";
        }
    }

    /** What the fetch client counted. */
    private record Fetched(int answered, int failed, String first) {}

    /** Each app with each version in the whole matrix; else one with one, chosen by the seed. */
    static Stream<Arguments> apps() {
        List<String> nodes = Distribution.nodes();
        if (Distribution.isFull()) return Stream.of(App.values()).flatMap(app -> nodes.stream().map(node -> Arguments.of(app, node)));
        long seed = Distribution.seed();
        App app = App.values()[(int) (seed % App.values().length)];
        return Stream.of(Arguments.of(app, nodes.get((int) (seed / App.values().length % nodes.size()))));
    }

    @ParameterizedTest(name = "{0}, Node {1}: ab -k and fetch lose nothing in deploys")
    @MethodSource("apps")
    void keptConnectionsSurviveDeploys(App app, String node) throws Exception {
        start(app, node);
        String url = app.scheme() + "://127.0.0.1:" + site.port() + "/";
        Process client = fetchFrom(url);
        try {
            List<ApacheBench.Result> results = ApacheBench.during(url, url.startsWith("https") ? TLS_REQUESTS : REQUESTS, 100, this::deploys);
            Fetched fetched = end(client);
            System.out.println(app + ", Node " + node + ": " + DEPLOYS + " deploys; " + results + "; " + fetched);
            assertThat(results).allSatisfy(result -> assertThat(result.isClean()).as("%s", result).isTrue());
            assertThat(fetched.failed()).as("%s", fetched).isZero();
            assertThat(fetched.answered()).isPositive();
        } finally {
            client.destroyForcibly();
        }
    }

    @Test
    @DisplayName("what the user has in NODE_OPTIONS stays, in a directory with a space too; nothing is left after the stop")
    void nodeOptionsAreKept() throws Exception {
        Path folder = site.folder("a \"b\" c");
        String ipc = folder.resolve("nary.ipc").toString();
        String print = "require('http').createServer((q, s) => s.end(process.title + ' ')).listen(" + site.port() + ")";
        Ran ran = site.nary("start", "--ipc-file", ipc, "--env", "NODE_OPTIONS=--title=mine", "--", "node", "-e", print);
        assertThat(ran.exit()).as("%s", ran).isZero();
        assertThat(site.get("/")).contains("mine ");
        assertThat(folder.resolve("nary.ipc.drain")).isNotEmptyDirectory();
        assertThat(site.nary("stop", ipc).exit()).isZero();
        assertThat(folder.resolve("nary.ipc.drain")).doesNotExist();
    }

    @Test
    @DisplayName("--node-preload off leaves the environment of Node alone, and so does an app that fences what Node may read")
    void preloadIsOff() throws Exception {
        String print = "require('http').createServer((q, s) => s.end(process.env.NODE_OPTIONS + ' ')).listen(" + site.port() + ")";
        Ran ran = site.nary("start", "--node-preload", "off", "--", "node", "-e", print);
        assertThat(ran.exit()).as("%s", ran).isZero();
        assertThat(site.get("/")).contains("undefined ");
        assertThat(site.nary("stop").exit()).isZero();
        Ran fenced = site.nary("start", "--", "node", "-e", "0 && '--experimental-permission';" + print);
        assertThat(fenced.exit()).as("%s", fenced).isZero();
        assertThat(site.get("/")).contains("undefined ");
    }

    @Test
    @DisplayName("a worker whose event loop is blocked dies of SIGTERM at once, as without nary")
    void blockedEventLoopDies() throws Exception {
        String block = "const s = require('http').createServer((q, r) => { if (q.url === '/block') for (;;); r.end('version=v0 '); });"
                + "s.listen(" + site.port() + ")";
        Ran ran = site.nary("start", "--drain-timeout", "0.2", "--stop-timeout", "60", "--", "node", "-e", block);
        assertThat(ran.exit()).as("%s", ran).isZero();
        try (Wire wire = Wire.connect(site.port())) {
            wire.send("GET /block HTTP/1.1\r\nHost: localhost\r\n\r\n");
            Until.holds("the request has arrived", java.time.Duration.ofSeconds(5), () -> site.status().workers().getFirst().connections() == 1);
            Ran stop = site.nary("stop");
            assertThat(stop.exit()).as("%s", stop).isZero();
            assertThat(stop.err()).contains("ended by signal SIGTERM");
        }
    }

    @Test
    @DisplayName("a request under way is answered when the app is stopped")
    void stopAnswersWhatIsUnderWay() throws Exception {
        site.start(Server.NODE, 1);
        try (Wire wire = Wire.connect(site.port())) {
            wire.send("GET /slow?ms=1500 HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
            Until.holds("the request has arrived", java.time.Duration.ofSeconds(5), () -> site.status().workers().getFirst().connections() == 1);
            Running stop = site.spawn(site.directory(), "stop");
            assertThat(wire.answer()).contains("version=v000");
            assertThat(stop.await(java.time.Duration.ofSeconds(20)).exit()).isZero();
        }
    }

    private void start(App app, String node) throws IOException, InterruptedException {
        String key = site.directory().resolve("key.pem").toString();
        String certificate = site.directory().resolve("cert.pem").toString();
        if (app == App.HTTPS) {
            Distribution.shell("openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -keyout '" + key + "' -out '" + certificate
                    + "' 2>/dev/null");
            Distribution.hand(Path.of(key));
            Distribution.hand(Path.of(certificate));
        }
        List<String> words = new ArrayList<>(List.of("start", "--worker-count", "2", "--settle", "0.1", "--cwd", apps.toString()));
        for (String variable : List.of("VERSION=v000", "PORT=" + site.port(), "KEY=" + key, "CERT=" + certificate, "PATH=" + path(node))) {
            words.add("--env");
            words.add(variable);
        }
        words.add("--");
        words.addAll(app.command);
        Ran ran = site.nary(words.toArray(String[]::new));
        assertThat(ran.exit()).as("%s", ran).isZero();
    }

    private static String path(String node) {
        return Distribution.get().built("nodes/" + node + "/bin") + ":" + System.getenv("PATH");
    }

    private Void deploys() throws IOException, InterruptedException {
        for (int deploys = 0; deploys < DEPLOYS; deploys++) {
            Ran ran = site.deploy("--env", "VERSION=v001", "--cwd", apps.toString());
            assertThat(ran.exit()).as("%s", ran).isZero();
        }
        return null;
    }

    private Process fetchFrom(String url) throws IOException {
        ProcessBuilder builder = new ProcessBuilder("node", "--no-warnings", apps.resolve("client.mjs").toString(), url);
        builder.environment().put("NODE_TLS_REJECT_UNAUTHORIZED", "0");
        return builder.redirectError(ProcessBuilder.Redirect.INHERIT).start();
    }

    private static Fetched end(Process client) throws IOException, InterruptedException {
        client.getOutputStream().close();
        assertThat(client.waitFor(30, TimeUnit.SECONDS)).as("the client ends").isTrue();
        String[] words = new String(client.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip().split(" ", 3);
        return new Fetched(Integer.parseInt(words[0]), Integer.parseInt(words[1]), words.length > 2 ? words[2] : "");
    }
}
