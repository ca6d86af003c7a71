package nary.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import nary.demo.load.Load;
import nary.demo.load.Plan;
import nary.demo.load.Recording;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Two apps of one nary.yml, as docs/configuration.md promises it. */
@Tag("it")
class ConfigFileTest {
    @RegisterExtension
    final Site site = new Site();

    private int other;

    @BeforeEach
    void ports() throws IOException {
        other = Site.freePort();
    }

    private void write(String name, String text) throws IOException {
        Distribution.hand(Files.writeString(site.directory().resolve(name), text));
    }

    private void config(String version, String ofWeb) throws IOException {
        String server = Distribution.get().source("node/server.js").toString();
        write("nary.yml", """
                x-all: &all
                  command: [node, %s]
                  settle: 0.1
                apps:
                  web:
                    <<: *all
                    worker-count: 2
                    env: { PORT: %d, VERSION: %s }
                    env-file: web.env
                %s
                  api:
                    <<: *all
                    env: { PORT: %d, VERSION: v001 }
                """.formatted(server, site.port(), version, ofWeb.indent(4).stripTrailing(), other));
    }

    private Ran done(String... words) throws IOException, InterruptedException {
        Ran ran = site.nary(words);
        assertThat(ran.exit()).as("%s", ran).isZero();
        return ran;
    }

    private Ran ends(int exit, String... words) throws IOException, InterruptedException {
        Ran ran = site.nary(words);
        assertThat(ran.exit()).as("%s", ran).isEqualTo(exit);
        return ran;
    }

    private StatusView status(String app) throws IOException, InterruptedException {
        return StatusView.of(done("status", "--json", app).out());
    }

    private List<String> environment(String app) throws IOException, InterruptedException {
        long pid = status(app).serving().getFirst().pid();
        return List.of(new String(Files.readAllBytes(Path.of("/proc/" + pid + "/environ")), StandardCharsets.UTF_8).split("\0"));
    }

    private void serves(String version, int generation) throws Exception {
        assertThat(site.get("/")).contains("version=" + version + " ");
        assertThat(status("web").generation()).isEqualTo(generation);
    }

    @Test
    @DisplayName("two apps are started, deployed as their file changes, and stopped: nothing is dropped, nothing is half done")
    void twoApps() throws Exception {
        write("web.env", "API_TOKEN=s3cret\nCOLOR=blue # for now\nOLD=1\n");
        config("v001", "");
        assertThat(done("config", "check").out()).contains("is right: web, api");
        assertThat(done("up").out()).contains("web  started", "api  started");
        serves("v001", 1);
        assertThat(site.directory().resolve(".nary/web/nary.ipc")).exists();
        assertThat(ends(3, "start").err()).contains("web is already running");

        Recording seen;
        try (Load load = Load.start(Plan.of(site.port()).withClients(10, 0))) {
            deploysWhatChanged();
            refusesWhatADeployCannotChange();
            aFailedDeployChangesNothing();
            bringsUpWhatDiffers();
            seen = load.stop();
        }
        assertThat(seen.failures()).isEmpty();
        assertThat(seen.attempts()).hasSizeGreaterThan(100);
        assertThat(seen.byVersion()).hasSize(3);

        assertThat(done("down").out()).containsSubsequence("api  stopped", "web  stopped");
        site.assertNothingLives();
        assertThat(done("down").out()).contains("did not run");
        assertThat(ends(4, "status").said()).contains("web: no daemon runs here", "api: no daemon runs here");
    }

    private void deploysWhatChanged() throws Exception {
        config("v002", "drain-timeout: 7");
        write("web.env", "API_TOKEN=other\nCOLOR=green\n");
        Ran difference = done("env", "--diff", "web");
        assertThat(difference.out().lines()).containsExactly("- API_TOKEN=********", "+ API_TOKEN=********", "- COLOR=blue", "+ COLOR=green", "- OLD=1", "- VERSION=v001", "+ VERSION=v002");
        assertThat(done("env", "--diff", "--reveal", "web").out()).contains("+ API_TOKEN=other");
        done("deploy", "web");
        serves("v002", 2);
        assertThat(environment("web")).contains("COLOR=green", "API_TOKEN=other").noneMatch(it -> it.startsWith("OLD="));
        assertThat(done("env", "--diff", "web").out()).isEmpty();
        assertThat(done("env", "web").out()).contains("COLOR=green\n", "API_TOKEN=********\n").doesNotContain("other");
    }

    private void refusesWhatADeployCannotChange() throws Exception {
        config("v003", "max-log-size: 5M");
        Ran refused = ends(3, "deploy", "web");
        assertThat(refused.err()).contains("nary.yml:10:19: max-log-size: a deploy cannot change it: nary stop web, then nary start web");
        assertThat(ends(3, "up").err()).contains("max-log-size");
        config("v003", "stettle: 1");
        assertThat(ends(2, "deploy", "web").err()).contains("nary.yml:10:5: there is no key 'stettle' in apps.web; did you mean settle?");
        serves("v002", 2);
    }

    private void aFailedDeployChangesNothing() throws Exception {
        config("v003", "ready: delay:0.1\nstop-timeout: 9");
        write("web.env", "COLOR=red\nMISBEHAVE=crash\n");
        assertThat(ends(1, "deploy", "web").err()).contains("generation 2 serves with 2 workers as before");
        serves("v002", 2);
        assertThat(status("web").ready()).isEqualTo("listen");
        write("web.env", "COLOR=red\n");
    }

    private void bringsUpWhatDiffers() throws Exception {
        done("scale", "web", "3");
        Ran up = done("up");
        assertThat(up.out()).contains("web  deployed", "api  as it was");
        serves("v003", 4);
        assertThat(status("web").serving()).as("the scale lasts until the file's count changes").hasSize(3);
        assertThat(status("web").ready()).isEqualTo("delay:0.1s");
        assertThat(status("api").generation()).isEqualTo(1);
        assertThat(done("up").out()).contains("web  as it was", "api  as it was");
    }

    @Test
    @DisplayName("an app is chosen by its name, what is typed counts before the file, and a program of the same name comes after --")
    void namesAndPrecedence() throws Exception {
        write("web.env", "");
        config("v001", "");
        assertThat(ends(2, "start", "wbe").err()).contains("there is no app 'wbe' in nary.yml; did you mean web?");
        assertThat(ends(2, "deploy").err()).contains("which app? nary.yml has web, api");
        done("start", "web", "--worker-count", "1", "--env", "COLOR=typed");
        assertThat(status("web").serving()).hasSize(1);
        write("web.env", "COLOR=file\n");
        config("v002", "");
        done("deploy", site.directory() + "/.nary/web/nary.ipc");
        serves("v002", 2);
        assertThat(status("web").serving()).as("what was typed lasts").hasSize(1);
        assertThat(environment("web")).contains("COLOR=typed");
        assertThat(done("logs", "web").out()).contains("starting version=v001", "starting version=v002");
        assertThat(done("unit", "web").out()).contains("--file " + site.directory() + "/nary.yml --worker-count=1 --env=COLOR=typed web\n").doesNotContain("Environment=VERSION");
        assertThat(ends(1, "start", "--", "web").err()).contains("web");
        assertThat(done("down").out()).contains("api  did not run", "web  stopped");
    }

    @Test
    @DisplayName("variables of --env-file are read again at each deploy, also by SIGHUP; a file that is wrong stops the deploy")
    void envFiles() throws Exception {
        write("app.env", "VERSION=v001\n");
        List<String> command = Server.NODE.command(Distribution.get(), site.port());
        List<String> words = new java.util.ArrayList<>(List.of("start", "--settle", "0.1", "--env-file", "app.env", "--"));
        words.addAll(command);
        done(words.toArray(String[]::new));
        write("app.env", "VERSION=v002\n");
        assertThat(done("env", "--diff").out().lines()).containsExactly("- VERSION=v001", "+ VERSION=v002");
        done("deploy");
        assertThat(site.get("/")).contains("version=v002 ");
        write("app.env", "VERSION=v003\nnonsense\n");
        assertThat(ends(1, "deploy").err()).contains(site.directory() + "/app.env:2:1: 'nonsense' has no value; write nonsense=value");
        write("app.env", "VERSION=v003\n");
        Site.signal("HUP", site.status().daemon());
        Until.holds("SIGHUP deployed", java.time.Duration.ofSeconds(30), () -> site.get("/").contains("version=v003 "));
        Until.holds("the deploy is over", java.time.Duration.ofSeconds(30), () -> site.status().state().equals("online"));
        done("stop");
    }
}
