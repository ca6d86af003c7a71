package nary.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import nary.control.Json;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Commands that are run when something has happened. */
@Tag("it")
class HooksTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final String FACTS =
            "echo \"$NARY_EVENT|$NARY_KIND|$NARY_GENERATION|$NARY_SLOT|$NARY_REASON|$NARY_PID|$NARY_TIME|$NARY_APP|$NARY_IPC|$VERSION|$(pwd)|$NARY_TEXT\" >>facts";

    @RegisterExtension
    final Site site = new Site();

    private List<String[]> facts() throws Exception {
        Path file = site.directory().resolve("facts");
        return Files.exists(file) ? Files.readAllLines(file).stream().map(it -> it.split("\\|", 12)).toList() : List.of();
    }

    private void await(String event, int times) throws Exception {
        Until.holds(event + " is told", LIMIT, () -> facts().stream().filter(it -> it[0].equals(event)).count() >= times);
    }

    private String[] last(String event) throws Exception {
        return facts().stream().filter(it -> it[0].equals(event)).reduce((_, later) -> later).orElseThrow();
    }

    @Test
    @DisplayName("ready, crashed, failed, deployed, stalled, stopped: each with its facts in the environment, none of them a worker")
    void eachWithItsFacts() throws Exception {
        List<String> options = new ArrayList<>(List.of("--settle", "0.1"));
        for (String event : List.of("ready", "crashed", "failed", "deployed", "stalled", "stopped")) options.addAll(List.of("--on", event, FACTS));
        Moody.start(site, 2, options.toArray(String[]::new));
        await("ready", 1);
        String[] ready = last("ready");
        assertThat(List.of(ready).subList(0, 5)).containsExactly("ready", "Ready", "", "", "");
        assertThat(ready[7]).startsWith("node ");
        assertThat(ready[8]).isEqualTo(site.directory().resolve("nary.ipc").toString());
        assertThat(ready[9]).isEqualTo("v000");
        assertThat(ready[10]).isEqualTo(site.directory().toString());
        assertThat(ready[11]).isEqualTo("2 workers online");
        long pid = site.status().workers().get(1).pid();
        Site.signal("KILL", pid);
        await("crashed", 1);
        assertThat(List.of(last("crashed")).subList(0, 6)).containsExactly("crashed", "WorkerDeath", "1", "1", "crash", "" + pid);
        await("ready", 2);
        assertThat(site.deploy("--env", "MOOD=crash:all").exit()).isEqualTo(1);
        await("failed", 1);
        assertThat(List.of(last("failed")).subList(0, 5)).containsExactly("failed", "DeployDone", "2", "", "failed");
        assertThat(last("failed")[11]).contains("exit code 7");
        assertThat(site.deploy("--env", "MOOD=", "--env", "VERSION=v001").exit()).isZero();
        await("deployed", 1);
        assertThat(List.of(last("deployed")).subList(0, 5)).containsExactly("deployed", "Deployed", "3", "", "deploy");
        assertThat(last("deployed")[9]).isEqualTo("v001");
        stall();
        assertThat(List.of(last("stalled")).subList(0, 5)).containsExactly("stalled", "Stalled", "3", "0", "stalled");
        site.assertNothingElseLives();
        assertThat(site.nary("stop").exit()).isZero();
        assertThat(last("stopped")[4]).isEqualTo("stop");
        assertThat(facts().stream().filter(it -> it[0].equals("crashed"))).hasSize(1);
    }

    private void stall() throws Exception {
        long victim = site.status().workers().getFirst().pid();
        List<Wire> waiting = new ArrayList<>();
        Site.signal("STOP", victim);
        try {
            Until.holds("the stall is told", LIMIT, () -> {
                Wire wire = Wire.connect(site.port());
                wire.send("GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
                waiting.add(wire);
                return facts().stream().anyMatch(it -> it[0].equals("stalled"));
            });
        } finally {
            Site.signal("CONT", victim);
        }
        for (Wire wire : waiting) wire.close();
    }

    @Test
    @DisplayName("one that hangs and one that leaves a child behind are ended with all of it, and hold up nothing; what is said is in the event log")
    void neverInTheWay() throws Exception {
        String deaf = "trap '' TERM; while :; do sleep 1; done";
        Moody.start(site, 1, "--settle", "0.1", "--on-timeout", "1", "--on", "deployed", deaf, "--on", "deployed", "setsid sh -c \"" + deaf + "\" & echo left; exit 0",
                "--on", "deployed", "echo it went wrong >&2; exit 9", "--on", "deployed", "/no/such/program");
        for (int i = 0; i < 3; i++) assertThat(site.deploy().exit()).isZero();
        Until.holds("all are over", LIMIT, () -> Stream.of("HookFailed", "HookDropped").mapToInt(it -> count(it)).sum() == 12);
        EventLines events = EventLines.of(site);
        assertThat(events.of("HookFailed").texts().stream().filter(it -> it.contains("did not end within 1s and was killed"))).hasSize(6);
        assertThat(events.of("HookFailed").texts().stream().filter(it -> it.contains("failed: exit code 9"))).hasSize(3);
        assertThat(events.of("HookFailed").texts().stream().filter(it -> it.contains("failed: exit code 127"))).hasSize(3);
        assertThat(events.of("HookSaid").texts().stream().filter(it -> it.contains(") said: it went wrong"))).hasSize(3);
        assertThat(events.of("HookSaid").texts().stream().filter(it -> it.contains(") said: left"))).hasSize(3);
        site.assertNothingElseLives();
    }

    private int count(String kind) {
        try {
            return EventLines.of(site).of(kind).count();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    @Test
    @DisplayName("more than may wait are dropped and said; the stop does not wait for them, but for what is run for the stop")
    void boundedAndEndedWithTheStop() throws Exception {
        List<String> options = new ArrayList<>(List.of("--settle", "0.1", "--on-timeout", "60"));
        for (int i = 0; i < 40; i++) options.addAll(List.of("--on", "ready", "sleep 600"));
        options.addAll(List.of("--on", "stopped", "sleep 1; echo done >stopped"));
        Moody.start(site, 1, options.toArray(String[]::new));
        Until.holds("some are dropped", LIMIT, () -> count("HookDropped") == 4);
        Ran stop = site.nary("stop");
        assertThat(stop.exit()).isZero();
        assertThat(Files.readString(site.directory().resolve("stopped"))).isEqualTo("done\n");
        assertThat(stop.took()).isLessThan(Duration.ofSeconds(50));
        site.assertNothingLives();
    }

    @Test
    @DisplayName("the documented webhooks and the mail arrive, as they stand in docs/events.md")
    void documentedExamples() throws Exception {
        String docs = Files.readString(Path.of("docs/events.md"));
        List<String> bodies = new CopyOnWriteArrayList<>();
        HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        server.createContext("/", exchange -> {
            bodies.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            exchange.sendResponseHeaders(204, -1);
            exchange.close();
        });
        server.start();
        Path mail = Files.writeString(site.folder("bin").resolve("mail"), "#!/bin/sh\n(echo \"$@\"; cat) >mail.txt\n");
        assertThat(mail.toFile().setExecutable(true)).isTrue();
        try {
            String here = "http://127.0.0.1:" + server.getAddress().getPort() + "/";
            List<String> options = new ArrayList<>(List.of("--settle", "0.1", "--env", "PATH=" + mail.resolveSibling("") + ":" + System.getenv("PATH")));
            for (String command : examples(docs)) options.addAll(List.of("--on", "crashed", command.replace("https://chat.example.com/", here)));
            assertThat(options).hasSize(4 + 3 * 3);
            Moody.start(site, 1, options.toArray(String[]::new));
            site.get("/exit?code=3");
            Until.holds("all have arrived", LIMIT, () -> bodies.size() == 2 && Files.exists(site.directory().resolve("mail.txt")) && count("HookDone") == 3);
        } finally {
            server.stop(0);
        }
        String json = bodies.stream().filter(it -> it.startsWith("{")).findFirst().orElseThrow();
        assertThat(Json.read(json)).asInstanceOf(InstanceOfAssertFactories.MAP).containsEntry("text", "worker 1.0 exited with exit code 3").containsKey("at");
        assertThat(bodies).anyMatch(it -> it.startsWith("text=node") && it.endsWith("worker+1.0+exited+with+exit+code+3"));
        assertThat(Files.readString(site.directory().resolve("mail.txt"))).contains("crashed ops@example.com", "worker 1.0 exited with exit code 3");
    }

    /** The commands for curl, jq and mail, without the quotes around them. */
    private static List<String> examples(String docs) {
        Pattern quoted = Pattern.compile("(?m)--on (?:failed|crashed) '([^']*(?:https://chat|mail -s)[^']*)'");
        return quoted.matcher(docs).results().map(it -> it.group(1)).toList();
    }
}
