package nary.fleet.fitness;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import nary.fleet.spec.FleetFile;
import nary.fleet.spec.Target;
import nary.fleet.ssh.Local;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whole inspections, of this machine. */
class InspectionTest {
    @TempDir
    Path folder;

    private List<Target> targets(String more, String servers) throws Exception {
        Path file = Files.writeString(folder.resolve("fleet.json"), """
                { "builds": [ { "name": "web", "directory": "site", %s
                  "environments": [ { "name": "QA", "servers": [ %s ] } ] } ] }
                """.formatted(more, servers));
        return FleetFile.read(file, "fleet.json").targets("QA");
    }

    private Inspection inspection() {
        return new Inspection(new Local(folder), _ -> null, "ssh");
    }

    private List<Fault> faults(String more) throws Exception {
        return inspection().check(targets(more, "\"web1\"")).stream().flatMap(report -> report.faults().stream()).toList();
    }

    private static String balancer(String keys) {
        return "\"prepare\": { \"freeMegabytes\": 0 }, \"loadBalancers\": [ { " + keys + " } ],";
    }

    @Test
    void aBalancerIsReachedAndKnowsTheServer() throws Exception {
        String monitor = balancer("\"type\": \"monitor-file\", \"file\": \"up.htm\"");
        assertThat(faults(monitor)).singleElement().satisfies(it -> {
            assertThat(it.text()).contains("web1 has no up.htm");
            assertThat(it.fix()).isEqualTo("touch up.htm");
        });
        Files.writeString(folder.resolve("up.htm"), "");
        assertThat(faults(monitor)).isEmpty();
        Path socket = folder.resolve("none.sock");
        assertThat(faults(balancer("\"type\": \"haproxy\", \"socket\": \"" + socket + "\""))).singleElement()
                .extracting(Fault::fix).asString().contains("start it, or correct \"loadBalancers\"", "echo show info | socat stdio " + socket);
        Path probe = Files.writeString(folder.resolve("lb"), "#!/bin/sh\nexit 7\n");
        Files.setPosixFilePermissions(probe, PosixFilePermissions.fromString("rwxr-xr-x"));
        assertThat(faults(balancer("\"type\": \"exec\", \"out\": \"%1$s\", \"in\": \"%1$s\", \"probe\": \"%1$s\"".formatted(probe)))).singleElement()
                .extracting(Fault::fix).isEqualTo("correct \"loadBalancers\" in the fleet file");
    }

    @Test
    void portsAndTempFoldersAreThoseOfTheApp() throws Exception {
        try (ServerSocket taken = new ServerSocket(0)) {
            String app = "\"nary\": \"sh\", \"prepare\": { \"freeMegabytes\": 0 }, \"app\": { \"command\": [ \"sh\" ], \"takeover\": \"off\", \"listen\": [ \"127.0.0.1:%d\" ], \"env\": { \"TMPDIR\": \"%s\" } },";
            assertThat(faults(app.formatted(taken.getLocalPort(), folder.resolve("tmp")))).extracting(Fault::text)
                    .satisfiesExactly(
                            it -> assertThat(it).endsWith(" cannot list " + folder.resolve("tmp")),
                            it -> assertThat(it).startsWith("port " + taken.getLocalPort() + " is taken by process " + ProcessHandle.current().pid()));
        }
    }

    @Test
    void buildsOfOneServerArePreparedOneAfterTheOther() throws Exception {
        String two = "\"prepare\": { \"folders\": [ { \"path\": \"" + folder.resolve("data") + "\", \"mode\": \"0750\" } ] },";
        List<Target> both = new java.util.ArrayList<>(targets(two, "\"web1\""));
        both.addAll(both);
        assertThat(inspection().prepare(both, false)).extracting(Inspection.Preparation::lines)
                .satisfiesExactly(
                        first -> assertThat(first).allMatch(line -> !line.endsWith("(nothing to do)")).hasSize(2),
                        second -> assertThat(second).containsExactly("folder " + folder.resolve("data") + ": as wanted (nothing to do)"));
        assertThat(inspection().prepare(targets("", "\"web1\", \"web2\""), false)).as("nothing is asked for").hasSize(2).allMatch(it -> it.isDone() && it.lines().isEmpty());
    }

    @Test
    void oneServerIsHeldAgainstTheOthers() throws Exception {
        assertThat(inspection().differences(targets("", "\"web1\", \"web2\""), "WEB2")).as("the same machine").isEmpty();
    }
}
