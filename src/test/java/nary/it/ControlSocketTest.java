package nary.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Many clients, and bad ones. */
@Tag("it")
class ControlSocketTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    @RegisterExtension
    final Site site = new Site();

    @Test
    @DisplayName("a second deploy is refused with 3 while the first one runs, and status answers meanwhile")
    void twoDeploysAtOnce() throws Exception {
        site.start(Server.NODE, 1);
        try (Wire busy = Wire.connect(site.port())) {
            busy.send("GET /slow?ms=5000 HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
            Until.holds("the request is accepted", LIMIT, () -> site.status().workers().getFirst().connections() > 0);
            Running first = site.spawn(site.directory(), "deploy", "--env", "VERSION=v001");
            Until.holds("a deploy runs", LIMIT, () -> site.status().state().equals("deploying"));
            Ran second = site.deploy("--env", "VERSION=v002");
            assertThat(second.exit()).as("%s", second).isEqualTo(3);
            assertThat(second.err()).contains("deploy").containsPattern("pid " + first.pid() + "\\b");
            Ran done = first.await(LIMIT);
            assertThat(done.exit()).as("%s", done).isZero();
            assertThat(busy.answer()).contains("version=v000 ");
        }
        assertThat(site.get("/")).contains("version=v001 ");
    }

    @Test
    @DisplayName("many clients at once get an answer each")
    void manyClients() throws Exception {
        site.start(Server.NODE, 1);
        List<Running> clients = new ArrayList<>();
        for (int i = 0; i < 8; i++) clients.add(site.spawn(site.directory(), "status", "--json"));
        for (Running client : clients) {
            Ran ran = client.await(LIMIT);
            assertThat(ran.exit()).as("%s", ran).isZero();
            assertThat(StatusView.of(ran.out()).serving()).hasSize(1);
        }
    }

    @Test
    @DisplayName("garbage, endless lines, half messages and silence on the control socket harm nobody")
    void garbageOnTheControlSocket() throws Exception {
        site.start(Server.NODE, 1);
        StatusView before = site.status();
        Random random = new Random(Distribution.seed());
        byte[] noise = new byte[100_000];
        random.nextBytes(noise);
        List<SocketChannel> open = new ArrayList<>();
        open.add(say(noise));
        open.add(say("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII)));
        open.add(say("{\"nary\":".getBytes(StandardCharsets.US_ASCII)));
        open.add(say("{}\n[]\nnull\n1\n\"x\"\n{\"id\":1,\"verb\":\"\u0000\"}\n".getBytes(StandardCharsets.UTF_8)));
        open.add(say("x".repeat(1 << 20).getBytes(StandardCharsets.US_ASCII)));
        open.add(say(new byte[0]));
        assertThat(site.status().pids()).isEqualTo(before.pids());
        assertThat(site.deploy("--env", "VERSION=v001").exit()).isZero();
        for (SocketChannel channel : open) channel.close();
        assertThat(site.get("/")).contains("version=v001 ");
        site.assertNothingElseLives();
    }

    @Test
    @DisplayName("Ctrl+C in the deploying terminal aborts the deploy: exit 130, the old version serves")
    void interruptAborts() throws Exception {
        site.start(Server.NODE, 2);
        StatusView before = site.status();
        Running deploy = site.spawn(site.directory(), "deploy", "--env", "MISBEHAVE=hang");
        Until.holds("a deploy runs", LIMIT, () -> site.status().state().equals("deploying"));
        deploy.interrupt();
        Ran ran = deploy.await(LIMIT);
        assertThat(ran.exit()).as("%s", ran).isEqualTo(130);
        assertOldServes(before);
    }

    @Test
    @DisplayName("deploy-abort ends the deploy of another terminal, and a second one finds nothing to abort")
    void deployAbort() throws Exception {
        site.start(Server.NODE, 2);
        StatusView before = site.status();
        Running deploy = site.spawn(site.directory(), "deploy", "--env", "MISBEHAVE=hang");
        Until.holds("a deploy runs", LIMIT, () -> site.status().state().equals("deploying"));
        Ran abort = site.nary("deploy-abort");
        assertThat(abort.exit()).as("%s", abort).isZero();
        assertThat(deploy.await(LIMIT).exit()).isEqualTo(130);
        assertOldServes(before);
        assertThat(site.nary("deploy-abort").exit()).isEqualTo(3);
    }

    @Test
    @DisplayName("a deploy that outlasts its --timeout is aborted with exit 5")
    void timeoutAborts() throws Exception {
        site.start(Server.NODE, 2);
        StatusView before = site.status();
        Ran ran = site.deploy("--timeout", "1", "--env", "MISBEHAVE=hang");
        assertThat(ran.exit()).as("%s", ran).isEqualTo(5);
        assertThat(ran.took()).isLessThan(Duration.ofSeconds(10));
        assertOldServes(before);
    }

    private void assertOldServes(StatusView before) throws Exception {
        site.assertNothingElseLives();
        assertThat(site.status().pids()).isEqualTo(before.pids());
        assertThat(site.status().serving()).hasSize(2);
        assertThat(site.get("/")).contains("version=v000 ");
    }

    /** Says it, as far as the other end listens, and stays connected. */
    private SocketChannel say(byte[] bytes) throws IOException {
        SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        channel.connect(UnixDomainSocketAddress.of(site.directory().resolve("nary.ipc")));
        channel.configureBlocking(false);
        try {
            channel.write(ByteBuffer.wrap(bytes));
        } catch (IOException hungUp) {
            // it is free to
        }
        return channel;
    }
}
