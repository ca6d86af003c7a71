package nary.it;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;
import nary.fleet.Host;
import nary.fleet.ssh.Ssh;
import nary.fleet.ssh.SshSettings;

/**
 * Debian's sshd several times: {@code server1} on 127.0.1.1, {@code server2} on 127.0.1.2, …, each with a port, a host key and a home folder of its
 * own, and a user who may log in with the key of {@link #config}. All processes that come of a login carry a mark and are ended with it.
 */
final class SshServers implements AutoCloseable {
    private static final String MARK = "NARY_SSHD";
    private static final Duration LIMIT = Duration.ofSeconds(20);

    private final Path folder;
    private final String token = UUID.randomUUID().toString();
    private final Map<String, String> exported;
    private final List<Server> servers = new ArrayList<>();

    /** One of them. */
    static final class Server {
        private final String name;
        private final String address;
        private final int port;
        private final Path folder;
        private Process sshd;

        private Server(String name, String address, int port, Path folder) {
            this.name = name;
            this.address = address;
            this.port = port;
            this.folder = folder;
        }

        String name() {
            return name;
        }

        String address() {
            return address;
        }

        int port() {
            return port;
        }

        /** Where its logins begin; their HOME. */
        Path home() {
            return folder.resolve("home");
        }

        String log() throws IOException {
            return Files.readString(folder.resolve("sshd.log"));
        }
    }

    private SshServers(Path folder, Map<String, String> exported) {
        this.folder = folder;
        this.exported = exported;
    }

    static SshServers start(int count) throws Exception {
        return start(count, Map.of());
    }

    /** @param exported variables of each login */
    static SshServers start(int count, Map<String, String> exported) throws Exception {
        Path folder = Files.createTempDirectory("nary-sshd-").toRealPath();
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        var all = new SshServers(folder, exported);
        try {
            all.prepare();
            for (int i = 1; i <= count; i++) all.add(i);
            all.writeClientFiles();
            for (Server server : all.servers) all.await(server);
            return all;
        } catch (Exception e) {
            all.close();
            throw e;
        }
    }

    private void prepare() throws IOException, InterruptedException {
        if (System.getProperty("user.name", "").equals("root")) Files.createDirectories(Path.of("/run/sshd"));
        key(folder.resolve("id"));
        Distribution.hand(folder.resolve("id"));
    }

    private static void key(Path file) throws IOException, InterruptedException {
        Distribution.shell("rm -f '" + file + "' '" + file + ".pub' && ssh-keygen -q -t ed25519 -N '' -C nary-test -f '" + file + "'");
    }

    private void add(int number) throws IOException, InterruptedException {
        String address = "127.0.1." + number;
        Path own = Files.createDirectories(folder.resolve("server" + number));
        Server server = new Server("server" + number, address, freePort(address), own);
        servers.add(server);
        Files.createDirectories(server.home());
        key(own.resolve("host_key"));
        Files.copy(folder.resolve("id.pub"), own.resolve("authorized_keys"));
        writeLogin(server);
        writeConfig(server);
        start(server);
    }

    /** What a login runs: in the server's own home, marked. */
    private void writeLogin(Server server) throws IOException {
        var exports = new TreeMap<>(exported);
        exports.put(MARK, token);
        exports.put("HOME", server.home().toString());
        exports.put("XDG_RUNTIME_DIR", server.home().toString());
        exports.put("PWD", server.home().toString());
        var script = new StringBuilder("#!/bin/sh\n");
        exports.forEach((name, value) -> script.append("export ").append(name).append("='").append(value).append("'\n"));
        script.append("cd '").append(server.home()).append("'\nexec /bin/sh -c \"${SSH_ORIGINAL_COMMAND:-exec /bin/sh -l}\"\n");
        Path file = server.folder.resolve("login");
        Files.writeString(file, script);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private static void writeConfig(Server server) throws IOException {
        Files.writeString(server.folder.resolve("sshd_config"), """
                Port %d
                ListenAddress %s
                HostKey %s/host_key
                PidFile none
                AuthorizedKeysFile %s/authorized_keys
                StrictModes no
                UsePAM no
                PasswordAuthentication no
                PermitRootLogin yes
                PrintMotd no
                LogLevel VERBOSE
                MaxStartups 100
                ForceCommand %s/login
                """.formatted(server.port, server.address, server.folder, server.folder, server.folder));
    }

    private static void start(Server server) throws IOException {
        server.sshd = new ProcessBuilder("/usr/sbin/sshd", "-D", "-e", "-f", server.folder.resolve("sshd_config").toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(server.folder.resolve("sshd.log").toFile()))
                .start();
    }

    private void await(Server server) throws Exception {
        Until.holds(server.name + " answers: " + server.log(), LIMIT, () -> {
            try (Socket socket = new Socket()) {
                socket.connect(new InetSocketAddress(server.address, server.port), 1000);
                return socket.getInputStream().read() == 'S';
            } catch (IOException e) {
                return false;
            }
        });
    }

    private void writeClientFiles() throws IOException {
        var config = new StringBuilder();
        var known = new StringBuilder();
        for (Server server : servers) {
            config.append("Host ").append(server.name).append("\n  HostName ").append(server.address).append("\n  Port ").append(server.port).append("\n\n");
            String[] key = Files.readString(server.folder.resolve("host_key.pub")).split(" ");
            known.append('[').append(server.address).append("]:").append(server.port).append(' ').append(key[0]).append(' ').append(key[1]).append('\n');
        }
        config.append("""
                Host *
                  User %s
                  IdentityFile %s/id
                  IdentitiesOnly yes
                  UserKnownHostsFile %s/known_hosts
                  GlobalKnownHostsFile /dev/null
                  StrictHostKeyChecking yes
                """.formatted(System.getProperty("user.name"), folder, folder));
        Files.writeString(config(), config);
        Files.writeString(folder.resolve("known_hosts"), known);
    }

    /** For {@code ssh -F}. */
    Path config() {
        return folder.resolve("ssh_config");
    }

    Path knownHosts() {
        return folder.resolve("known_hosts");
    }

    Server server(int number) {
        return servers.get(number - 1);
    }

    Host host(int number) {
        return Host.of(server(number).name);
    }

    List<Host> hosts() {
        return servers.stream().map(server -> Host.of(server.name)).toList();
    }

    SshSettings settings() {
        return SshSettings.DEFAULT.withConfig(config());
    }

    /** To be closed. */
    Ssh connect() {
        return new Ssh(settings());
    }

    /** No new logins; those that are there stay. */
    void stop(int number) throws InterruptedException {
        Process sshd = server(number).sshd;
        sshd.destroy();
        sshd.waitFor();
    }

    /** Its sshd and all logins end at once. */
    void kill(int number) throws InterruptedException {
        end(server(number).sshd);
    }

    /** Its sshd ends and starts with one line more in its configuration. */
    void restartWith(int number, String setting) throws Exception {
        kill(number);
        Files.writeString(server(number).folder.resolve("sshd_config"), setting + "\n", StandardOpenOption.APPEND);
        startAgain(number);
    }

    /** The whole server ends at once: its sshd, and all that runs there. */
    void die(int number) throws Exception {
        kill(number);
        String home = "HOME=" + server(number).home() + "\0";
        for (long pid : processes()) if (environment(pid).contains(home)) ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
        Until.holds("nothing of it runs", LIMIT, () -> processes().stream().noneMatch(pid -> environment(pid).contains(home)));
    }

    void startAgain(int number) throws Exception {
        start(server(number));
        await(server(number));
    }

    /** The server is set up anew: it has another host key. */
    void changeHostKey(int number) throws Exception {
        stop(number);
        key(server(number).folder.resolve("host_key"));
        startAgain(number);
    }

    /** All of the server's sshd processes stop where they are, as on a machine that hangs. */
    void freeze(int number) {
        signalAll(number, "STOP");
    }

    void thaw(int number) {
        signalAll(number, "CONT");
    }

    private void signalAll(int number, String signal) {
        Process sshd = server(number).sshd;
        Stream.concat(Stream.of(sshd.toHandle()), sshd.descendants()).filter(each -> isSshd(each.pid())).forEach(each -> signal(signal, each.pid()));
    }

    private static void signal(String name, long pid) {
        try {
            Distribution.shell("kill -" + name + " " + pid);
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static boolean isSshd(long pid) {
        try {
            return Files.readString(Path.of("/proc", Long.toString(pid), "comm")).strip().startsWith("sshd");
        } catch (IOException e) {
            return false;
        }
    }

    /** What logins have left running. */
    List<Long> processes() throws IOException {
        try (Stream<Path> entries = Files.list(Path.of("/proc"))) {
            return entries.filter(entry -> entry.getFileName().toString().matches("\\d+"))
                    .filter(this::isMarked)
                    .map(entry -> Long.parseLong(entry.getFileName().toString()))
                    .toList();
        }
    }

    private boolean isMarked(Path process) {
        return environment(Long.parseLong(process.getFileName().toString())).contains(MARK + "=" + token);
    }

    private static String environment(long pid) {
        try {
            return new String(Files.readAllBytes(Path.of("/proc", Long.toString(pid), "environ")), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            return ""; // gone meanwhile
        }
    }

    static int freePort(String address) throws IOException {
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(address, 0));
            return socket.getLocalPort();
        }
    }

    @Override
    public void close() throws Exception {
        for (int i = 1; i <= servers.size(); i++) if (server(i).sshd != null) end(server(i).sshd);
        for (long pid : processes()) ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
        Until.holds("no process of a login is left", LIMIT, () -> processes().isEmpty());
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) Files.deleteIfExists(file);
        }
    }

    private static void end(Process sshd) throws InterruptedException {
        List<ProcessHandle> logins = sshd.descendants().filter(each -> isSshd(each.pid())).toList();
        sshd.destroyForcibly().waitFor();
        logins.forEach(ProcessHandle::destroyForcibly);
    }
}
