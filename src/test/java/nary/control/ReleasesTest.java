package nary.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import nary.config.Launch;
import nary.config.Origin;
import nary.config.Release;
import nary.config.Settings;
import nary.config.Variables;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReleasesTest {
    private static final Origin ORIGIN = new Origin("/srv/nary.yml", "web", List.of("--env=A=file"));

    @TempDir
    Path folder;

    private Release release(Variables variables) {
        return new Release(List.of("old"), folder.toString(), "/gone", variables, Optional.empty(), Optional.empty());
    }

    private Release changed(Release release, DeployChange change, Map<String, String> fromFiles) {
        return new Releases(new Launch(release, Settings.defaults(), new Launch.Files("/i", "/p", "/l", "/o", "/e"))).changed(release, change, fromFiles);
    }

    private static DeployChange deploy(Map<String, String> set, Map<String, String> inherited) {
        return new DeployChange(0, set, inherited, Optional.empty(), false, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), "pid 7");
    }

    private Definition definition(Settings settings) {
        return new Definition(List.of("new"), folder.toString(), List.of("/f"), Map.of("A", "file"), settings, ORIGIN);
    }

    @Test
    void aPlainDeployAddsAndReadsItsFilesAgain() throws Exception {
        Variables variables = new Variables(Map.of("A", "inherited", "B", "inherited"), List.of("/f"), Map.of("B", "then", "C", "then"), Map.of("D", "set"));
        Release next = changed(release(variables), deploy(Map.of("E", "deploy"), Map.of()), Map.of("B", "now"));
        assertThat(next.environment()).isEqualTo(Map.of("A", "inherited", "B", "now", "D", "set", "E", "deploy"));
        assertThat(next.physical()).isEqualTo(folder.toRealPath().toString());
        assertThat(next.command()).containsExactly("old");
    }

    @Test
    void aWholeEnvironmentThatIsTakenOverCountsBeforeWhatWasSet() {
        Variables variables = new Variables(Map.of("A", "1"), List.of(), Map.of(), Map.of("B", "set", "C", "set"));
        Release next = changed(release(variables), deploy(Map.of("D", "deploy"), Map.of("B", "caller", "D", "caller")), Map.of());
        assertThat(next.environment()).isEqualTo(Map.of("A", "1", "B", "caller", "C", "set", "D", "deploy"));
    }

    @Test
    void aDefinitionTakesThePlaceOfAllButWhatWasInherited() {
        Variables variables = new Variables(Map.of("P", "inherited"), List.of("/old"), Map.of("F", "then"), Map.of("A", "then", "GONE", "1"));
        Release next = changed(release(variables), deploy(Map.of("X", "typed"), Map.of()).with(definition(Settings.defaults().withWorkerCount(7))), Map.of("F", "now"));
        assertThat(next.environment()).isEqualTo(Map.of("P", "inherited", "F", "now", "A", "file", "X", "typed"));
        assertThat(next.variables().files()).containsExactly("/f");
        assertThat(next.command()).containsExactly("new");
        assertThat(next.origin()).contains(ORIGIN);
        assertThat(next.settings()).contains(Settings.defaults().withWorkerCount(7));
    }

    @Test
    void whatIsForTheAppsLifeIsNotChangedByADeploy() {
        Settings it = Settings.defaults();
        Settings other = new Settings(
                1, it.readiness(), it.bootTimeout(), it.settle(), it.drainTimeout(), it.idleGrace(), it.stopTimeout(), 2, it.backlog(), it.ports(), it.listen(), it.takeover(), it.nodePreload(), it.policy());
        assertThatThrownBy(() -> changed(release(Variables.inherited(Map.of())), deploy(Map.of(), Map.of()).with(definition(other)), Map.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("needs a new start");
    }

    @Test
    void theSameVersionIsAsItWas() {
        Release release = release(new Variables(Map.of("A", "1"), List.of("/nowhere"), Map.of("F", "then"), Map.of()));
        assertThat(changed(release, DeployChange.restart(Optional.empty(), Optional.empty(), "pid 7"), Map.of())).isEqualTo(release);
    }

    @Test
    void nothingThatFilesHoldIsTold() throws Exception {
        Path file = Files.writeString(folder.resolve(".env"), "TOKEN=1");
        Variables variables = new Variables(new HashMap<>(Map.of("PATH", "/bin", "HOME", "/h", "ADDED", "1")), List.of(file.toString()), Map.of("TOKEN", "1"), Map.of("S", "1"));
        Releases releases = new Releases(new Launch(release(variables), Settings.defaults(), new Launch.Files("/i", "/p", "/l", "/o", "/e")));
        assertThat(releases.told(release(variables), Map.of("PATH", "/bin", "HOME", "/h")).environment()).isEqualTo(Map.of("PATH", "/bin", "ADDED", "1", "S", "1"));
        Release ofFile = new Release(List.of("a"), "/", "/", variables, Optional.empty(), Optional.of(ORIGIN));
        assertThat(releases.told(ofFile, Map.of("HOME", "/h")).environment()).isEqualTo(Map.of("PATH", "/bin", "ADDED", "1"));
    }
}
