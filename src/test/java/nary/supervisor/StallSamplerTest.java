package nary.supervisor;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import nary.posix.Pid;
import nary.posix.Signals;
import nary.worker.Phase;
import nary.worker.Worker;
import org.junit.jupiter.api.Test;

class StallSamplerTest extends LoopFixture {
    StallSamplerTest() throws Exception {}

    @Test
    void the_recovery_of_a_stalled_worker_is_seen_also_when_it_serves_alone_by_then() throws Exception {
        start(server("v1", ""), settings(2));
        Pid stalled = firstPid();
        List<Socket> clients = new ArrayList<>();
        posix.processes().signal(stalled, Signals.number("STOP"));
        try {
            while (!hasStalled()) clients.add(request());
            assertThat(scale(1)).isEqualTo(new Outcome.Done("1 worker online"));
        } finally {
            posix.processes().signal(stalled, Signals.number("CONT"));
        }
        for (Socket client : clients) assertThat(new String(client.getInputStream().readAllBytes(), UTF_8)).contains("v1 ");
        await("it is trusted again", () -> loop().state().generations().getFirst().in(Phase.SERVING).allMatch(Worker::isWell));
        stopApp();
    }

    private boolean hasStalled() {
        return notices.stream().anyMatch(it -> it.name().equals("Stalled"));
    }

    private Socket request() throws Exception {
        Socket client = new Socket(InetAddress.getLoopbackAddress(), port);
        client.setSoTimeout(20_000);
        client.getOutputStream().write("GET / HTTP/1.0\r\n\r\n".getBytes(UTF_8));
        Thread.sleep(10);
        return client;
    }

    private Outcome scale(int workers) throws Exception {
        return ask(loop(), request -> new Event.ScaleRequested(request, workers, Optional.empty(), "the test"));
    }
}
