package nary.fleet.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import nary.config.ConfigException;
import nary.config.Document;
import nary.fleet.Host;
import nary.fleet.balancer.BalancerSpec;
import org.junit.jupiter.api.Test;

class FleetFileTest {
    private static final String FIXTURE = """
            { "builds": [ { "name": "MyWebsite (Pkg)", "teamProject": "MyTeamProject", "environments": [ { "name": "DEV", "servers": [ "DEVServer1" ] }, { "name": "QA", "servers": [ "QAServer1", "QAServer2" ] }, { "name": "MOCK", "servers": [ "MOCKServer1" ] }, { "name": "Release", "servers": [ "Server1", "Server2" ] } ] }, { "name": "MyApp.Db.Sql.Deploy (Pkg)", "teamProject": "MyTeamProject", "environments": [ { "name": "DEV" }, { "name": "QA" }, { "name": "MOCK" }, { "name": "Release" } ] } ] }""";

    private static Fleet read(String text) throws ConfigException {
        return FleetFile.read(Path.of("/srv/fleet.json"), Document.parse(text, "fleet.json"));
    }

    private static List<String> problems(String text) {
        try {
            read(text);
            return List.of();
        } catch (ConfigException e) {
            return e.lines();
        }
    }

    @Test
    void theFileOfATeamThatComesFromDotNetWorksAsItIs() throws ConfigException {
        Fleet fleet = read(FIXTURE);
        assertThat(fleet.environments()).containsExactly("DEV", "QA", "MOCK", "Release");
        assertThat(fleet.environment("release")).contains("Release");
        assertThat(fleet.targets("qa")).extracting(Target::build).containsExactly("MyWebsite (Pkg)", "MyApp.Db.Sql.Deploy (Pkg)");
        assertThat(fleet.targets("QA").getFirst().servers()).extracting(Host::name).containsExactly("QAServer1", "QAServer2");
        assertThat(fleet.targets("QA").getLast().servers()).isEmpty();
        assertThat(fleet.targets("QA").getFirst().directory()).isEqualTo("/srv/mywebsite");
        assertThat(fleet.build("mywebsite (pkg)").orElseThrow().teamProject()).contains("MyTeamProject");
    }

    @Test
    void aBuildComesAfterWhatItNeedsAndOneWithoutTheEnvironmentIsLeftOut() throws ConfigException {
        Fleet fleet = read("""
                builds:
                - {name: web, needs: [db, extras], environments: [{name: QA, servers: [a]}, {name: Live, servers: [b]}]}
                - {name: extras, needs: db, environments: [{name: Live, servers: [b]}]}
                - {name: DB, environments: [{name: qa}, {name: live}]}
                """);
        assertThat(fleet.targets("QA")).extracting(Target::build).containsExactly("DB", "web");
        assertThat(fleet.targets("Live")).extracting(Target::build).containsExactly("DB", "extras", "web");
    }

    @Test
    void theNearestSettingCounts() throws ConfigException {
        Fleet fleet = read("""
                package: all.zip
                waitSeconds: 7
                strategy: {batch: 2, soak: 5}
                hooks: {beforeDeploy: [./announce]}
                builds:
                - name: web
                  strategy: {batch: 50%}
                  in-place: true
                  app: {command: [node, server.js], worker-count: 2, env: {A: "1"}}
                  environments:
                  - {name: QA, servers: [a], package: ../qa.tar.gz}
                  - name: Live
                    servers: [a, {host: 10.0.0.2, name: b, user: deploy, port: 2222, address: web2, weight: 50}]
                    strategy: {canary: B, maxFailures: 10%}
                    in-place: false
                    loadBalancers: [{type: haproxy, socket: /run/haproxy/admin.sock, backends: [web]}, {type: exec, name: dns, out: [./dns, out], in: [./dns, in]}]
                """);
        Target qa = fleet.targets("QA").getFirst();
        assertThat(qa.source()).contains(Path.of("/qa.tar.gz"));
        assertThat(qa.isInPlace()).isTrue();
        assertThat(qa.app().orElseThrow().options()).containsExactly("--worker-count=2", "--env=A=1");
        assertThat(qa.tactics().batch()).isEqualTo(new Share(50, true));
        assertThat(qa.tactics().soak()).isEqualTo(Duration.ofSeconds(5));
        assertThat(qa.hooks()).containsEntry(Hook.BEFORE_DEPLOY, List.of("./announce"));
        Target live = fleet.targets("Live").getFirst();
        assertThat(live.source()).contains(Path.of("/srv/all.zip"));
        assertThat(live.isInPlace()).isFalse();
        assertThat(live.tactics().canary()).contains("B");
        assertThat(live.servers().getLast()).isEqualTo(Host.of("b").withAddress("10.0.0.2").withUser("deploy").withPort(2222).withBehind("web2").withWeight(50));
        assertThat(live.balancers()).hasSize(2);
        assertThat(((BalancerSpec.Exec) live.balancers().getLast()).waitSeconds()).isEqualTo(Duration.ofSeconds(7));
    }

    @Test
    void allThatIsWrongIsSaidWithItsPlaceAndWhatToTypeInstead() {
        assertThat(problems("""
                builds:
                - name: web
                  enviroments: []
                  environments:
                  - {name: QA, servers: [a, A]}
                  - {name: qa, servers: [{host: b, prot: 22}]}
                - {name: WEB, needs: [webb], environments: [{name: QA, strategy: {batch: 0, canary: x}, servers: [a]}]}
                loadBalancers: [{type: haprox}]
                """)).containsExactly(
                        "fleet.json:3:3: there is no key 'enviroments' in builds[0]; did you mean environments?",
                        "fleet.json:5:29: servers: 'A' is there twice; give one of them a \"name\"",
                        "fleet.json:6:12: name: there are two environments of the name 'qa', the first in line 5; names differ by more than case",
                        "fleet.json:6:36: there is no key 'prot' in builds[0].environments[1].servers[0]; did you mean port?",
                        "fleet.json:7:10: name: there are two builds of the name 'WEB', the first in line 2; names differ by more than case",
                        "fleet.json:7:23: needs: there is no build 'webb'; did you mean web?",
                        "fleet.json:7:45: strategy: the canary 'x' is none of the servers here; did you mean a?",
                        "fleet.json:7:74: batch: '0' is neither a number of servers, from 1, nor a percentage, 1% to 100%",
                        "fleet.json:8:24: type: 'haprox' is none of haproxy, monitor-file, http, exec; did you mean haproxy?");
    }

    @Test
    void buildsThatNeedEachOtherAreRefused() {
        assertThatThrownBy(() -> read("builds: [{name: a, needs: b, environments: []}, {name: b, needs: a, environments: []}]"))
                .hasMessage("fleet.json:1:27: needs: the builds need each other in a circle: a → b → a");
    }

    @Test
    void aDirectoryThatAShellWouldReadIsRefused() {
        assertThat(problems("builds: [{name: a, directory: '/srv/$(x)', environments: []}]").getFirst())
                .isEqualTo("fleet.json:1:31: directory: '/srv/$(x)' is no path without blanks and signs that a shell knows, e.g. /srv/web, or sites/web below the home directory there");
    }

    @Test
    void sharesAreRoundedInFavourOfThoseWhoServe() {
        assertThat(Share.parse("50%", 1).atMost(3)).isEqualTo(1);
        assertThat(Share.parse("50%", 0).atLeast(3)).isEqualTo(2);
        assertThat(Share.parse("7", 1).atMost(3)).isEqualTo(3);
    }
}
