package nary.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Workers that say too much, or nonsense, on what they were given to speak on. */
@Tag("it")
class LoudWorkerTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    /** Serves; from slot 0 a child of it shouts without end, and sends descriptors along. */
    private static final String SERVER =
            """
            import array, http.server, os, socket, threading, time
            channel = socket.socket(fileno=int(os.environ['NODE_CHANNEL_FD']))
            class Handler(http.server.BaseHTTPRequestHandler):
                def do_GET(self):
                    body = ('slot=%s' % os.environ['NARY_WORKER']).encode()
                    self.send_response(200); self.send_header('Content-Length', str(len(body))); self.end_headers(); self.wfile.write(body)
                protocol_version = 'HTTP/1.1'
                def log_message(self, *args): pass
            def notify(lines, descriptors=()):
                with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as line:
                    line.connect(os.environ['NOTIFY_SOCKET'])
                    line.sendmsg([lines], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array('i', descriptors))] if descriptors else [])
            def shout(what):
                while True:
                    try: what()
                    except OSError: time.sleep(0.01)
            def nonsense():
                notify(b'STATUS=' + os.urandom(3000)); notify(b'X' * 100000); notify(b'FDSTORE=1\\nREADY=1\\nEXTEND_TIMEOUT_USEC=9', [1, 1]); notify(b'MAINPID=1\\nSTATUS=loud\\nRELOADING=1\\n' * 90)
            def mutter():
                channel.sendmsg([b'"offline" {"a": "online\\xff"} ' * 1000], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array('i', [1]))]); channel.sendall(b'\\n"on\\n' * 5000)
            server = http.server.ThreadingHTTPServer(('127.0.0.1', PORT), Handler)
            channel.sendall(b'"online"\\n')
            if os.environ['NARY_WORKER'] == '0' and os.fork() == 0:
                server.socket.close()
                threading.Thread(target=shout, args=(nonsense,)).start()
                shout(mutter)
            threading.Thread(target=server.serve_forever, daemon=True).start()
            for message in channel.makefile():
                if message == '"shutdown"\\n': os._exit(0)
            """;

    @RegisterExtension
    final Site site = new Site();

    @Test
    @DisplayName("one that shouts delays nobody: status, deploy and stop go on, no descriptor and no memory is lost")
    void shouting() throws Exception {
        Ran start = site.nary("start", "--worker-count", "2", "--settle", "0.1", "--ready", "online", "--", "/usr/bin/python3", "-c", SERVER.replace("PORT", "" + site.port()));
        assertThat(start.exit()).as("%s", start).isZero();
        Until.holds("it is heard", LIMIT, () -> site.nary("status").out().contains("loud"));
        Path descriptors = Path.of("/proc", "" + site.status().daemon(), "fd");
        int before = count(descriptors);
        Until.holds("both serve", LIMIT, () -> site.get("/").contains("slot=0") && site.get("/").contains("slot=1"));
        for (int i = 0; i < 2; i++) {
            Ran deploy = site.deploy();
            assertThat(deploy.exit()).as("%s", deploy).isZero();
        }
        assertThat(site.status().serving()).hasSize(2);
        assertThat(site.get("/")).contains("slot=");
        Until.holds("no descriptor is left", LIMIT, () -> count(descriptors) <= before + 2);
        assertThat(Files.readString(site.directory().resolve("nary.log"))).doesNotContain("Trouble", "Offline", "Hung");
        Ran stop = site.nary("stop");
        assertThat(stop.exit()).as("%s", stop).isZero();
        site.assertNothingLives();
    }

    private static int count(Path folder) throws Exception {
        try (var entries = Files.list(folder)) {
            return (int) entries.count();
        }
    }
}
