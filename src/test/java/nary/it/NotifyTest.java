package nary.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a worker says of itself in the lines of sd_notify(3). */
@Tag("it")
class NotifyTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    /** Serves, and says what it finds in the files of the folder "say", each once. */
    private static final String SERVER =
            """
            import glob, http.server, os, socket, threading, time
            line = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
            def say(text): line.sendto(text.encode(), os.environ['NOTIFY_SOCKET'])
            class Handler(http.server.BaseHTTPRequestHandler):
                def do_GET(self):
                    body = ('pid=%d' % os.getpid()).encode()
                    self.send_response(200); self.send_header('Content-Length', str(len(body))); self.end_headers(); self.wfile.write(body)
                protocol_version = 'HTTP/1.1'
                def log_message(self, *args): pass
            server = http.server.ThreadingHTTPServer(('127.0.0.1', PORT), Handler)
            threading.Thread(target=server.serve_forever, daemon=True).start()
            def alive():
                while not os.path.exists('silent-%d' % os.getpid()):
                    say('WATCHDOG=1'); time.sleep(int(os.environ.get('WATCHDOG_USEC', '300000')) / 3e6)
            threading.Thread(target=alive, daemon=True).start()
            while True:
                for file in glob.glob('say/%d-*' % os.getpid()) + glob.glob('say/all-*') :
                    say(open(file).read()); os.remove(file)
                time.sleep(0.02)
            """;

    @RegisterExtension
    final Site site = new Site();

    @Test
    @DisplayName("ready at READY=1 and not before; STATUS is shown; EXTEND_TIMEOUT_USEC gives a slow one time")
    void readyStatusAndTime() throws Exception {
        Path say = Files.createDirectory(site.directory().resolve("say"));
        Running start = site.spawn(site.directory(), words("--ready", "notify", "--boot-timeout", "3"));
        Until.holds("it boots", LIMIT, () -> site.nary("status", "--json").exit() == 0 && pid() > 0);
        assertThat(site.status().serving()).isEmpty();
        say(say, "EXTEND_TIMEOUT_USEC=60000000\nSTATUS=loading 3 of 7");
        Until.holds("it is told", LIMIT, () -> site.nary("status").out().contains("loading 3 of 7"));
        long begun = System.nanoTime();
        Until.holds("the boot timeout has passed", LIMIT, () -> System.nanoTime() - begun > 3_500_000_000L);
        assertThat(start.isAlive()).isTrue();
        say(say, "READY=1");
        assertThat(start.await(LIMIT).exit()).isZero();
        assertThat(site.get("/")).contains("pid=" + pid());
    }

    @Test
    @DisplayName("STOPPING=1, from nary notify in a child: another serves in its place, then it is told to stop; no request is lost")
    void stopping() throws Exception {
        Files.createDirectory(site.directory().resolve("say"));
        start();
        long before = pid();
        Ran said = site.shell("NOTIFY_SOCKET=$(tr '\\0' '\\n' </proc/" + before + "/environ | sed -n s/^NOTIFY_SOCKET=//p) "
                + Distribution.get().launcher() + " notify offline");
        assertThat(said.exit()).as("%s", said).isZero();
        site.holds("another serves", LIMIT, now -> {
            assertThat(site.get("/")).contains("pid=");
            return !now.pids().contains(before) && now.serving().size() == 1 && now.workers().size() == 1;
        });
        assertThat(Files.readString(site.directory().resolve("nary.log"))).contains("worker 1.0 wants no new connections");
        site.assertNothingElseLives();
    }

    @Test
    @DisplayName("a worker that falls silent under --watchdog is replaced, the other first")
    void watchdog() throws Exception {
        Files.createDirectory(site.directory().resolve("say"));
        start("--watchdog", "1");
        long before = pid();
        Files.createFile(site.directory().resolve("silent-" + before));
        Until.holds("another serves alone", LIMIT, () -> {
            assertThat(site.get("/")).contains("pid=");
            return pid() != before && site.status().workers().size() == 1;
        });
        String log = Files.readString(site.directory().resolve("nary.log"));
        assertThat(log).contains("worker 1.0 has not said WATCHDOG=1 for 1s");
        assertThat(log.indexOf("worker 1.0#2 is ready")).isPositive().isLessThan(log.indexOf("worker 1.0 hangs and is ended"));
        site.assertNothingElseLives();
    }

    @Test
    @DisplayName("nary notify outside of a worker says so")
    void nobodyToTell() throws Exception {
        Ran ran = site.nary("notify", "online");
        assertThat(ran.exit()).isEqualTo(1);
        assertThat(ran.err()).contains("NOTIFY_SOCKET is not set");
        assertThat(site.nary("notify", "onlin").exit()).isEqualTo(2);
    }

    private long pid() throws Exception {
        return site.status().workers().getFirst().pid();
    }

    private static void say(Path folder, String text) throws Exception {
        Path whole = Files.writeString(folder.resolve("whole"), text);
        Files.move(whole, folder.resolve("all-" + System.nanoTime()));
    }

    private void start(String... options) throws Exception {
        Ran ran = site.nary(words(options));
        assertThat(ran.exit()).as("%s", ran).isZero();
    }

    private String[] words(String... options) {
        List<String> words = new ArrayList<>(List.of("start", "--settle", "0.1"));
        words.addAll(List.of(options));
        words.addAll(List.of("--", "/usr/bin/python3", "-c", SERVER.replace("PORT", "" + site.port())));
        return words.toArray(String[]::new);
    }
}
