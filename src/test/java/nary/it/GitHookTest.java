package nary.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import nary.demo.load.Load;
import nary.demo.load.Plan;
import nary.demo.load.Recording;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The hook of docs/git-hook.md, word for word but for its paths. */
@Tag("it")
class GitHookTest {
    @RegisterExtension
    final Site site = new Site();

    private void hook(String options) throws IOException, InterruptedException {
        Matcher block = Pattern.compile("```sh\n(.*?)```", Pattern.DOTALL).matcher(Files.readString(Path.of("docs/git-hook.md")));
        assertThat(block.find()).isTrue();
        String script = block.group(1)
                .replace("app=/srv/app\n", "app=" + site.directory() + "/app\n")
                .replace("nary=/opt/nary/nary\n", "nary=" + site.launcher() + "\n")
                .replace("-- node app.js", "--settle 0.1 -- node app.js " + site.port())
                .replace("deploy \"$ipc\"", "deploy " + options + "\"$ipc\"");
        assertThat(script).doesNotContain("/srv").doesNotContain("/opt/nary").contains("app.js " + site.port());
        Path file = site.directory().resolve("app.git/hooks/post-receive");
        Files.writeString(file, script);
        Distribution.hand(file);
        shell("chmod +x '" + file + "'");
    }

    private Ran shell(String script) throws IOException, InterruptedException {
        Ran ran = site.shell("set -e; " + script);
        assertThat(ran.exit()).as("%s", ran).isZero();
        return ran;
    }

    /** One commit and its push; what the pusher sees. */
    private String push(String start) throws IOException, InterruptedException {
        Path app = site.directory().resolve("work/app.js");
        Files.writeString(app, start + "\n" + Files.readString(Distribution.get().source("node/server.js")));
        Distribution.hand(app);
        return shell("cd work; git add app.js; git commit -qm 'another version'; git push -q ../app.git HEAD:main").said();
    }

    private static String version(String name) {
        return "process.env.VERSION = '" + name + "';";
    }

    private StatusView status() throws IOException, InterruptedException {
        return StatusView.of(site.nary("status", "--json", ipc()).out());
    }

    private String ipc() {
        return site.directory() + "/app/run/nary.ipc";
    }

    @Test
    @DisplayName("each push is a deploy that drops nothing; the pusher sees it; no variable of git's reaches the app")
    void pushes() throws Exception {
        site.export("GIT_AUTHOR_NAME", "Somebody");
        site.export("GIT_COMMITTER_NAME", "Somebody");
        site.export("EMAIL", "somebody@example.org");
        shell("git init -q --bare --initial-branch=main app.git; mkdir -p app/releases app/run; git init -q --initial-branch=main work");
        hook("");
        assertThat(push(version("v001"))).contains("remote: 2 workers online", "remote: deployed refs/heads/main");
        assertVersion("v001", 1);

        Recording seen;
        try (Load load = Load.start(Plan.of(site.port()).withClients(20, 0))) {
            assertThat(push(version("v002"))).contains("remote: new connections go to generation 2", "remote: generation 2 serves with 2 workers");
            assertVersion("v002", 2);
            String failed = push("console.error('boom: no database'); process.exit(3);");
            assertThat(failed).contains("remote:   | boom: no database", "exit code 3 before it was ready; generation 2 serves with 2 workers as before");
            assertThat(failed).contains("remote: NOT DEPLOYED");
            assertVersion("v002", 2);
            hook("--override-env true ");
            site.export("EXTRA", "from the pusher");
            push(version("v004"));
            assertVersion("v004", 4);
            seen = load.stop();
        }
        assertThat(seen.failures()).isEmpty();
        assertThat(seen.attempts()).hasSizeGreaterThan(100);
        assertThat(seen.byVersion()).hasSize(3);
        for (long pid : status().pids()) assertThat(environment(pid)).contains("EXTRA=from the pusher");
        assertThat(site.shell("ls app/releases").out().lines()).as("the failed one is gone").hasSize(3);
        assertThat(site.nary("stop", ipc()).exit()).isZero();
    }

    private void assertVersion(String version, int generation) throws Exception {
        StatusView status = status();
        assertThat(status.generation()).isEqualTo(generation);
        assertThat(site.get("/")).contains("version=" + version + " ");
        Path current = site.directory().resolve("app/current").toRealPath();
        assertThat(status.pids()).hasSize(2).allSatisfy(pid -> {
            assertThat(Files.readSymbolicLink(Path.of("/proc/" + pid + "/cwd"))).isEqualTo(current);
            assertThat(environment(pid)).noneMatch(variable -> variable.startsWith("GIT_"));
            assertThat(environment(pid)).filteredOn(variable -> variable.startsWith("PATH=")).noneMatch(path -> path.contains("git-core"));
        });
    }

    private static List<String> environment(long pid) throws IOException {
        return List.of(new String(Files.readAllBytes(Path.of("/proc/" + pid + "/environ")), StandardCharsets.UTF_8).split("\0"));
    }
}
