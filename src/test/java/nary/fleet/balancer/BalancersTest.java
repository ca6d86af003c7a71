package nary.fleet.balancer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import nary.fleet.Host;
import nary.fleet.balancer.BalancerSpec.Call;
import nary.fleet.ssh.Local;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Monitor file, HTTP API and commands, and several of them together. */
class BalancersTest {
    private static final Host WEB = Host.of("web 1").withBehind("10.0.0.1:80");
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final Duration SHORT = Duration.ofMillis(50);

    @TempDir
    Path folder;

    private HttpServer api;
    private final List<String> asked = Collections.synchronizedList(new ArrayList<>());
    private final AtomicBoolean isIn = new AtomicBoolean(true);

    @BeforeEach
    void open() throws IOException {
        api = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        api.createContext("/", exchange -> {
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            String path = exchange.getRequestURI().getRawPath();
            asked.add(exchange.getRequestMethod() + " " + path + " " + exchange.getRequestHeaders().getFirst("Authorization") + " " + body);
            if (path.endsWith("/out")) isIn.set(false);
            if (path.endsWith("/in")) isIn.set(true);
            boolean isKnown = path.startsWith("/lb");
            byte[] answer = (isKnown ? isIn.get() ? "enabled" : "disabled" : "no such thing, secret").getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(isKnown ? 200 : 404, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        api.start();
    }

    @AfterEach
    void close() {
        api.stop(0);
    }

    private Call call(String method, String path, String expect) {
        var body = method.equals("GET") ? Optional.<String>empty() : Optional.of("{\"server\": \"{name}\", \"n\": {}}");
        return new Call(
                method, "http://127.0.0.1:" + api.getAddress().getPort() + path, Map.of("Authorization", "Bearer {env:TOKEN}"), body, List.of(), Optional.of(expect).filter(it -> !it.isEmpty()));
    }

    private LoadBalancer balancer(BalancerSpec... specs) {
        return Balancers.of(List.of(specs), new Local(folder), name -> name.equals("TOKEN") ? "secret" : null);
    }

    private BalancerSpec.Http http(String name, String at) {
        return new BalancerSpec.Http(name, call("POST", at + "/{name}/out", ""), call("PUT", at + "/{behind}/in", ""), Optional.of(call("GET", at + "/{name}", "enabled")), SHORT);
    }

    private BalancerSpec.MonitorFile monitor() {
        return new BalancerSpec.MonitorFile("monitor", "monitor.htm", SHORT, Optional.empty());
    }

    @Test
    void anApiIsToldAndAsked() throws Exception {
        try (LoadBalancer balancer = balancer(http("edge", "/lb"))) {
            Prior prior = balancer.remember(WEB);
            balancer.drain(WEB);
            assertThat(balancer.isHeld(WEB)).isTrue();
            balancer.drain(WEB);
            balancer.awaitIdle(WEB, LIMIT);
            assertThat(balancer.look(WEB).state()).isEqualTo(Standing.State.OUT);
            balancer.restore(WEB, prior, LIMIT);
            assertThat(balancer.look(WEB).state()).isEqualTo(Standing.State.IN);
            assertThat(asked).contains("POST /lb/web%201/out Bearer secret {\"server\": \"web 1\", \"n\": {}}", "PUT /lb/10.0.0.1%3A80/in Bearer secret {\"server\": \"web 1\", \"n\": {}}");
            assertThat(asked.stream().filter(it -> it.startsWith("POST"))).hasSize(2);
            assertThat(balancer.weigh(WEB, 10)).isFalse();
            assertThat(balancer.pool(WEB)).isEmpty();
        }
    }

    @Test
    void noMessageShowsASecret() {
        try (LoadBalancer balancer = balancer(http("edge", "/nothing"))) {
            var e = catchThrowableOfType(BalancerException.class, () -> balancer.admit(WEB, LIMIT));
            assertThat(e).hasMessageMatching("edge: PUT http://127.0.0.1:\\d+/nothing/\\{behind}/in answered 404 no such thing, \\*\\*\\* for web 1");
        }
        var other = new BalancerSpec.Http("edge", call("POST", "/lb", ""), call("POST", "/lb", ""), Optional.empty(), SHORT);
        assertThatThrownBy(() -> Balancers.of(List.of(other), new Local(folder), _ -> null).drain(WEB)).hasMessage("edge: the environment has no TOKEN, which a request needs: export it");
        var bad = new Call("GET", "not a url {env:TOKEN}", Map.of(), Optional.empty(), List.of(), Optional.empty());
        assertThatThrownBy(() -> balancer(new BalancerSpec.Http("edge", bad, bad, Optional.empty(), SHORT)).drain(WEB))
                .hasMessage("edge: GET not a url {env:TOKEN} is no request that can be sent: correct its method, address or headers");
    }

    @Test
    void whatDoesNotComeBackIsTakenOutAgain() throws Exception {
        var stuck = new BalancerSpec.Http("edge", call("POST", "/lb/out", ""), call("POST", "/lb", ""), Optional.of(call("GET", "/lb", "enabled")), SHORT);
        try (LoadBalancer balancer = balancer(stuck)) {
            balancer.drain(WEB);
            var e = catchThrowableOfType(BalancerException.class, () -> balancer.admit(WEB, Duration.ofMillis(300)));
            assertThat(e.kind()).isEqualTo(BalancerException.Kind.NOT_HEALTHY);
            assertThat(e).hasMessage("edge: web 1 is not in rotation after 0.3s");
            assertThat(asked.getLast()).startsWith("POST /lb/out");
        }
    }

    @Test
    void aMonitorFileIsRenamed() throws Exception {
        Path file = Files.writeString(folder.resolve("monitor.htm"), "up");
        Path away = folder.resolve("monitor.htm.out");
        try (LoadBalancer balancer = balancer(monitor())) {
            Prior prior = balancer.remember(WEB);
            balancer.drain(WEB);
            balancer.drain(WEB);
            assertThat(file).doesNotExist();
            assertThat(away).hasContent("up");
            balancer.awaitIdle(WEB, LIMIT);
            Files.writeString(file, "of the new release");
            assertThat(balancer.isHeld(WEB)).isFalse();
            balancer.drain(WEB);
            assertThat(away).hasContent("of the new release");
            balancer.restore(WEB, prior, LIMIT);
            balancer.restore(WEB, prior, LIMIT);
            assertThat(file).hasContent("of the new release");
            assertThat(away).doesNotExist();
            Files.delete(file);
            assertThatThrownBy(() -> balancer.look(WEB)).hasMessage("monitor: web 1 has no monitor.htm: make it, or correct its path in the configuration");
            assertThatThrownBy(() -> balancer.drain(WEB)).hasMessageStartingWith("monitor: monitor.htm on web 1: ").hasMessageEndingWith("there is neither monitor.htm nor monitor.htm.out");
        }
    }

    @Test
    void whoWasOutStaysOut() throws Exception {
        Files.writeString(folder.resolve("monitor.htm.out"), "up");
        try (LoadBalancer balancer = balancer(monitor())) {
            Prior prior = balancer.remember(WEB);
            assertThat(prior.facts()).isEqualTo(Map.of("monitor: order", "out"));
            balancer.admit(WEB, LIMIT);
            assertThat(folder.resolve("monitor.htm")).exists();
            balancer.restore(WEB, prior, LIMIT);
            assertThat(folder.resolve("monitor.htm")).doesNotExist();
        }
    }

    @Test
    void aCommandHasTheFacts() throws Exception {
        Path said = folder.resolve("said");
        String script = "echo \"$NARY_BALANCER $NARY_ACTION $NARY_SERVER $NARY_ADDRESS $NARY_BEHIND $NARY_WEIGHT\" >> '" + said + "'; [ \"$NARY_ACTION\" != in ] || { echo no licence; exit 3; }";
        List<String> command = List.of("sh", "-c", script);
        try (LoadBalancer balancer = balancer(new BalancerSpec.Exec("f5", command, command, Optional.empty(), SHORT))) {
            balancer.drain(WEB);
            balancer.awaitIdle(WEB, LIMIT);
            assertThat(said).hasContent("f5 out web 1 web 1 10.0.0.1:80 100");
            assertThatThrownBy(() -> balancer.admit(WEB, LIMIT)).hasMessage("f5: sh (in web 1) exited with 3: no licence");
            assertThat(balancer.look(WEB).state()).isEqualTo(Standing.State.UNKNOWN);
        }
        try (LoadBalancer balancer = balancer(new BalancerSpec.Exec("f5", List.of("/no/such"), command, Optional.of(List.of("false")), SHORT))) {
            assertThat(balancer.isHeld(WEB)).isTrue();
            assertThat(balancer.look(WEB).state()).isEqualTo(Standing.State.OUT);
        }
    }

    @Test
    void onlyWhenAllAgree() throws Exception {
        Files.writeString(folder.resolve("monitor.htm"), "up");
        try (LoadBalancer balancer = balancer(http("edge", "/lb"), monitor())) {
            assertThat(balancer.name()).isEqualTo("edge and monitor");
            Prior prior = balancer.remember(WEB);
            assertThat(prior.facts()).isEqualTo(Map.of("edge: order", "in", "monitor: order", "in"));
            balancer.drain(WEB);
            assertThat(balancer.isHeld(WEB)).isTrue();
            isIn.set(true);
            assertThat(balancer.isHeld(WEB)).isFalse();
            assertThat(balancer.look(WEB).state()).isEqualTo(Standing.State.IN);
            balancer.restore(WEB, prior, LIMIT);
            assertThat(folder.resolve("monitor.htm")).exists();
        }
        try (LoadBalancer balancer = balancer(http("edge", "/nothing"), monitor())) {
            assertThatThrownBy(() -> balancer.drain(WEB)).hasMessageContaining("edge: ");
            assertThat(folder.resolve("monitor.htm")).as("the others are told all the same").doesNotExist();
        }
        assertThatThrownBy(() -> balancer(monitor(), monitor())).hasMessage("two load balancers have the same name");
    }
}
