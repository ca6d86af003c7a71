package nary.fleet.roll;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import nary.fleet.plan.State;
import nary.fleet.plan.Verdict;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The order in which commands run: those of a site's builds, of hooks, and of builds without servers. Each writes a line into a diary. */
class SitesAndHooksTest {
    @TempDir
    private Path root;

    private Yard yard;

    @BeforeEach
    void build() throws Exception {
        yard = new Yard(root, 2);
        yard.pack("1");
    }

    /** A command that writes a line; variables in it are those of the command. */
    private static String writes(String line) {
        return "[ \"sh\", \"-c\", \"echo " + line + " >>ROOT/diary\" ]";
    }

    private static String build(String name, String more) {
        return """
                { "name": "%1$s", "directory": "%1$s", "package": "package", %2$s
                  "commands": { "stop": %3$s, "start": %4$s } }""".formatted(name, more, writes("stop %s".formatted(name)), writes("start %s on $NARY_SERVER".formatted(name)));
    }

    private void site(String settings) throws IOException {
        yard.file("{ \"loadBalancers\": [ LB ], " + settings + " \"builds\": [ " + withServers(build("web", "\"site\": \"shop\",")) + ", " + withServers(build("api", "\"site\": \"Shop\",")) + " ] }");
    }

    private static String withServers(String build) {
        return build.substring(0, build.lastIndexOf('}')) + ", \"environments\": [ { \"name\": \"QA\", \"servers\": [ SERVERS ] } ] }";
    }

    @Test
    void buildsOfASiteShareOneRemovalOneStopAndOneStart() throws Exception {
        site("");
        assertThat(yard.deploy(Yard.wish("r1")).verdict()).contains(Verdict.DONE);
        assertThat(yard.diary())
                .containsExactly(
                        "out web1", "stop web", "stop api", "start web on web1", "start api on web1", "in web1",
                        "out web2", "stop web", "stop api", "start web on web2", "start api on web2", "in web2");
        for (String each : List.of("web", "api")) assertThat(yard.home("web2").resolve(each + "/current/version")).hasContent("1");
    }

    @Test
    void oneBuildOfASiteByItselfLeavesTheOthersAlone() throws Exception {
        site("");
        yard.deploy(Yard.wish("r1"));
        yard.diary();
        yard.pack("2");
        var wish = new Wish("QA", Optional.of("API"), Optional.of("r2"), Optional.empty(), Optional.empty(), Optional.empty(), false, false, false);
        assertThat(yard.deploy(wish).verdict()).contains(Verdict.DONE);
        assertThat(yard.diary()).containsExactly("out web1", "stop api", "start api on web1", "in web1", "out web2", "stop api", "start api on web2", "in web2");
        assertThat(yard.home("web1").resolve("web/current/version")).hasContent("1");
        // undone, each build goes back to the release that it had
        yard.pack("3");
        site("\"hooks\": { \"afterStart\": [ \"sh\", \"-c\", \"test $NARY_SERVER.$NARY_RELEASE != web2.r3\" ] },");
        assertThat(yard.deploy(Yard.wish("r3")).verdict()).contains(Verdict.FAILED);
        for (String server : yard.servers) {
            assertThat(yard.home(server).resolve("web/current/version")).hasContent("1");
            assertThat(yard.home(server).resolve("api/current/version")).hasContent("2");
        }
    }

    private void hooked(String more) throws IOException {
        yard.file("""
                { "loadBalancers": [ LB ], "strategy": { "minHealthy": 0 },
                  "hooks": { %s
                    "beforeStop": %s, "afterStart": %s, "afterDeploy": %s, "onFailure": %s },
                  "builds": [ %s ] }
                """.formatted(
                more,
                writes("beforeStop of $NARY_RELEASE in $NARY_ENVIRONMENT on $NARY_SERVER"),
                writes("afterStart of $NARY_RELEASE, $NARY_BUILD on $NARY_SERVER"),
                writes("afterDeploy of $NARY_RELEASE in $NARY_ENVIRONMENT"),
                writes("onFailure of $NARY_RELEASE"),
                withServers(build("web", ""))));
    }

    @Test
    void hooksRunInTheirPlaces() throws Exception {
        yard.servers.removeLast();
        hooked("\"beforeDeploy\": " + writes("beforeDeploy of $NARY_RELEASE") + ",");
        yard.deploy(Yard.wish("r1"));
        assertThat(yard.diary())
                .as("where nothing runs yet, nothing is told that it will be stopped")
                .containsExactly("beforeDeploy of r1", "out web1", "stop web", "start web on web1", "afterStart of r1, web on web1", "in web1", "afterDeploy of r1 in QA");
        yard.pack("2");
        yard.deploy(Yard.wish("r2"));
        assertThat(yard.diary())
                .containsExactly("beforeDeploy of r2", "out web1", "beforeStop of r1 in QA on web1", "stop web", "start web on web1", "afterStart of r2, web on web1", "in web1", "afterDeploy of r2 in QA");
    }

    @Test
    void aHookThatFailsOnAServerUndoesTheDeploy() throws Exception {
        hooked("");
        yard.deploy(Yard.wish("r1"));
        hooked("");
        yard.file(Files.readString(root.resolve("fleet.json")).replace("echo afterStart of", "test $NARY_SERVER.$NARY_RELEASE != web2.r2 || exit 9; echo afterStart of"));
        yard.diary();
        yard.pack("2");
        State state = yard.deploy(Yard.wish("r2"));
        assertThat(state.verdict()).contains(Verdict.FAILED);
        assertThat(state.reason()).startsWith("web2: health: web2: 'sh -c test ").endsWith("' exited with 9");
        assertThat(yard.diary()).endsWith("onFailure of r2").contains("afterStart of r2, web on web1", "afterStart of r1, web on web2").doesNotContain("afterDeploy of r2 in QA");
        for (String server : yard.servers) assertThat(yard.isIn(server)).isTrue();
    }

    @Test
    void aHookThatFailsBeforeTheDeployEndsItAndNothingIsChanged() throws Exception {
        hooked("");
        yard.deploy(Yard.wish("r1"));
        hooked("\"beforeDeploy\": [ \"sh\", \"-c\", \"echo the tests are red; exit 4\" ],");
        yard.diary();
        yard.pack("2");
        assertThatThrownBy(() -> yard.deploy(Yard.wish("r2")))
                .isInstanceOf(IOException.class)
                .hasMessage("the hook beforeDeploy, 'sh -c echo the tests are red; exit 4', exited with 4: the tests are red");
        assertThat(yard.diary()).isEmpty();
        assertThat(yard.home("web1").resolve("web/current/version")).hasContent("1");
        assertThat(yard.home("web1").resolve("web/.fleet/lock")).doesNotExist();
        assertThat(yard.home("web1").resolve("web/releases/r2")).doesNotExist();
        try (var packages = Files.walk(root.resolve(".nary-fleet"))) {
            assertThat(packages.filter(it -> it.endsWith("packages"))).as("what nobody will send is not kept").isEmpty();
        }
        hooked("");
        assertThat(yard.deploy(Yard.wish("r2")).verdict()).contains(Verdict.DONE);
    }

    private void withDatabase(String command) throws IOException {
        Files.writeString(root.resolve("qa.env"), "DB=main\n");
        yard.file("""
                { "builds": [ %s,
                  { "name": "Db (Pkg)", "package": "package", "command": [ "sh", "-c", "%s" ], "parameters": "qa.env", "environments": [ { "name": "QA" } ] } ] }
                """.formatted(withServers(build("web", "\"needs\": \"Db (Pkg)\", \"loadBalancers\": [ LB ],")), command));
    }

    @Test
    void withoutServersTheCommandRunsOnceHereInThePackage() throws Exception {
        withDatabase("echo migrate to $(cat version) as $NARY_RELEASE of $NARY_BUILD in $NARY_ENVIRONMENT by $(cat $NARY_PARAMETERS) >>ROOT/diary");
        State state = yard.deploy(Yard.wish("r1"));
        assertThat(state.verdict()).contains(Verdict.DONE);
        assertThat(yard.diary().subList(0, 2)).as("before what needs it").containsExactly("migrate to 1 as r1 of Db (Pkg) in QA by DB=main", "out web1");
        withDatabase("echo no such table; exit 3");
        yard.pack("2");
        State failed = yard.deploy(Yard.wish("r2"));
        assertThat(failed.verdict()).contains(Verdict.FAILED);
        assertThat(failed.reason()).isEqualTo("local: command: 'sh -c echo no such table; exit 3' exited with 3: no such table");
        assertThat(yard.diary()).as("no server was touched").isEmpty();
        assertThat(yard.current("web1")).isEqualTo("nothing"); // its directory is another
        assertThat(yard.home("web1").resolve("web/current/version")).hasContent("1");
    }

    @Test
    void itWaitsForTheOperatorAfterTheFirstServer() throws Exception {
        hooked("");
        yard.deploy(Yard.wish("r1"));
        yard.told.clear();
        yard.pack("2");
        yard.answer = false;
        State state = yard.deploy(pausing("r2"));
        assertThat(state.verdict()).contains(Verdict.INTERRUPTED);
        assertThat(yard.told).contains("web1 has r2", "web1 has r2; go on with the others?", "web1 is back on r1").noneMatch(it -> it.startsWith("web2 "));
        yard.told.clear();
        yard.answer = true;
        assertThat(yard.deploy(pausing("r2")).verdict()).contains(Verdict.DONE);
        assertThat(yard.told).containsExactly("web1 has r2", "web1 has r2; go on with the others?", "web2 has r2");
    }

    private static Wish pausing(String release) {
        return new Wish("QA", Optional.empty(), Optional.of(release), Optional.empty(), Optional.empty(), Optional.empty(), true, false, false);
    }
}
