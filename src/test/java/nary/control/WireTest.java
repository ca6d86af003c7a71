package nary.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import nary.config.Batch;
import nary.config.Confinement;
import nary.config.Cron;
import nary.config.Expiry;
import nary.config.Glob;
import nary.config.Hooks;
import nary.config.Launch;
import nary.config.Origin;
import nary.config.Output;
import nary.config.Personality;
import nary.config.Policy;
import nary.config.Readiness;
import nary.config.Release;
import nary.config.ServiceManager;
import nary.config.Settings;
import nary.config.Strategy;
import nary.config.Variables;
import nary.id.WorkerId;
import nary.posix.Address;
import nary.supervisor.Notice;
import nary.supervisor.Outcome;
import org.junit.jupiter.api.Test;

class WireTest {
    private static final String ODD = "quote \" slash \\ line\nend tab\t umlaut \u00e4 emoji \ud83d\ude80 nul \u0001";

    @Test
    void requestsComeBackAsTheyWere() throws WireException {
        var definition = new Definition(List.of("node", ODD), "/srv/current", List.of("/srv/.env"), Map.of("D", ODD), Settings.defaults(), new Origin("/srv/nary.yml", "web", List.of("--env=D=" + ODD)));
        var change = new DeployChange(3, Map.of("A", ODD, "B", ""), Map.of("C", ODD), Optional.of("/srv/" + ODD), false, Optional.of(Strategy.FIRST_READY), Optional.of(new Batch(20, true)), Optional.of(definition), Optional.of(Duration.ofMillis(1500)), "pid 7");
        List<Request> requests = List.of(
                new Request.GetStatus(),
                new Request.Follow(),
                new Request.GetLaunch(),
                new Request.Deploy(change),
                new Request.Deploy(DeployChange.none("SIGHUP")),
                new Request.Deploy(DeployChange.restart(Optional.empty(), Optional.empty(), "me")),
                new Request.Scale(new ScaleChange(-2, true, Optional.of(Duration.ofSeconds(2)), "me")),
                new Request.Abort(),
                new Request.Stop(Optional.empty(), "x"),
                new Request.Stop(Optional.of(Duration.ZERO), "x"));
        for (Request request : requests) {
            var asked = new Wire.Asked(77, request);
            String line = Wire.encode(asked);
            assertThat(line).doesNotContain("\n");
            assertThat(Wire.decodeRequest(line)).isEqualTo(asked);
        }
    }

    @Test
    void messagesComeBackAsTheyWere() throws WireException {
        var worker = new WorkerId(7, 1, 2);
        List<Message> messages = List.of(
                new Message.Hello(1, "0.1.0", 99, "/a/nary.ipc", "/a"),
                new Message.Event(new Notice("Cutover", Optional.empty(), ODD)),
                new Message.Event(new Notice("SpawnNew", Optional.of(worker), "x")),
                new Message.Rejected(ODD),
                new Message.Answer(1, new Reply.Following()),
                new Message.Answer(1, new Reply.VariablesAre(new Variables(Map.of("A", ODD), List.of("/f"), Map.of("B", ""), Map.of()))),
                new Message.Answer(1, new Reply.LaunchIs(FakeEngine.LAUNCH)),
                new Message.Answer(1, new Reply.StatusIs(FakeEngine.STATUS)),
                ended(new Outcome.Done("ok")),
                ended(new Outcome.Refused("no")),
                ended(new Outcome.TimedOut("late")),
                ended(new Outcome.Aborted("ctrl c")),
                ended(new Outcome.Failed("why", Optional.empty())),
                new Message.Answer(9, new Reply.Ended(new Outcome.Failed("why", Optional.of(worker)), List.of("a", ODD))));
        for (Message message : messages) assertThat(Wire.decodeMessage(Wire.encode(message))).isEqualTo(message);
    }

    private static Message ended(Outcome outcome) {
        return new Message.Answer(3, new Reply.Ended(outcome, List.of()));
    }

    @Test
    void aLaunchComesBackAsItWas() throws WireException {
        var release = new Release(List.of("node", ODD), "/srv/current", "/srv/r1", Map.of("PATH", "/bin", "X", ODD));
        var files = new Launch.Files("/i", "/p", "/l", "/o", "/e");
        var expiry = new Expiry(Optional.of(500L << 20), Optional.of(Duration.ofHours(24)), Optional.of(Cron.parse("0 4 * * *")), List.of(Glob.parse("src/**"), Glob.parse("*.js")));
        var odd = new Settings(
                9,
                new Readiness.Delay(Duration.ofMillis(100)),
                Optional.empty(),
                Duration.ZERO,
                Duration.ofHours(1),
                Optional.empty(),
                Optional.of(Duration.ofMillis(1)),
                9,
                1,
                List.of(80, 443),
                List.of(new Address("::", 80, true)),
                Settings.Takeover.OFF,
                Settings.NodePreload.OFF,
                new Policy(Strategy.REPLACE, new Batch(3, false), Policy.Respawn.ON_FAILURE, Policy.OnCrash.EXIT, Optional.of(Duration.ofMillis(2)), Optional.of(Duration.ofSeconds(4)), Optional.of(3), Personality.NAUGHT, expiry));
        var confinement = new Confinement(
                Optional.of(new Confinement.Identity("app", 1000, 33, List.of(33, 4))),
                List.of(Confinement.Limit.parse("nofile=10:20"), Confinement.Limit.parse("core=unlimited")),
                Optional.of(-5),
                Optional.of(077));
        var manager = Optional.of(new ServiceManager("@" + ODD, Optional.of(Duration.ofSeconds(30))));
        var output = new Output(Output.Format.JSON, Optional.of(1L << 40), Optional.of(0), Optional.of(Duration.ofDays(30)), Output.Overflow.DROP);
        var hooks = new Hooks(List.of(Hooks.Hook.parse("crashed=echo " + ODD.strip()), Hooks.Hook.parse("stopped=true")), Duration.ofMillis(1500));
        var plain = new Launch(release, Settings.defaults(), files);
        for (Launch launch : List.of(plain, new Launch(release, odd, files, output, confinement, manager, List.of("--env=A=" + ODD), hooks)))
            assertThat(LaunchCodec.decode(LaunchCodec.encode(launch))).isEqualTo(launch);
    }

    @Test
    void garbageIsNamedInOneLine() {
        for (String line : List.of("", " ", "hello", "{", "{\"nary\":1", "[]", "null", "1", "{\"nary\":1}", "{\"nary\":\"x\"}", "{}}",
                "{\"nary\":2,\"id\":1,\"do\":\"status\"}", "{\"nary\":1,\"id\":1.5,\"do\":\"status\"}", "{\"nary\":1,\"id\":1,\"do\":\"dance\"}",
                "{\"nary\":1,\"id\":1,\"do\":\"deploy\",\"change\":{}}", "{\"nary\":1e999999999,\"id\":1,\"do\":\"status\"}", "[".repeat(60_000)))
            assertThatThrownBy(() -> Wire.decodeRequest(line)).as(line).isInstanceOf(WireException.class).message().doesNotContain("\n");
    }

    @Test
    void anyCutOrFlippedLineIsReadOrRefusedNeverMore() {
        String line = Wire.encode(new Wire.Asked(1, new Request.Deploy(new DeployChange(1, Map.of("A", ODD), Map.of(), Optional.empty(), true, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), "me"))));
        var random = new Random(42);
        for (int i = 0; i < 5_000; i++) {
            char[] chars = line.toCharArray();
            chars[random.nextInt(chars.length)] = (char) random.nextInt(256);
            String changed = new String(chars, 0, random.nextInt(chars.length + 1));
            try {
                assertThat(Wire.decodeRequest(changed)).isNotNull();
            } catch (WireException expected) {
                assertThat(expected.getMessage()).isNotBlank();
            }
        }
    }
}
