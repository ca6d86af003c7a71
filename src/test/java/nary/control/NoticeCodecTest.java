package nary.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import nary.id.WorkerId;
import nary.log.EventLog;
import nary.posix.Pid;
import nary.rollout.Reason;
import nary.supervisor.Notice;
import org.junit.jupiter.api.Test;

class NoticeCodecTest {
    private static final Instant AT = Instant.parse("2026-11-21T14:31:57.123Z");
    private static final List<String> TEXTS = List.of("worker 1.0 is started", "[pid 3] it says", "1.0 of 2", "", "a  b ", "Ä \"quoted\" \\ {", "[]", "] [x] y", "2026-11-21T14:31:57.123+00:00 Ready x");

    /** Every combination of what may be there. */
    private static List<Notice> all() {
        List<Notice> all = new ArrayList<>();
        for (String text : TEXTS) {
            for (int facts = 0; facts < 16; facts++) {
                Optional<WorkerId> worker = (facts & 1) == 0 ? Optional.empty() : Optional.of(new WorkerId(7, 1, 1 + facts % 3));
                Optional<Integer> generation = worker.map(WorkerId::generation).or(() -> Optional.of(12));
                if ((facts & 9) == 8) generation = Optional.empty();
                Optional<Pid> pid = (facts & 2) == 0 ? Optional.empty() : Optional.of(new Pid(4711));
                Optional<Reason> reason = (facts & 4) == 0 ? Optional.empty() : Optional.of(Reason.values()[text.length() % Reason.values().length]);
                all.add(new Notice(Optional.of(AT), "WorkerDeath", worker, generation, pid, reason, text, Optional.empty()));
            }
        }
        return all;
    }

    @Test
    void aLineOfTheLogIsReadAsItWasWritten() {
        for (Notice notice : all()) assertThat(NoticeCodec.parse(EventLog.time(AT) + " " + NoticeCodec.line(notice))).isEqualTo(notice);
    }

    @Test
    void theWireHasTheSame() throws WireException {
        for (Notice notice : all()) assertThat(Wire.decodeMessage(Wire.encode(new Message.Event(notice)))).isEqualTo(new Message.Event(notice));
    }

    @Test
    void aLineForPeople() {
        Notice death = new Notice(Optional.of(AT), "WorkerDeath", Optional.of(new WorkerId(1, 0, 2)), Optional.of(1), Optional.of(new Pid(4711)), Optional.of(Reason.CRASH), "worker 1.0#2 was ended by signal SIGKILL", Optional.empty());
        assertThat(NoticeCodec.line(death)).isEqualTo("WorkerDeath 1.0#2 [pid 4711, crash] worker 1.0#2 was ended by signal SIGKILL");
        assertThat(NoticeCodec.line(new Notice("Ready", Optional.empty(), "2 workers online"))).isEqualTo("Ready 2 workers online");
    }

    @Test
    void aLineForScripts() {
        String line = "2026-11-21T14:31:57.123+00:00 WorkerDeath 1.0#2 [pid 4711, crash] worker 1.0#2 \"died\"";
        assertThat(NoticeCodec.json(NoticeCodec.parse(line)))
                .contains("\"kind\":\"WorkerDeath\",\"generation\":1,\"slot\":0,\"worker\":\"1.0#2\",\"pid\":4711,\"reason\":\"crash\",\"text\":\"worker 1.0#2 \\\"died\\\"\"}");
        assertThat(NoticeCodec.json(NoticeCodec.parse("Ready. booting: 0")))
                .isEqualTo("{\"time\":null,\"kind\":\"Remark\",\"generation\":null,\"slot\":null,\"worker\":null,\"pid\":null,\"reason\":null,\"text\":\"Ready. booting: 0\"}");
    }

    @Test
    void whateverStandsInTheFileIsAnEventOrARemark() throws WireException {
        Random random = new Random(7);
        String line = "2026-11-21T14:31:57.123+00:00 WorkerDeath 1.0#2 [pid 4711, crash] gone";
        for (int i = 0; i < 5_000; i++) {
            char[] chars = line.toCharArray();
            for (int j = 0; j < 3; j++) chars[random.nextInt(chars.length)] = (char) (' ' + random.nextInt(200));
            String json = NoticeCodec.json(NoticeCodec.parse(new String(chars, 0, random.nextInt(chars.length + 1))));
            assertThat(Fields.parse(json).text("kind")).isNotEmpty();
        }
    }
}
