package nary.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Three sshd, an app under nary on each, HAProxy in front: what {@code nary fleet} is for. */
final class FleetSite implements AutoCloseable {
    static final int COUNT = 3;
    static final java.time.Duration LIMIT = java.time.Duration.ofMinutes(5);

    final Site site;
    final SshServers servers;
    final LoadBalancing haproxy;
    private final List<Integer> ports = new ArrayList<>();

    private FleetSite(Site site, SshServers servers, List<Integer> ports) throws Exception {
        this.site = site;
        this.servers = servers;
        this.ports.addAll(ports);
        this.haproxy = LoadBalancing.start(addresses(), "/monitor.htm");
    }

    static FleetSite open(Site site) throws Exception {
        SshServers servers = SshServers.start(COUNT, Map.of("JAVA_HOME", System.getProperty("java.home")));
        List<Integer> ports = new ArrayList<>();
        for (int i = 1; i <= COUNT; i++) {
            int port = Site.freePort();
            ports.add(port);
            Path home = servers.server(i).home();
            Files.writeString(home.resolve("port"), "" + port);
            Files.writeString(home.resolve("monitor.htm"), "up");
        }
        FleetSite fleet = new FleetSite(site, servers, ports);
        fleet.pack("r1");
        return fleet;
    }

    /** Where the apps are, in the order of the servers. */
    List<InetSocketAddress> addresses() {
        List<InetSocketAddress> addresses = new ArrayList<>();
        for (int i = 1; i <= COUNT; i++) addresses.add(new InetSocketAddress(servers.server(i).address(), ports.get(i - 1)));
        return addresses;
    }

    /** Before each test that does not say otherwise: out of rotation by HAProxy's Runtime API. */
    String haproxyBalancer() {
        return "{ \"type\": \"haproxy\", \"socket\": \"" + haproxy.socket() + "\", \"backends\": [ \"app\" ] }";
    }

    static String monitorBalancer() {
        return "{ \"type\": \"monitor-file\", \"file\": \"monitor.htm\", \"waitSeconds\": 1.5 }";
    }

    /** @param more keys of the build, each with a comma behind it */
    void configure(String balancer, String more) throws IOException {
        List<String> entries = new ArrayList<>();
        for (int i = 1; i <= COUNT; i++) entries.add("{ \"host\": \"server%d\", \"address\": \"%s:%d\" }".formatted(i, servers.server(i).address(), ports.get(i - 1)));
        Files.writeString(site.directory().resolve("fleet.json"), """
                { "builds": [ { "name": "Web (Pkg)", "directory": "site", "package": "package", %s
                  "nary": "%s",
                  "app": { "command": [ "node", "server.js" ], "worker-count": 1, "settle": 0.1 },
                  "health": { "url": "http://{behind}/health", "timeout": 3 },
                  "loadBalancers": [ %s ],
                  "environments": [ { "name": "QA", "servers": [ %s ] } ] } ] }
                """.formatted(more, site.launcher(), balancer, String.join(", ", entries)));
    }

    /** @param brokenOn numbers of servers on which this version answers 500 */
    void pack(String version, int... brokenOn) throws IOException, InterruptedException {
        Path folder = site.folder("package");
        try (var files = Files.list(folder)) {
            for (Path file : files.toList()) Files.delete(file);
        }
        Files.copy(Distribution.get().source("fleet/server.js"), folder.resolve("server.js"));
        Files.writeString(folder.resolve("VERSION"), version);
        for (int number : brokenOn) Files.writeString(folder.resolve("broken-server" + number), "");
        Distribution.shell("chmod -R a+rX '" + folder + "'");
    }

    List<String> words(String verb, String... more) {
        List<String> words = new ArrayList<>(List.of("fleet", verb, "--ssh-config", servers.config().toString()));
        words.addAll(List.of(more));
        words.add("qa");
        return words;
    }

    Ran fleet(String verb, String... more) throws IOException, InterruptedException {
        // a minute on a machine of its own; other suites run beside it
        return spawn(verb, more).await(LIMIT);
    }

    Running spawn(String verb, String... more) throws IOException {
        return site.spawn(site.directory(), words(verb, more).toArray(String[]::new));
    }

    void deploy(String release, String... more) throws IOException, InterruptedException {
        List<String> words = new ArrayList<>(List.of("--release", release));
        words.addAll(List.of(more));
        Ran ran = fleet("deploy", words.toArray(String[]::new));
        assertThat(ran.exit()).as("%s%s", ran, logs()).isZero();
    }

    /** The first deploy; returns when HAProxy has all of them up. */
    void begin() throws Exception {
        deploy("r1");
        awaitAllUp();
    }

    void awaitAllUp() throws Exception {
        for (int i = 1; i <= COUNT; i++) haproxy.awaitStatus("server" + i, "UP");
    }

    String current(int number) throws IOException {
        return Files.readSymbolicLink(servers.server(number).home().resolve("site/current")).getFileName().toString();
    }

    /** What each server answers itself. */
    List<String> answers() throws IOException {
        List<String> answers = new ArrayList<>();
        for (int port : ports)
            try (Wire wire = Wire.connect(port)) {
                answers.add(wire.get("/").replaceAll("(?s).*version=(\\S+).*", "$1"));
            }
        return answers;
    }

    void assertAllServe(String release) throws Exception {
        assertThat(answers()).as("%s", logs()).containsExactly(release, release, release);
        for (int i = 1; i <= COUNT; i++) assertThat(current(i)).isEqualTo(release);
        awaitAllUp();
    }

    Path lastRun() throws IOException {
        try (var runs = Files.list(site.directory().resolve(".nary-fleet/qa"))) {
            return runs.filter(Files::isDirectory).sorted().reduce((_, last) -> last).orElseThrow();
        }
    }

    String logs() throws IOException {
        var text = new StringBuilder();
        if (Files.notExists(site.directory().resolve(".nary-fleet/qa"))) return "";
        try (var files = Files.list(lastRun())) {
            for (Path file : files.filter(Files::isRegularFile).sorted().toList()) text.append("\n--- ").append(file.getFileName()).append('\n').append(Files.readString(file));
        }
        return text.toString();
    }

    /** The numbered step of a server has begun in the run of a release. */
    boolean hasBegun(String step, int server, String release) throws IOException {
        String journal = journal();
        return isOf(release, journal) && journal.contains("\"begin\":\"" + step + "\",\"stage\":0,\"server\":\"server" + server + "\"");
    }

    /** The run of a release has begun so many steps. */
    boolean isAt(int step, String release) throws IOException {
        String journal = journal();
        return isOf(release, journal) && journal.lines().filter(it -> it.contains("\"begin\":")).count() >= step;
    }

    /** All of the last run's steps are done. */
    boolean isOver() throws IOException {
        return journal().contains("\"event\":\"done\",\"stage\":0,\"server\":\"server" + COUNT + "\",\"step\":\"soak\"");
    }

    private static boolean isOf(String release, String journal) {
        return journal.contains("\"release\":\"" + release + "\"");
    }

    /** Of the last run; empty if there is none yet. */
    private String journal() throws IOException {
        Path journal = lastRun().resolve("journal.jsonl");
        return Files.exists(journal) ? Files.readString(journal) : "";
    }

    /** A server's site on a disk of its own. */
    void withDisk(int server, String size, Body body) throws Exception {
        Distribution.needsRoot();
        Path disk = Files.createDirectories(servers.server(server).home().resolve("site"));
        Distribution.shell("mount -t tmpfs -o size=" + size + ",mode=755 nary-test '" + disk + "'");
        try {
            body.run(disk);
        } finally {
            Distribution.shell("umount -l '" + disk + "'");
        }
    }

    interface Body {
        void run(Path disk) throws Exception;
    }

    @Override
    public void close() throws Exception {
        haproxy.close();
        servers.close();
    }
}
