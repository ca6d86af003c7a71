package nary.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import nary.fleet.spec.FleetFile;
import nary.fleet.spec.Target;
import nary.posix.sim.SimPosix;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FleetInitVerbTest {
    @TempDir
    private Path folder;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    private ExitCode init(String answers) throws Exception {
        var console = new Console(new PrintStream(out, true, StandardCharsets.UTF_8), new PrintStream(out, true, StandardCharsets.UTF_8), false) {
            @Override
            InputStream in() {
                return new ByteArrayInputStream(answers.getBytes(StandardCharsets.UTF_8));
            }
        };
        var verb = new FleetInitVerb();
        return verb.run(Arguments.parse(verb.options()), new Context(console, new Caller(folder, Map.of(), 7), new Parts(FakeMain.class, () -> new SimPosix(0, 1), null, () -> 1)));
    }

    private Target target(String environment) throws Exception {
        return FleetFile.read(folder.resolve("fleet.json"), "fleet.json").targets(environment).getFirst();
    }

    @Test
    void whatIsAnsweredIsAFileThatADeployUnderstands() throws Exception {
        assertThat(init("My \"Shop\"\nQA\ndeploy@web1\nbuild/shop.tar.gz\nnode server.js --port 80\n")).isEqualTo(ExitCode.DONE);
        Target target = target("qa");
        assertThat(target.build()).isEqualTo("My \"Shop\"");
        assertThat(target.servers().getFirst().address()).isEqualTo("web1");
        assertThat(target.servers().getFirst().user()).contains("deploy");
        assertThat(target.source()).contains(folder.resolve("build/shop.tar.gz"));
        assertThat(target.app().orElseThrow().command()).isEqualTo(List.of("node", "server.js", "--port", "80"));
        assertThat(target.isInPlace()).isTrue();
        assertThat(out.toString(StandardCharsets.UTF_8)).contains("What is it called? [", "wrote fleet.json; next: nary fleet bootstrap QA, then nary fleet deploy QA");
        assertThatThrownBy(() -> init("")).isInstanceOf(UsageError.class).hasMessage("fleet.json is here already");
    }

    @Test
    void whoSaysNothingGetsWhatIsProposed() throws Exception {
        assertThat(init("\n\n")).isEqualTo(ExitCode.DONE);
        assertThat(target("Production").servers().getFirst().name()).isEqualTo("server1");
        assertThat(target("Production").app().orElseThrow().command()).isEqualTo(List.of("node", "server.js"));
    }
}
