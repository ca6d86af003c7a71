package nary.fleet.roll;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import nary.config.ConfigException;
import nary.control.Refusal;
import nary.fleet.Host;
import nary.fleet.plan.Effect;
import nary.fleet.plan.Place;
import nary.fleet.plan.State;
import nary.fleet.plan.Step;
import nary.fleet.spec.Fleet;
import nary.fleet.spec.FleetFile;
import nary.fleet.spec.Share;
import nary.fleet.ssh.Command;
import nary.fleet.ssh.Lines;
import nary.fleet.ssh.Local;
import nary.fleet.ssh.Remote;
import nary.fleet.ssh.RemoteException;
import nary.fleet.ssh.Remotes;
import nary.fleet.ssh.Transfer;
import nary.fleet.ssh.Tree;

/**
 * Servers that are folders of this machine, reached by the shell instead of ssh, behind a load balancer that is a folder of files. The app is
 * a line in a file: the release that serves.
 */
final class Yard implements Remotes {
    private static final String DIRECTORY = "site";

    final Path root;
    final List<String> servers = new ArrayList<>();
    final List<String> told = new ArrayList<>();
    /** The run ends, as if by kill -9, when so many steps have begun; 0: never. */
    int stepsToLive;

    Transformer transformer = Transformer.NONE;
    /** What the operator says when asked. */
    boolean answer = true;

    /** Servers that cannot be talked to, and why. */
    final Map<String, RemoteException.Kind> cut = new HashMap<>();

    private int begun;

    Yard(Path root, int count) throws IOException {
        this.root = root;
        Files.createDirectories(root.resolve("balancer"));
        for (int i = 1; i <= count; i++) {
            servers.add("web" + i);
            Files.createDirectories(home("web" + i));
        }
        script("lb", """
                #!/bin/sh
                cd "$(dirname "$0")/balancer" || exit 2
                [ "$NARY_ACTION" = probe ] || echo "$NARY_ACTION $NARY_SERVER" >>../diary
                case $NARY_ACTION in
                out) : >"$NARY_SERVER" ;;
                in) rm -f "$NARY_SERVER" ;;
                probe) [ ! -e "$NARY_SERVER" ] ;;
                esac
                """);
        fleet("");
    }

    /** An executable of the yard. */
    void script(String name, String text) throws IOException {
        Files.writeString(root.resolve(name), text);
        Files.setPosixFilePermissions(root.resolve(name), PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    /** Another fleet file; {@code SERVERS} and {@code LB} in it are all servers, and the way to the balancer. */
    void file(String text) throws IOException {
        String lb = "\"" + root.resolve("lb") + "\"";
        String balancer = "{ \"type\": \"exec\", \"out\": " + lb + ", \"in\": " + lb + ", \"probe\": " + lb + ", \"waitSeconds\": 5 }";
        String names = String.join(", ", servers.stream().map(it -> "\"" + it + "\"").toList());
        Files.writeString(root.resolve("fleet.json"), text.replace("SERVERS", names).replace("LB", balancer).replace("ROOT", root.toString()));
    }

    /** What commands have written to {@code ROOT/diary}, the same line in succession once. */
    List<String> diary() throws IOException {
        Path diary = root.resolve("diary");
        List<String> lines = new ArrayList<>();
        if (Files.exists(diary)) for (String line : Files.readAllLines(diary)) if (lines.isEmpty() || !lines.getLast().equals(line)) lines.add(line);
        Files.deleteIfExists(diary);
        return lines;
    }

    /** @param more keys of the build, each with a comma behind it */
    void fleet(String more) throws IOException {
        String lb = root.resolve("lb").toString();
        Files.writeString(root.resolve("fleet.json"), """
                { "builds": [ { "name": "web", "directory": "%s", "package": "package", "shared": [ "data" ], %s
                  "commands": { "stop": [ "rm", "-f", "site/run/serving" ], "start": [ "sh", "-c", "test ! -e broken-$NARY_SERVER && echo $NARY_RELEASE >../../run/serving || true" ] },
                  "health": { "command": [ "cat", "../../run/serving" ], "timeout": 0.2 },
                  "loadBalancers": [ { "type": "exec", "out": "%s", "in": "%s", "probe": "%s", "waitSeconds": 5 } ],
                  "environments": [ { "name": "QA", "servers": [ %s ] } ] } ] }
                """.formatted(DIRECTORY, more, lb, lb, lb, String.join(", ", servers.stream().map(it -> "\"" + it + "\"").toList())));
    }

    Path home(String server) {
        return root.resolve(server);
    }

    Path site(String server) {
        return home(server).resolve(DIRECTORY);
    }

    /** @param brokenOn servers on which it does not start */
    void pack(String version, String... brokenOn) throws IOException {
        Path folder = root.resolve("package");
        Trees.delete(folder);
        Files.createDirectories(folder.resolve("data"));
        Files.writeString(folder.resolve("version"), version);
        Files.writeString(folder.resolve("data/first"), "brought by " + version);
        for (String server : brokenOn) Files.writeString(folder.resolve("broken-" + server), "");
    }

    Fleet fleet() throws ConfigException, IOException {
        return FleetFile.read(root.resolve("fleet.json"), "fleet.json");
    }

    static Wish wish(String release) {
        return new Wish("QA", Optional.empty(), Optional.of(release), Optional.empty(), Optional.empty(), Optional.empty(), false, false, false);
    }

    static Wish wish(String release, int batch, int maxFailures, boolean keeps) {
        return new Wish("QA", Optional.empty(), Optional.of(release), Optional.of(Share.of(batch)), Optional.empty(), Optional.of(Share.of(maxFailures)), false, keeps, false);
    }

    State deploy(Wish wish) throws Refusal, ConfigException, IOException, InterruptedException {
        return deployment().deploy(fleet(), wish).state();
    }

    State resume() throws Refusal, ConfigException, IOException, InterruptedException {
        return deployment().resume(fleet(), "QA").state();
    }

    Optional<State> heal() throws Refusal, ConfigException, IOException, InterruptedException {
        return deployment().heal(fleet(), "QA").map(Deployment.Outcome::state);
    }

    Deployment deployment() throws IOException {
        begun = 0;
        return new Deployment(this, transformer, _ -> null, new Told());
    }

    String serving(String server) throws IOException {
        Path file = site(server).resolve("run/serving");
        return Files.exists(file) ? Files.readString(file).strip() : "nothing";
    }

    String current(String server) throws IOException {
        Path link = site(server).resolve("current");
        return Files.isSymbolicLink(link) ? Files.readSymbolicLink(link).getFileName().toString() : "nothing";
    }

    boolean isIn(String server) {
        return Files.notExists(root.resolve("balancer").resolve(server));
    }

    /** {@code SERVER: CURRENT, serves SERVING, in}, for each. */
    List<String> picture() throws IOException {
        List<String> lines = new ArrayList<>();
        for (String server : servers) lines.add(server + ": " + current(server) + ", serves " + serving(server) + (isIn(server) ? ", in" : ", out"));
        return lines;
    }

    List<String> all(String release) {
        return servers.stream().map(it -> it + ": " + release + ", serves " + release + ", in").toList();
    }

    @Override
    public Remote to(Host host) {
        RemoteException.Kind kind = cut.get(host.name());
        return kind == null ? new Local(home(host.name())).to(host) : new Cut(host, kind);
    }

    /** A server that cannot be talked to. */
    private record Cut(Host host, RemoteException.Kind kind) implements Remote {
        private RemoteException failure() {
            return new RemoteException(host, kind, "cut off: " + kind);
        }

        @Override
        public int exec(Command command, Lines lines) throws RemoteException {
            throw failure();
        }

        @Override
        public Transfer upload(Tree from, String to, List<String> basis) throws RemoteException {
            throw failure();
        }

        @Override
        public Transfer download(String from, Path to) throws RemoteException {
            throw failure();
        }

        @Override
        public String talk(String endpoint, String words, Duration limit) throws RemoteException {
            throw failure();
        }

        @Override
        public void close() {}
    }

    @Override
    public void close() {}

    /** It was killed: nothing of it is done any more. */
    static final class Killed extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    private final class Told implements Voice {
        @Override
        public void changed(State state) {}

        @Override
        public void begins(State state, Effect.Perform step) {
            begun++;
            if (stepsToLive > 0 && begun >= stepsToLive) throw new Killed();
        }

        @Override
        public void ends(State state, Place place, Step step, Duration took, String trouble) {}

        @Override
        public void tell(String line) {
            told.add(line);
        }

        @Override
        public void log(String server, String line) {}

        @Override
        public boolean ask(String question) {
            told.add(question);
            return answer;
        }
    }
}
