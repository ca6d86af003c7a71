package nary.supervisor;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import nary.config.Release;
import nary.config.ServiceManager;
import nary.config.Settings;
import nary.id.RequestId;
import nary.id.WorkerId;
import nary.posix.Address;
import nary.posix.Pid;
import nary.posix.sim.SimPosix;
import org.junit.jupiter.api.Test;

class ServiceVoiceTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final WorkerId FIRST = new WorkerId(1, 0, 1);
    private static final Duration HOUR = Duration.ofHours(1);

    private final SimPosix sim = new SimPosix(0, 1);
    private final Queue<byte[]> mailbox = sim.mailbox("@manager", 3);
    private final List<String> troubles = new ArrayList<>();
    private State state = State.initial();

    private ServiceVoice voice(Optional<Duration> watchdog) {
        return new ServiceVoice(sim, Optional.of(new ServiceManager("@manager", watchdog)), troubles::add);
    }

    private void feed(ServiceVoice voice, Event event) {
        state = Supervisor.step(state, event, NOW).state();
        voice.look(state);
    }

    private void bootOne(ServiceVoice voice) {
        Release release = new Release(List.of("app"), "/", "/", Map.of());
        feed(voice, new Event.StartRequested(new RequestId(1), release, Settings.defaults()));
        feed(voice, new Event.WorkerSpawned(FIRST, new Pid(1)));
        feed(voice, new Event.WorkerListening(FIRST, new Address("0.0.0.0", 80, false)));
    }

    private List<String> heard() {
        List<String> heard = new ArrayList<>();
        for (byte[] message = mailbox.poll(); message != null; message = mailbox.poll()) heard.add(new String(message, StandardCharsets.UTF_8));
        return heard;
    }

    @Test
    void eachStateIsToldOnce() {
        ServiceVoice voice = voice(Optional.empty());
        bootOne(voice);
        voice.look(state);
        assertThat(heard()).containsExactly("STATUS=booting: 1 not ready yet, 0 ready", "READY=1\nMAINPID=100\nSTATUS=generation 1 serves with 1 worker");
        feed(voice, new Event.StopRequested(new RequestId(2), Optional.empty(), "me"));
        assertThat(heard()).containsExactly("STOPPING=1\nSTATUS=stopping");
        assertThat(voice.longest(HOUR, NOW)).as("nothing wakes the loop").isEqualTo(HOUR);
    }

    @Test
    void theWatchdogIsFedAtHalfItsTimeAndOnlyByTurns() {
        ServiceVoice voice = voice(Optional.of(Duration.ofSeconds(10)));
        voice.turn(NOW);
        voice.turn(NOW.plusSeconds(4));
        assertThat(heard()).containsExactly("WATCHDOG=1");
        assertThat(voice.longest(HOUR, NOW.plusSeconds(4))).isEqualTo(Duration.ofSeconds(1));
        assertThat(voice.longest(HOUR, NOW.plusSeconds(6))).isZero();
        voice.turn(NOW.plusSeconds(6));
        assertThat(heard()).containsExactly("WATCHDOG=1");
    }

    @Test
    void whatFindsNoRoomIsSaidLaterInOrder() {
        ServiceVoice voice = voice(Optional.of(Duration.ofSeconds(1)));
        for (int i = 0; i < 3; i++) mailbox.add(new byte[0]);
        voice.turn(NOW);
        bootOne(voice);
        voice.turn(NOW.plusSeconds(1));
        assertThat(voice.longest(HOUR, NOW.plusSeconds(1))).isEqualTo(Duration.ofMillis(100));
        mailbox.clear();
        voice.turn(NOW.plusMillis(1100));
        assertThat(heard()).hasSize(3).first().isEqualTo("WATCHDOG=1");
        voice.turn(NOW.plusMillis(1200));
        assertThat(troubles).isEmpty();
        assertThat(voice.longest(HOUR, NOW.plusMillis(1200))).isEqualTo(Duration.ofMillis(300));
    }

    @Test
    void aReloadThatCouldNotBeginIsAnsweredAllTheSame() {
        ServiceVoice voice = voice(Optional.empty());
        bootOne(voice);
        heard();
        voice.reloadAnswered(voice.reloads());
        List<String> heard = heard();
        assertThat(heard).hasSize(2);
        assertThat(heard.getFirst()).startsWith("RELOADING=1\nMONOTONIC_USEC=");
        assertThat(heard.getLast()).startsWith("READY=1\n");
        voice.reloadAnswered(voice.reloads() - 1);
        assertThat(heard()).as("its deploy was told already").isEmpty();
    }

    @Test
    void aManagerThatIsGoneIsMentionedOnce() {
        ServiceVoice voice = new ServiceVoice(sim, Optional.of(new ServiceManager("@nobody", Optional.empty())), troubles::add);
        bootOne(voice);
        assertThat(troubles).containsExactly("the service manager does not hear: sendto @nobody: ECONNREFUSED");
    }
}
