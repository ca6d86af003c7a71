package nary.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import nary.posix.ffm.Mailbox;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The test plays systemd: it holds NOTIFY_SOCKET, starts, reloads, watches and stops. */
@Tag("it")
class ServiceManagerTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final String ODD = "a \"b\" $HOME ${X} %h \\ tab\t;\nend";

    @RegisterExtension
    final Site site = new Site();

    private final List<String> heard = new ArrayList<>();

    /** The next message that is one of these; the others are kept too. */
    private String await(Mailbox mailbox, Predicate<String> wanted) throws Exception {
        while (true) {
            String message = mailbox.take(LIMIT);
            assertThat(message).as("a message, after %s", heard).isNotNull();
            heard.add(message);
            if (wanted.test(message)) return message;
        }
    }

    private static Predicate<String> has(String line) {
        return message -> message.lines().anyMatch(line::equals);
    }

    private static String field(String message, String name) {
        return message.lines().filter(line -> line.startsWith(name + "=")).findFirst().orElseThrow().substring(name.length() + 1);
    }

    private Mailbox socket() throws IOException {
        Path path = site.directory().resolve("notify");
        Mailbox mailbox = new Mailbox(path.toString());
        Distribution.hand(path);
        site.export("NOTIFY_SOCKET", path.toString());
        return mailbox;
    }

    private UnitText unit() throws Exception {
        Ran ran = site.nary("unit");
        assertThat(ran.exit()).as("%s", ran).isZero();
        Path file = Files.writeString(site.directory().resolve("app.service"), ran.out());
        Process verify = new ProcessBuilder("systemd-analyze", "verify", "--man=no", file.toString()).redirectErrorStream(true).start();
        String complaints = new String(verify.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        assertThat(verify.waitFor()).as("%s\n%s", ran.out(), complaints).isZero();
        assertThat(complaints.lines().filter(line -> line.contains("app.service") && !line.contains("Special user nobody"))).isEmpty();
        return new UnitText(ran.out());
    }

    @Test
    @DisplayName("the unit that nary prints is started, reloaded, watched and stopped by a service manager")
    void theUnitIsPlayed() throws Exception {
        List<String> words = new ArrayList<>(List.of("start", "--worker-count", "2", "--settle", "0", "--idle-grace", "off", "--env", "ODD=" + ODD, "--"));
        words.addAll(WhoAmI.command(site, site.port()));
        words.add("127.0.0.1");
        words.add(ODD);
        Ran started = site.nary(words.toArray(String[]::new));
        assertThat(started.exit()).as("%s", started).isZero();
        UnitText unit = unit();
        assertThat(site.nary("stop").exit()).isZero();

        List<String> start = unit.command("ExecStart");
        assertThat(start.getLast()).isEqualTo(ODD);
        assertThat(unit.environment()).containsEntry("ODD", ODD).containsKey("PATH").doesNotContainKey("XDG_RUNTIME_DIR");
        assertThat(unit.value("Type")).isEqualTo("notify");
        assertThat(unit.value("KillMode")).isEqualTo("mixed");
        assertThat(unit.value("TimeoutStopSec")).isEqualTo("75");
        assertThat(unit.value("LimitNICE")).isEqualTo("+0");
        assertThat(unit.value("LimitNOFILE")).matches("\\d+:(\\d+|infinity)");
        try (Mailbox mailbox = socket()) {
            site.export("WATCHDOG_USEC", "200000");
            unit.environment().forEach(site::export);
            Running service = site.spawn(site.directory(), start.subList(1, start.size()).toArray(String[]::new));
            site.withdraw("WATCHDOG_USEC");
            site.withdraw("NOTIFY_SOCKET");
            play(mailbox, service, unit.command("ExecReload"));
        }
    }

    private void play(Mailbox mailbox, Running service, List<String> reload) throws Exception {
        String ready = await(mailbox, has("READY=1"));
        assertThat(field(ready, "STATUS")).isEqualTo("generation 1 serves with 2 workers");
        assertThat(heard.getFirst()).startsWith("STATUS=booting");
        long pid = Long.parseLong(field(ready, "MAINPID"));
        assertThat(pid).isEqualTo(site.status().daemon());
        assertThat(pid).as("the process that was started").isEqualTo(service.pid());
        WhoAmI worker = WhoAmI.ask(site.port());
        assertThat(worker.variable("ODD")).contains(ODD);
        assertThat(worker.environment().keySet().stream().map(String::valueOf)).doesNotContain("WATCHDOG_USEC", "WATCHDOG_PID");
        assertThat(worker.environment().get("NOTIFY_SOCKET")).as("its own").asString().startsWith(site.directory() + "/nary.ipc.drain/");
        watchdog(mailbox, pid);
        reload(mailbox, pid, reload);
        Site.signal("TERM", pid);
        await(mailbox, has("STOPPING=1"));
        assertThat(service.await(LIMIT).exit()).isZero();
        site.assertNothingLives();
    }

    private void watchdog(Mailbox mailbox, long pid) throws Exception {
        for (int i = 0; i < 3; i++) await(mailbox, has("WATCHDOG=1"));
        Site.signal("STOP", pid);
        Until.holds("it is stopped", LIMIT, () -> Files.readString(Path.of("/proc/" + pid + "/stat")).contains(") T "));
        mailbox.takeAll();
        assertThat(mailbox.take(Duration.ofMillis(500))).as("from a supervisor that hangs").isNull();
        Site.signal("CONT", pid);
        await(mailbox, has("WATCHDOG=1"));
    }

    /** By the command of the unit, by a signal as Type=notify-reload has it, and by a signal when there is nothing to deploy. */
    private void reload(Mailbox mailbox, long pid, List<String> command) throws Exception {
        assertReload(mailbox, 2, () -> {
            Ran ran = site.nary(command.subList(1, command.size()).toArray(String[]::new));
            assertThat(ran.exit()).as("%s", ran).isZero();
        });
        assertReload(mailbox, 3, () -> Site.signal("HUP", pid));
        Path directory = site.folder("gone");
        Ran moved = site.deploy("--cwd", directory.toString());
        assertThat(moved.exit()).as("%s", moved).isZero();
        await(mailbox, has("READY=1"));
        Files.delete(directory);
        assertReload(mailbox, 4, () -> Site.signal("HUP", pid));
    }

    private interface Action {
        void run() throws Exception;
    }

    private void assertReload(Mailbox mailbox, int generation, Action action) throws Exception {
        long before = System.nanoTime() / 1000;
        action.run();
        String reloading = await(mailbox, has("RELOADING=1"));
        assertThat(Long.parseLong(field(reloading, "MONOTONIC_USEC"))).isBetween(before, System.nanoTime() / 1000);
        assertThat(field(await(mailbox, has("READY=1")), "STATUS")).startsWith("generation " + generation + " serves with 2 workers");
    }

    @Test
    @DisplayName("a daemon is introduced by the command that starts it, and speaks for itself; a failed deploy is told")
    void aDaemonIsIntroduced() throws Exception {
        String name = "@nary-it-" + site.port();
        try (Mailbox mailbox = new Mailbox(name)) {
            site.export("NOTIFY_SOCKET", name);
            site.start(Server.NODE, 1);
            site.withdraw("NOTIFY_SOCKET");
            String introduced = await(mailbox, message -> message.startsWith("MAINPID="));
            String ready = await(mailbox, has("READY=1"));
            assertThat(field(ready, "MAINPID")).isEqualTo("" + site.status().daemon()).isEqualTo(field(introduced, "MAINPID"));
            assertThat(site.deploy("--env", "MISBEHAVE=crash").exit()).isEqualTo(1);
            await(mailbox, has("RELOADING=1"));
            assertThat(field(await(mailbox, has("READY=1")), "STATUS")).startsWith("generation 1 serves with 1 worker; the last deploy failed: worker 2.0");
            assertThat(site.nary("stop").exit()).isZero();
            await(mailbox, has("STOPPING=1"));
            assertThat(heard).doesNotContain("WATCHDOG=1");
        }
    }

    @Test
    @DisplayName("a service that does not come up never says READY, and ends with 1")
    void aFailedStart() throws Exception {
        try (Mailbox mailbox = socket()) {
            Ran ran = site.nary("start", "--daemon-mode", "false", "--", "false");
            assertThat(ran.exit()).isEqualTo(1);
            assertThat(mailbox.takeAll()).anyMatch(message -> message.startsWith("STOPPING=1")).noneMatch(has("READY=1"));
        }
    }

    @Test
    @DisplayName("an ordinary user's app on a low port gets User= and the capability")
    void anOrdinaryUsersUnit() throws Exception {
        Distribution.needsRoot();
        Distribution.shell("chmod 755 '" + site.directory() + "'");
        String script = "ip link set lo up; exec \"$@\"";
        site.asNobody(List.of("unshare", "--net", "sh", "-c", script, "sh"), "--inh-caps=+net_bind_service", "--ambient-caps=+net_bind_service");
        List<String> words = new ArrayList<>(List.of("start", "--limit", "nofile=100:200", "--"));
        words.addAll(WhoAmI.command(site, 80));
        Ran started = site.nary(words.toArray(String[]::new));
        assertThat(started.exit()).as("%s", started).isZero();
        site.asNobody(List.of());
        UnitText unit = unit();
        assertThat(unit.value("User")).isEqualTo("nobody");
        assertThat(unit.value("AmbientCapabilities")).isEqualTo("CAP_NET_BIND_SERVICE");
        assertThat(unit.command("ExecStart")).contains("--limit=nofile=100:200");
    }
}
