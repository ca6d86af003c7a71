package nary.fleet.roll;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import nary.control.Refusal;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Maintenance on several servers; what nary on each of them would do is a script's. */
class ShuttersTest {
    @TempDir
    private Path root;

    private Yard yard;

    @BeforeEach
    void build() throws Exception {
        yard = new Yard(root, 3);
        // closed where a file says so; no daemon where there is no site
        yard.script("nary", """
                #!/bin/sh
                echo "$(basename "$PWD"): $*" >>'%1$s/diary'
                [ -d site/run ] || { echo "no daemon runs here" >&2; exit 4; }
                case "$1 $2" in
                'maintenance on') [ ! -e site/run/broken ] || { echo "it is broken" >&2; exit 1; }; : >site/run/closed ;;
                'maintenance off') [ -e site/run/closed ] || { echo "the app is not closed for maintenance" >&2; exit 3; }; rm site/run/closed ;;
                status*) echo "{\\"app\\":{\\"closed\\":\\"$(cat site/run/offline 2>/dev/null)\\"}}" ;;
                esac
                """.formatted(root));
        yard.file("""
                { "builds": [
                  { "name": "web", "directory": "site", "nary": "ROOT/nary", "app": { "command": [ "node", "x" ] }, "environments": [ { "name": "QA", "servers": [ SERVERS ] } ] },
                  { "name": "files", "directory": "files", "environments": [ { "name": "QA", "servers": [ SERVERS ] }, { "name": "CDN", "servers": [ SERVERS ] } ] } ] }
                """);
        for (String server : yard.servers) Files.createDirectories(yard.site(server).resolve("run"));
    }

    private Shutters shutters(String environment) throws Exception {
        return new Shutters(yard.fleet(), environment, Optional.empty(), yard);
    }

    private static List<String> text(List<Shutters.Row> rows) {
        return rows.stream().map(it -> it.host().name() + (it.isDone() ? ": " : " FAILED: ") + it.text()).toList();
    }

    @Test
    void eachIsClosedWithThePageAndOpenedAgain() throws Exception {
        Path page = Files.writeString(root.resolve("down.html"), "<h1>back at noon</h1>");
        assertThat(text(shutters("QA").close(Optional.of(page), List.of("--retry-after=7")))).containsExactly("web1: closed for maintenance", "web2: closed for maintenance", "web3: closed for maintenance");
        assertThat(yard.site("web3").resolve("run/maintenance.html")).hasContent("<h1>back at noon</h1>");
        assertThat(yard.diary()).contains("web2: maintenance on --retry-after=7 --page=site/run/maintenance.html site/run/nary.ipc");
        Files.delete(yard.site("web2").resolve("run/closed"));
        assertThat(text(shutters("QA").open())).containsExactly("web1: open again", "web2: was not closed", "web3: open again");
        assertThat(yard.site("web1").resolve(".fleet/lock")).doesNotExist();
        assertThat(yard.home("web1").resolve("files")).as("nary does not run it").doesNotExist();
    }

    @Test
    void oneThatFailsIsNamedAndTheOthersAreClosed() throws Exception {
        Files.writeString(yard.site("web2").resolve("run/broken"), "");
        Trees.delete(yard.home("web3"));
        assertThat(text(shutters("QA").close(Optional.empty(), List.of())))
                .satisfiesExactly(
                        it -> assertThat(it).isEqualTo("web1: closed for maintenance"),
                        it -> assertThat(it).isEqualTo("web2 FAILED: web2: nary maintenance on exited with 1: it is broken"),
                        it -> assertThat(it).startsWith("web3 FAILED: web3: no command can be started here: "));
    }

    @Test
    void whatAFileClosesIsNotSaidToBeOpen() throws Exception {
        Files.writeString(yard.site("web1").resolve("run/offline"), "closed for maintenance by app_offline.htm");
        assertThat(text(shutters("QA").open())).first().isEqualTo("web1 FAILED: web1: nary maintenance off exited with 3: the app is not closed for maintenance");
    }

    @Test
    void whereNaryRunsNothingOrSomebodyIsAtWorkItIsRefused() throws Exception {
        assertThatThrownBy(() -> shutters("CDN").close(Optional.empty(), List.of())).isInstanceOf(Refusal.class).hasMessageStartingWith("nary runs nothing in CDN that it could close");
        Path lock = Files.createDirectories(yard.site("web2").resolve(".fleet/lock"));
        Files.writeString(lock.resolve("token"), "another\n");
        Files.writeString(lock.resolve("holder"), "{\"by\":\"eve@elsewhere\",\"machine\":\"another\",\"pid\":7,\"began\":\"\",\"run\":\"x\",\"since\":\"2026-01-01T00:00:00Z\"}\n");
        assertThatThrownBy(() -> shutters("QA").close(Optional.empty(), List.of())).isInstanceOf(Refusal.class).hasMessage("web2 is locked: by eve@elsewhere (pid 7) since 2026-01-01T00:00:00Z");
        assertThat(yard.diary()).isEmpty();
    }
}
