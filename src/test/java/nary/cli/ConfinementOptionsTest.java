package nary.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import nary.config.Confinement;
import nary.config.Confinement.Identity;
import nary.config.Confinement.Limit;
import nary.config.Launch;
import nary.posix.sim.SimPosix;
import org.junit.jupiter.api.Test;

class ConfinementOptionsTest {
    private static final Caller ROOT = new Caller(Path.of("/"), Map.of("HOME", "/root", "USER", "root", "LANG", "C"), 7);

    private static Launch launch(String... words) throws Exception {
        return StartOptions.launch(Given.typed(Arguments.parse(StartOptions.options(), words), ROOT), ROOT, () -> new SimPosix(0, 1));
    }

    private static void refused(String message, String... words) {
        assertThatThrownBy(() -> launch(words)).isInstanceOf(UsageError.class).hasMessageContaining(message);
    }

    @Test
    void everyOptionIsReadAndTheDefaultIsNarysOwn() throws Exception {
        assertThat(launch("app").confinement()).isEqualTo(Confinement.NONE);
        var all = launch("--user", "nobody", "--group", "root", "--limit", "nofile=10:20", "--limit=core=infinity", "--nice", "-5", "--umask", "027", "app");
        assertThat(all.confinement())
                .isEqualTo(new Confinement(
                        Optional.of(new Identity("nobody", 65534, 0, List.of(0))),
                        List.of(new Limit("nofile", "10", "20"), new Limit("core", "unlimited", "unlimited")),
                        Optional.of(-5),
                        Optional.of(027)));
        assertThat(all.typed()).contains("--user=nobody", "--limit=nofile=10:20", "--limit=core=infinity", "--nice=-5");
    }

    @Test
    void aUserBringsItsEnvironmentUnlessItIsNamed() throws Exception {
        assertThat(launch("--user", "nobody", "--env", "SHELL=/bin/zsh", "app").release().environment())
                .isEqualTo(Map.of("HOME", "/nonexistent", "USER", "nobody", "LOGNAME", "nobody", "SHELL", "/bin/zsh", "LANG", "C"));
        assertThat(launch("app").release().environment()).containsEntry("HOME", "/root");
    }

    @Test
    void aUserMayBeGivenByItsNumberAndTheOwnOneNeedsNothing() throws Exception {
        assertThat(launch("--user", "65534", "app").confinement().identity()).map(Identity::name).contains("nobody");
        assertThat(launch("--user", "root", "app").confinement().identity()).isEmpty();
        assertThat(launch("--group", "nogroup", "app").confinement().identity()).contains(new Identity("root", 0, 65534, List.of(65534)));
    }

    @Test
    void wrongValuesAreNamedWithWhatToTypeInstead() {
        refused("--user: there is no user 'nemo' on this system", "--user", "nemo", "app");
        refused("--group: there is no group 'nemo' on this system", "--group", "nemo", "app");
        refused("--limit: 'files' is no limit; there are as, core", "--limit", "files=1", "app");
        refused("--limit: 'nofile' is no limit; use e.g. nofile=4096", "--limit", "nofile", "app");
        refused("--limit: 'nofile=x' is no limit; use e.g.", "--limit", "nofile=x", "app");
        refused("--limit: 'nofile=1:2:3' is no limit; use e.g.", "--limit", "nofile=1:2:3", "app");
        refused("--limit: 'nofile=2:1': the soft limit is above the hard one", "--limit", "nofile=2:1", "app");
        refused("--limit: core is given twice", "--limit", "core=1", "--limit", "core=2", "app");
        refused("--nice: '20' is not a number from -20 to 19", "--nice", "20", "app");
        refused("--umask: '0888' is no file mode mask", "--umask", "0888", "app");
    }

    @Test
    void whatIsMeantForSomebodyElseIsNotInherited() {
        var usual = Map.of("GIT_AUTHOR_NAME", "me", "LANG", "C");
        assertThat(Inherited.without(usual)).isEqualTo(usual);
        var manager = Map.of("NOTIFY_SOCKET", "/x", "WATCHDOG_USEC", "1", "WATCHDOG_PID", "1", "LISTEN_FDS", "1", "LISTEN_PID", "1", "_JAVA_SR_SIGNUM", "41");
        assertThat(Inherited.without(manager)).isEmpty();
        var hook = Map.of("GIT_DIR", ".", "GIT_QUARANTINE_PATH", "q", "GIT_PUSH_OPTION_COUNT", "0", "PATH", "/usr/lib/git-core:/usr/bin:/bin", "LANG", "C");
        assertThat(Inherited.without(hook)).isEqualTo(Map.of("PATH", "/usr/bin:/bin", "LANG", "C"));
    }
}
