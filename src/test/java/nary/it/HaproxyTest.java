package nary.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import nary.demo.load.Load;
import nary.demo.load.Outcome;
import nary.demo.load.Plan;
import nary.demo.load.Recording;
import nary.fleet.Host;
import nary.fleet.balancer.BalancerException;
import nary.fleet.balancer.BalancerSpec;
import nary.fleet.balancer.Balancers;
import nary.fleet.balancer.Guard;
import nary.fleet.balancer.LoadBalancer;
import nary.fleet.balancer.Prior;
import nary.fleet.balancer.Standing;
import nary.fleet.ssh.Local;
import nary.fleet.ssh.Remotes;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Servers leave the real HAProxy and come back, under load: no request is lost. */
@Tag("it")
class HaproxyTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final int KEPT = 6;

    private final List<Backend> backends = new ArrayList<>();
    private LoadBalancing haproxy;

    /** A server that can be stopped and started; its monitor path may fail. */
    static final class Backend {
        final InetSocketAddress address;
        volatile boolean isWell = true;
        volatile long delayMillis;
        private final String name;
        private HttpServer server;
        final AtomicInteger asked = new AtomicInteger();

        Backend(String name, InetSocketAddress address) throws IOException {
            this.name = name;
            this.address = address;
            start();
        }

        void start() throws IOException {
            server = HttpServer.create(address, 1024);
            server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
            server.createContext("/monitor.htm", exchange -> {
                exchange.sendResponseHeaders(isWell ? 200 : 404, -1);
                exchange.close();
            });
            server.createContext("/", exchange -> {
                asked.incrementAndGet();
                pause();
                byte[] body = ("version=" + name + " worker=0\n").getBytes(StandardCharsets.US_ASCII);
                exchange.sendResponseHeaders(200, body.length);
                exchange.getResponseBody().write(body);
                exchange.close();
            });
            server.start();
        }

        private void pause() {
            try {
                Thread.sleep(delayMillis);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        /** At once, whatever is under way. */
        void stop() {
            server.stop(0);
        }
    }

    @BeforeEach
    void open() throws Exception {
        for (int i = 1; i <= 3; i++) {
            String address = "127.0.1." + i;
            backends.add(new Backend("server" + i, new InetSocketAddress(InetAddress.getByName(address), SshServers.freePort(address))));
        }
        haproxy = LoadBalancing.start(backends.stream().map(each -> each.address).toList(), "/monitor.htm");
        for (int i = 1; i <= 3; i++) haproxy.awaitStatus("server" + i, "UP");
    }

    @AfterEach
    void close() throws Exception {
        haproxy.close();
        backends.forEach(Backend::stop);
    }

    private LoadBalancer balancer() {
        return balancer(haproxy.socket().toString(), Optional.empty(), new Local(Path.of("/")));
    }

    private static LoadBalancer balancer(String socket, Optional<Host> host, Remotes remotes) {
        return Balancers.of(List.of(new BalancerSpec.Haproxy("haproxy", socket, host, List.of("app"))), remotes, _ -> null);
    }

    private static Host host(int number) {
        return Host.of("server" + number);
    }

    private Load load() {
        return Load.start(Plan.of(haproxy.port()).withClients(6, KEPT));
    }

    private static void assertNothingLost(Load load, String... versions) {
        Recording seen = load.stop();
        assertThat(seen.failures()).isEmpty();
        assertThat(seen.byVersion()).containsKeys(versions);
    }

    @Test
    void eachServerIsReplacedAndNothingIsLost() throws Exception {
        try (Load load = load();
                LoadBalancer balancer = balancer()) {
            for (int i = 1; i <= 3; i++) {
                Backend backend = backends.get(i - 1);
                assertThat(balancer.pool(host(i)).orElseThrow().up()).isEqualTo(2);
                Prior prior = balancer.remember(host(i));
                assertThat(prior.facts()).isEqualTo(Map.of("haproxy: app/server" + i, "ready 100"));
                balancer.drain(host(i));
                assertThat(balancer.look(host(i)).state()).isEqualTo(Standing.State.DRAINING);
                balancer.awaitIdle(host(i), LIMIT);
                balancer.hold(host(i));
                assertThat(balancer.isHeld(host(i))).isTrue();
                backend.stop();
                assertThat(balancer.pool(host(i % 3 + 1)).orElseThrow().up()).isEqualTo(1);
                backend.start();
                balancer.admit(host(i), LIMIT);
                assertThat(haproxy.stat("server" + i, "status")).isEqualTo("UP");
                assertThat(balancer.look(host(i)).state()).isEqualTo(Standing.State.IN);
            }
            assertNothingLost(load, "server1", "server2", "server3");
        }
    }

    @Test
    void aDeadServerDoesNotComeBack() throws Exception {
        try (Load load = load();
                LoadBalancer balancer = balancer()) {
            balancer.drain(host(2));
            balancer.awaitIdle(host(2), LIMIT);
            balancer.hold(host(2));
            backends.get(1).stop();
            var e = catchThrowableOfType(BalancerException.class, () -> balancer.admit(host(2), Duration.ofSeconds(2)));
            assertThat(e.kind()).isEqualTo(BalancerException.Kind.NOT_HEALTHY);
            assertThat(e).hasMessageContaining("haproxy: server2 is not up after 2s: app/server2 is D");
            assertThat(haproxy.stat("server2", "weight")).isEqualTo("100");
            assertThat(balancer.isHeld(host(2))).isTrue();
            backends.get(1).start();
            balancer.restore(host(2), new Prior(Map.of("haproxy: app/server2", "ready 100")), LIMIT);
            assertNothingLost(load, "server2");
        }
    }

    @Test
    void whatWasOutStaysOutAndWeightsComeBack() throws Exception {
        haproxy.say("set server app/server1 state maint");
        haproxy.say("set server app/server2 state drain");
        haproxy.say("set server app/server3 weight 40");
        try (LoadBalancer balancer = balancer()) {
            for (int i = 1; i <= 3; i++) {
                Prior prior = balancer.remember(host(i));
                balancer.drain(host(i));
                balancer.hold(host(i));
                if (i == 3) assertThat(balancer.weigh(host(3), 5)).isTrue();
                balancer.restore(host(i), prior, LIMIT);
                assertThat(balancer.remember(host(i))).isEqualTo(prior);
                balancer.restore(host(i), prior, LIMIT);
                assertThat(balancer.remember(host(i))).isEqualTo(prior);
            }
        }
        assertThat(haproxy.stat("server1", "status")).isEqualTo("MAINT");
        assertThat(haproxy.stat("server2", "status")).isEqualTo("DRAIN");
        assertThat(haproxy.stat("server3", "status")).isEqualTo("UP");
        assertThat(haproxy.stat("server3", "weight")).isEqualTo("40");
    }

    @Test
    void aRequestUnderWayIsWaitedFor() throws Exception {
        backends.get(0).delayMillis = 700;
        try (Load load = load();
                LoadBalancer balancer = balancer()) {
            Until.holds("the slow server is asked", LIMIT, () -> backends.get(0).asked.get() > 3);
            balancer.drain(host(1));
            var e = catchThrowableOfType(BalancerException.class, () -> balancer.awaitIdle(host(1), Duration.ofMillis(1)));
            assertThat(e.kind()).isEqualTo(BalancerException.Kind.NOT_IDLE);
            assertThat(e).hasMessageMatching("haproxy: server1 still has \\d+ requests under way after 0.001s");
            balancer.awaitIdle(host(1), LIMIT);
            backends.get(0).stop();
            assertNothingLost(load, "server1", "server2");
        }
    }

    @Test
    void aReloadDoesNotSendRequestsToAServerThatIsDown() throws Exception {
        Recording control = reloadAlone();
        List<String> told = new ArrayList<>();
        try (Load load = load();
                LoadBalancer balancer = balancer()) {
            balancer.drain(host(1));
            balancer.awaitIdle(host(1), LIMIT);
            balancer.hold(host(1));
            backends.get(0).stop();
            CountDownLatch looked = new CountDownLatch(1);
            try (Guard guard = Guard.of(counting(balancer, looked), host(1), Duration.ofMillis(50), told::add)) {
                assertThat(looked.await(LIMIT.toSeconds(), TimeUnit.SECONDS)).as("the guard knows which HAProxy it is").isTrue();
                haproxy.reload();
                Until.holds("it is taken out again", LIMIT, () -> balancer.look(host(1)).state() == Standing.State.OUT);
                Until.holds("the operator is told", LIMIT, () -> !told.isEmpty());
            }
            assertThat(told.getFirst()).startsWith("haproxy had server1 in rotation again (it was reloaded: pid ").endsWith("): taken out");
            backends.get(0).start();
            balancer.admit(host(1), LIMIT);
            Recording seen = load.stop();
            for (Recording each : List.of(control, seen)) {
                assertThat(each.failures()).isEmpty();
                // HAProxy ends kept connections by a reload, whether or not a server is out: their clients ask once more
                assertThat(each.count(Outcome.CLOSED_WHILE_IDLE)).isLessThanOrEqualTo(KEPT);
            }
        }
    }

    /** @param looked counts the looks that were answered */
    private static LoadBalancer counting(LoadBalancer balancer, CountDownLatch looked) {
        return (LoadBalancer) Proxy.newProxyInstance(LoadBalancer.class.getClassLoader(), new Class<?>[] {LoadBalancer.class}, (_, method, arguments) -> {
            try {
                Object answer = method.invoke(balancer, arguments);
                if (method.getName().equals("look")) looked.countDown();
                return answer;
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
        });
    }

    /** What clients see of a reload while every server is in rotation. */
    private Recording reloadAlone() throws Exception {
        try (Load load = load()) {
            awaitMore(load);
            haproxy.reload();
            awaitMore(load);
            Recording seen = load.stop();
            for (int i = 1; i <= 3; i++) haproxy.awaitStatus("server" + i, "UP");
            return seen;
        }
    }

    private static void awaitMore(Load load) throws Exception {
        long before = load.asked();
        Until.holds("requests go on", LIMIT, () -> load.asked() > before + 500);
    }

    @Test
    void aCanaryGetsItsShare() throws Exception {
        try (LoadBalancer balancer = balancer()) {
            assertThat(balancer.weigh(host(1), 11)).isTrue();
            assertThat(haproxy.stat("server1", "weight")).isEqualTo("11");
            backends.forEach(backend -> backend.asked.set(0));
            try (Load load = load()) {
                Until.holds("enough was asked", LIMIT, () -> load.asked() > 1500);
                assertNothingLost(load, "server1", "server2");
            }
            int all = backends.stream().mapToInt(backend -> backend.asked.get()).sum();
            assertThat(backends.get(0).asked.get() * 100.0 / all).isBetween(2.0, 10.0);
            assertThatThrownBy(() -> balancer.weigh(host(1), 257)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void overTcpAndThroughSsh() throws Exception {
        try (SshServers servers = SshServers.start(1);
                Remotes remotes = servers.connect()) {
            for (LoadBalancer balancer : List.of(
                    balancer(haproxy.tcp(), Optional.empty(), remotes),
                    balancer(haproxy.socket().toString(), Optional.of(servers.host(1)), remotes),
                    balancer(haproxy.tcp(), Optional.of(servers.host(1)), remotes))) {
                balancer.drain(host(1));
                assertThat(haproxy.stat("server1", "status")).isEqualTo("DRAIN");
                balancer.admit(host(1), LIMIT);
                assertThat(haproxy.stat("server1", "status")).isEqualTo("UP");
            }
            assertThatThrownBy(() -> balancer("/no/socket", Optional.of(servers.host(1)), remotes).look(host(1)))
                    .hasMessageStartingWith("haproxy: HAProxy does not answer: server1: /no/socket does not answer there: ");
        }
    }

    @Test
    void aServerIsFoundByItsAddressOrNotAtAll() throws Exception {
        try (LoadBalancer balancer = balancer()) {
            InetSocketAddress address = backends.get(1).address;
            Host byAddress = Host.of("web-two").withBehind(address.getHostString() + ":" + address.getPort());
            balancer.drain(byAddress);
            assertThat(haproxy.stat("server2", "status")).isEqualTo("DRAIN");
            assertThatThrownBy(() -> balancer.look(Host.of("server9")))
                    .hasMessage("haproxy has no server server9 in app; it has app/server1, app/server2, app/server3. Give the server its name or address there");
            assertThatThrownBy(() -> balancer("/no/socket", Optional.empty(), new Local(Path.of("/"))).look(host(1)))
                    .hasMessageStartingWith("haproxy: HAProxy does not answer: /no/socket: ");
        }
    }

    @Test
    void theMonitorFileTakesAServerOut() throws Exception {
        // the backend answers by the file's presence, as a web server does
        try (SshServers servers = SshServers.start(1);
                Remotes remotes = servers.connect();
                Load load = load()) {
            Path file = servers.server(1).home().resolve("monitor.htm");
            java.nio.file.Files.writeString(file, "up");
            Thread watcher = Thread.ofVirtual().start(() -> {
                while (!Thread.currentThread().isInterrupted()) {
                    backends.get(0).isWell = java.nio.file.Files.exists(file);
                    java.util.concurrent.locks.LockSupport.parkNanos(5_000_000);
                }
            });
            var spec = new BalancerSpec.MonitorFile("monitor", file.toString(), Duration.ofSeconds(2), Optional.empty());
            try (LoadBalancer balancer = Balancers.of(List.of(spec), remotes, _ -> null)) {
                Prior prior = balancer.remember(host(1));
                assertThat(balancer.isHeld(host(1))).isFalse();
                balancer.drain(host(1));
                balancer.drain(host(1));
                balancer.awaitIdle(host(1), LIMIT);
                assertThat(haproxy.stat("server1", "status")).isEqualTo("DOWN");
                assertThat(balancer.isHeld(host(1))).isTrue();
                backends.get(0).stop();
                backends.get(0).start();
                balancer.restore(host(1), prior, LIMIT);
                assertThat(haproxy.stat("server1", "status")).isEqualTo("UP");
                assertThat(file).exists();
                balancer.admit(host(1), LIMIT);
            } finally {
                watcher.interrupt();
            }
            assertNothingLost(load, "server1", "server2");
        }
    }
}
