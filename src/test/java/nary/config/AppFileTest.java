package nary.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AppFileTest {
    @TempDir
    Path folder;

    private AppFile read(String... lines) throws ConfigException, IOException {
        return AppFile.read(Files.writeString(folder.resolve("nary.yml"), String.join("\n", lines) + "\n"), "nary.yml");
    }

    private void wrong(AppFile file, String... lines) {
        assertThat(file.problems().lines()).containsExactly(lines);
    }

    private static List<String> values(FileApp app, String option) {
        return app.options().getOrDefault(option, List.of()).stream().map(FileApp.Value::text).toList();
    }

    @Test
    void oneAppHasItsKeysAtTheTopAndItsFilesBesideTheFile() throws Exception {
        AppFile file = read("command: node server.js --x 'a b'", "worker-count: 2", "env:", "  PORT: 8080", "  EMPTY: ''", "takeover: off", "idle-grace: off", "port: 80");
        wrong(file);
        FileApp app = file.apps().getFirst();
        assertThat(file.hasSeveral()).isFalse();
        assertThat(app.command()).containsExactly("node", "server.js", "--x", "a b");
        assertThat(app.home()).isEqualTo(folder);
        assertThat(app.ipc()).isEqualTo(folder.resolve("nary.ipc"));
        assertThat(values(app, "--worker-count")).containsExactly("2");
        assertThat(values(app, "--env")).containsExactly("PORT=8080", "EMPTY=");
        assertThat(values(app, "--takeover")).containsExactly("off");
        assertThat(values(app, "--port")).containsExactly("80");
        assertThat(app.options().get("--worker-count").getFirst().place()).isEqualTo(new Place("nary.yml", 2, 15));
    }

    @Test
    void severalAppsHaveNamesAndAFolderEach() throws Exception {
        AppFile file = read("apps:", "  web:", "    command: [node, server.js, 80]", "    env: [A=1, B=2]", "  job:", "    command: ./job", "    ipc-file: run/job.ipc", "    port: [1, 2]");
        wrong(file);
        assertThat(file.names()).containsExactly("web", "job");
        assertThat(file.app("web").orElseThrow().command()).containsExactly("node", "server.js", "80");
        assertThat(file.app("web").orElseThrow().ipc()).isEqualTo(folder.resolve(".nary/web/nary.ipc"));
        assertThat(values(file.app("web").orElseThrow(), "--env")).containsExactly("A=1", "B=2");
        assertThat(file.app("job").orElseThrow().ipc()).isEqualTo(folder.resolve("run/job.ipc"));
        assertThat(values(file.app("job").orElseThrow(), "--port")).containsExactly("1", "2");
    }

    @Test
    void appsMayBeAListAndOneAppMayHaveAName() throws Exception {
        AppFile list = read("apps:", "- name: web", "  command: a", "- name: job", "  command: b");
        wrong(list);
        assertThat(list.names()).containsExactly("web", "job");
        AppFile one = read("name: web", "command: a");
        wrong(one);
        assertThat(one.app("web").orElseThrow().home()).isEqualTo(folder);
    }

    @Test
    void jsonAndSharedKeysWork() throws Exception {
        wrong(read("{\"$schema\": \"x\", \"apps\": {\"web\": {\"command\": [\"a\"], \"settle\": 0.5}}}"));
        AppFile shared = read("x-all: &all", "  settle: 1", "  env: {A: 1}", "apps:", "  web:", "    <<: *all", "    command: a");
        wrong(shared);
        assertThat(values(shared.apps().getFirst(), "--settle")).containsExactly("1");
    }

    @Test
    void whatIsWrongIsToldAtOnce() throws Exception {
        wrong(
                read("apps:", "  web:", "    comand: a", "    wroker-count: 2", "  my app:", "    command: ''", "  job:", "    command: node $PORT", "    settle: [1]", "    env: {A: }", "command: x"),
                "nary.yml:3:5: apps.web: the key 'command' is missing, e.g. command: node server.js",
                "nary.yml:3:5: there is no key 'comand' in apps.web; did you mean command?",
                "nary.yml:4:5: there is no key 'wroker-count' in apps.web; did you mean worker-count?",
                "nary.yml:5:3: 'my app' cannot be an app's name: use letters, digits and - _ . , at most 40",
                "nary.yml:6:14: command: it is empty; write e.g. command: node server.js",
                "nary.yml:8:14: command: '$' is for a shell, and there is none: quote it with '…', or write a list: [sh, -c, \"…\"]",
                "nary.yml:9:13: settle: one value is wanted, and this is a list",
                "nary.yml:10:13: env.A: one value is wanted, and this is nothing; leave the key out, or write \"\" for an empty text",
                "nary.yml:11:1: there is no key 'command' beside 'apps': put it into one of them");
        wrong(read("apps: {}"), "nary.yml:1:7: apps: there is none; write e.g. 'web:' and below it 'command: node server.js'");
        wrong(read("apps:", "- command: a"), "nary.yml:2:3: apps[0]: the key 'name' is missing, e.g. name: web");
        wrong(read("command: a", "env: {A=B: 1}"), "nary.yml:2:6: env: 'A=B' is no name");
        wrong(read("settle: 1"), "nary.yml:1:1: the key 'command' is missing, e.g. command: node server.js");
        assertThatThrownBy(() -> read("apps:", "  a: {command: x}", "  a: {command: y}").problems().orThrow()).hasMessage("nary.yml:3:3: the key 'a' is there twice, first in line 2");
    }

    @Test
    void whoComesFromElsewhereIsToldTheKeyThatIsMeant() throws Exception {
        wrong(
                read("command: a", "script: server.js", "instances: max", "environment: {A: 1}", "daemon-mode: false", "file: x"),
                "nary.yml:2:1: there is no key 'script'; here: 'command', with the arguments: command: node server.js",
                "nary.yml:3:1: there is no key 'instances'; here: 'worker-count'",
                "nary.yml:4:1: there is no key 'environment'; here: 'env'",
                "nary.yml:5:1: there is no key 'daemon-mode'; here: no key, since it is about the command: nary start --daemon-mode false",
                "nary.yml:6:1: there is no key 'file'");
    }

    @Test
    void aProcfileOrAComposeFileIsRecognised() throws Exception {
        wrong(
                read("web: node server.js", "jobs: ./jobs"),
                "nary.yml:1:1: the key 'command' is missing, e.g. command: node server.js",
                "nary.yml:1:1: there is no key 'web'; if it is an app, put it below 'apps:', with a 'command'",
                "nary.yml:2:1: there is no key 'jobs'; if it is an app, put it below 'apps:', with a 'command'");
        assertThat(read("services:", "  web: {image: x}").problems().lines()).contains("nary.yml:1:1: there is no key 'services'; here: 'apps', with a 'command' in each");
    }

    @Test
    void theFirstNameThatIsThereIsTheFile() throws Exception {
        assertThat(AppFile.find(folder)).isEmpty();
        Files.createFile(folder.resolve("nary.json"));
        assertThat(AppFile.find(folder)).contains(folder.resolve("nary.json"));
        Files.createFile(folder.resolve("nary.yml"));
        assertThat(AppFile.find(folder)).contains(folder.resolve("nary.yml"));
    }

    @Test
    void pairsAreTheSameInAnyOrder() throws Exception {
        FileApp now = read("command: a", "on:", "  deployed: echo d", "  crashed: echo c", "limit: { nofile: 10, core: 0 }").app("").orElseThrow();
        Origin before = new Origin("nary.yml", "", List.of("--limit=core=0", "--limit=nofile=10", "--on=crashed=echo c", "--on=deployed=echo d"));
        assertThat(new Differences(before, now).needingStart(List.of())).isEmpty();
        Origin other = new Origin("nary.yml", "", List.of("--limit=core=0", "--limit=nofile=10", "--on=crashed=echo x", "--on=deployed=echo d"));
        assertThat(new Differences(other, now).needingStart(List.of())).singleElement().asString().contains("on: a deploy cannot change it");
    }

    @Test
    void onlyWhatIsForTheAppsLifeNeedsAStart() throws Exception {
        FileApp now = read("apps:", "  web:", "    command: a", "    settle: 2", "    max-log-size: 10M", "    backlog: 4096", "    user: app").app("web").orElseThrow();
        Origin before = new Origin("nary.yml", "web", List.of("--settle=1", "--max-log-size=10485760", "--idle-grace=5", "--worker-count=3"));
        Differences differences = new Differences(before, now);
        assertThat(differences.needingStart(List.of())).containsExactly("nary.yml:7:11: user: a deploy cannot change it: nary stop web, then nary start web");
        assertThat(differences.needingStart(List.of("--user"))).isEmpty();
        assertThat(differences.changed("--settle")).contains("2");
        assertThat(differences.changed("--worker-count")).isEmpty();
        assertThat(new Differences(new Origin("nary.yml", "web", List.of("--group=x")), now).needingStart(List.of("--user"))).containsExactly(
                "nary.yml:3:5: group: a deploy cannot change it: nary stop web, then nary start web");
    }

    @Test
    void theExamplesOfTheDocsAreRight() throws Exception {
        int examples = 0;
        for (String page : List.of("README.md", "docs/configuration.md", "docs/from-pm2.md")) {
            var blocks = Pattern.compile("```yaml\n(.*?)```", Pattern.DOTALL).matcher(Files.readString(Path.of(page)));
            for (; blocks.find(); examples++) wrong(read(blocks.group(1)));
        }
        assertThat(examples).isEqualTo(4);
    }
}
