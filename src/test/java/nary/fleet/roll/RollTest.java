package nary.fleet.roll;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import nary.fleet.balancer.Pool;
import nary.fleet.balancer.Prior;
import nary.fleet.plan.Effect;
import nary.fleet.plan.Event;
import nary.fleet.plan.Finding;
import nary.fleet.plan.Order;
import nary.fleet.plan.Place;
import nary.fleet.plan.Plan;
import nary.fleet.plan.Rotation;
import nary.fleet.plan.Stage;
import nary.fleet.plan.State;
import nary.fleet.plan.Step;
import nary.fleet.plan.Verdict;
import nary.time.Clock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The engine without servers: its steps cost nothing, its journal is real. */
class RollTest {
    private static final int MANY = 200;
    private static final Duration MOST_PER_SERVER = Duration.ofMillis(50);

    @TempDir
    private Path folder;

    private static Order order(int servers, int batch) {
        List<String> names = IntStream.range(0, servers).mapToObj(it -> "web" + it).toList();
        Stage stage = new Stage("web", names, Stage.Kind.ROTATED, batch, Optional.empty(), 1, 0);
        return new Order("run", "QA", "r2", List.of(stage), false, false, Duration.ofSeconds(30), Map.of());
    }

    private static class Hands implements nary.fleet.roll.Hands {
        private final int servers;

        Hands(int servers) {
            this.servers = servers;
        }

        @Override
        public Finding survey(Place place) {
            return new Finding(true, true, Optional.of("r1"), "");
        }

        @Override
        public Event.Seen look(Place place) {
            return new Event.Seen(place, true, Optional.of(new Pool(servers - 1, servers - 1)), new Rotation(true, new Prior(Map.of("lb: a", "ready 100"))));
        }

        @Override
        public void perform(Effect.Perform step) throws IOException, InterruptedException {}
    }

    private static final class Silent implements Voice {
        @Override
        public void changed(State state) {}

        @Override
        public void begins(State state, Effect.Perform step) {}

        @Override
        public void ends(State state, Place place, Step step, Duration took, String trouble) {}

        @Override
        public void tell(String line) {}

        @Override
        public void log(String server, String line) {}

        @Override
        public boolean ask(String question) {
            return true;
        }
    }

    @Test
    void twoHundredServersCostLittleBesideTheirOwnSteps() throws Exception {
        Order order = order(MANY, 20);
        long began = System.nanoTime();
        try (Journal journal = Journal.create(folder, order, Instant.now())) {
            State end = new Roll(State.of(order), journal, new Hands(MANY), new Silent(), Clock.system()).run();
            assertThat(end.verdict()).contains(Verdict.DONE);
            assertThat(replayed()).isEqualTo(end);
        }
        Duration each = Duration.ofNanos((System.nanoTime() - began) / MANY);
        System.out.printf("fleet: %.2f ms a server for %d servers, journal of %d KB%n", each.toNanos() / 1e6, MANY, Files.size(folder.resolve(Journal.FILE)) / 1024);
        // the number is for people; a machine that does ten things at once must not fail the test
        assertThat(each).isLessThan(MOST_PER_SERVER.multipliedBy(20));
    }

    private State replayed() throws IOException {
        Journal.Story story = Journal.read(folder);
        State state = State.of(story.order());
        for (Journal.Noted noted : story.events()) state = Plan.step(state, noted.event(), noted.at()).state();
        return state;
    }

    @Test
    void everyStepIsInTheJournalBeforeItIsBegun() throws Exception {
        Order order = order(3, 2);
        List<String> missing = new ArrayList<>();
        var hands = new Hands(3) {
            @Override
            public void perform(Effect.Perform step) throws IOException {
                String line = "\"begin\":\"" + step.step().word() + "\",\"stage\":0,\"server\":\"" + step.place().server() + "\"";
                if (!Files.readString(folder.resolve(Journal.FILE)).contains(line)) missing.add(line);
            }
        };
        try (Journal journal = Journal.create(folder, order, Instant.now())) {
            new Roll(State.of(order), journal, hands, new Silent(), Clock.system()).run();
        }
        assertThat(missing).isEmpty();
        assertThat(Files.readString(folder.resolve(Journal.FILE))).contains("\"begin\":\"return\",\"stage\":0,\"server\":\"web1\",\"release\":\"r2\",\"prior\":{\"in\":true,\"prior\":{\"lb: a\":\"ready 100\"}}");
    }

    @Test
    void aLineThatWasCutShortIsAsIfItHadNotBeenWritten() throws Exception {
        Order order = order(2, 1);
        try (Journal journal = Journal.create(folder, order, Instant.now())) {
            new Roll(State.of(order), journal, new Hands(2), new Silent(), Clock.system()).run();
        }
        State whole = replayed();
        Files.writeString(folder.resolve(Journal.FILE), "{\"at\":\"2026-01-01T00:0", StandardOpenOption.APPEND);
        assertThat(replayed()).isEqualTo(whole);
        try (Journal journal = Journal.append(folder)) {
            journal.event(new Event.HealBegun(), Instant.now());
            journal.force();
        }
        assertThat(Journal.read(folder).events().getLast().event()).isEqualTo(new Event.HealBegun());
    }

    @Test
    void aJournalThatIsNoneSaysInWhichLine() throws Exception {
        Files.writeString(folder.resolve(Journal.FILE), "{\"version\":1,\"at\":\"2026-01-01T00:00:00Z\",\"order\":{}}\n");
        assertThatThrownBy(() -> Journal.read(folder)).hasMessageContaining("journal.jsonl, line 1: field 'stages'");
    }

    @Test
    void aStepThatIsADefectOfNaryFailsAsAnyOther() throws Exception {
        Order order = order(2, 1);
        var hands = new Hands(2) {
            @Override
            public void perform(Effect.Perform step) {
                if (step.step() == Step.DRAIN) throw new IllegalStateException("boom");
            }
        };
        try (Journal journal = Journal.create(folder, order, Instant.now())) {
            State end = new Roll(State.of(order), journal, hands, new Silent(), Clock.system()).run();
            assertThat(end.verdict()).contains(Verdict.FAILED);
            assertThat(end.reason()).contains("drain: a defect of nary: java.lang.IllegalStateException: boom");
        }
    }
}
