package nary.it;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import nary.fleet.ssh.LocalSocket;

/** Debian's HAProxy in front of some addresses, with its stats socket; as a master that reloads. */
final class LoadBalancing implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private final Path folder;
    private final int port;
    private final int statsPort;
    private Process haproxy;

    private LoadBalancing(Path folder, int port, int statsPort) {
        this.folder = folder;
        this.port = port;
        this.statsPort = statsPort;
    }

    /**
     * Starts it. The backend is {@code app}, its servers {@code server1}, {@code server2}, …
     *
     * @param check a path that must answer 200
     * @param more lines of the backend
     */
    static LoadBalancing start(List<InetSocketAddress> servers, String check, String... more) throws Exception {
        Path folder = Files.createTempDirectory("nary-haproxy-").toRealPath();
        var balancing = new LoadBalancing(folder, SshServers.freePort("127.0.0.1"), SshServers.freePort("127.0.0.1"));
        balancing.write(servers, check, more);
        balancing.start();
        return balancing;
    }

    private void write(List<InetSocketAddress> servers, String check, String... more) throws IOException {
        var lines = new StringBuilder();
        for (int i = 0; i < servers.size(); i++) {
            InetSocketAddress server = servers.get(i);
            lines.append("  server server%d %s:%d weight 100\n".formatted(i + 1, server.getHostString(), server.getPort()));
        }
        Files.writeString(folder.resolve("haproxy.cfg"), """
                global
                  stats socket %s level admin
                  stats socket ipv4@127.0.0.1:%d level admin
                defaults
                  mode http
                  timeout connect 2s
                  timeout client 30s
                  timeout server 30s
                  option redispatch
                  retries 3
                frontend web
                  bind 127.0.0.1:%d
                  default_backend app
                backend app
                  option httpchk GET %s
                  http-check expect status 200
                %s  default-server check inter 200ms fall 2 rise 2
                %s""".formatted(socket(), statsPort, port, check, Stream.of(more).map(line -> "  " + line + "\n").reduce("", String::concat), lines));
    }

    private void start() throws Exception {
        haproxy = new ProcessBuilder("/usr/sbin/haproxy", "-W", "-db", "-f", folder.resolve("haproxy.cfg").toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("haproxy.log").toFile())
                .start();
        awaitSocket();
    }

    private void awaitSocket() throws Exception {
        Until.holds("haproxy answers: " + Files.readString(folder.resolve("haproxy.log")), LIMIT, () -> {
            if (!haproxy.isAlive()) throw new AssertionError(Files.readString(folder.resolve("haproxy.log")));
            try (Socket socket = new Socket()) {
                socket.connect(new InetSocketAddress("127.0.0.1", port), 1000);
                return say("show info").contains("Pid: ");
            } catch (IOException e) {
                return false;
            }
        });
    }

    /** Where clients go. */
    int port() {
        return port;
    }

    Path socket() {
        return folder.resolve("admin.sock");
    }

    /** The stats socket as HOST:PORT. */
    String tcp() {
        return "127.0.0.1:" + statsPort;
    }

    String say(String command) throws IOException, InterruptedException {
        return LocalSocket.talk(socket().toString(), command + "\n", LIMIT);
    }

    /** The field of a server in {@code show stat}. */
    String stat(String server, String field) throws IOException, InterruptedException {
        List<String> lines = say("show stat").lines().toList();
        List<String> heads = List.of(lines.getFirst().substring(2).split(","));
        for (String line : lines) if (line.startsWith("app," + server + ",")) return line.split(",", -1)[heads.indexOf(field)];
        throw new AssertionError("no server " + server + " in " + lines);
    }

    void awaitStatus(String server, String status) throws Exception {
        Until.holds(server + " is " + status, LIMIT, () -> stat(server, "status").equals(status));
    }

    /** A new process takes over; the old one finishes what it has. Returns when the new one answers. */
    void reload() throws Exception {
        String before = pid();
        Site.signal("USR2", haproxy.pid());
        Until.holds("haproxy is reloaded", LIMIT, () -> {
            try {
                return !pid().equals(before);
            } catch (IOException e) {
                return false;
            }
        });
    }

    private String pid() throws IOException, InterruptedException {
        return say("show info").lines().filter(line -> line.startsWith("Pid: ")).findFirst().orElse("");
    }

    @Override
    public void close() throws IOException, InterruptedException {
        List<ProcessHandle> workers = haproxy.descendants().toList();
        haproxy.destroy();
        if (!haproxy.waitFor(5, TimeUnit.SECONDS)) haproxy.destroyForcibly();
        workers.forEach(ProcessHandle::destroyForcibly);
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) Files.deleteIfExists(file);
        }
    }
}
