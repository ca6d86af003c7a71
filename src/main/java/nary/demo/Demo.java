package nary.demo;

import java.io.IOException;
import java.io.PrintStream;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import nary.demo.load.Load;
import nary.demo.load.Plan;
import nary.demo.load.Recording;
import nary.demo.load.Span;

/**
 * Shows the main job on real processes: a server is deployed ten times under load, then one of its workers is killed. Everything happens
 * through the nary command, in a directory that is gone afterwards.
 */
public final class Demo {
    private static final int DEPLOYS = 10;
    private static final List<String> VERSIONS = List.of("blue", "green");

    private final Path launcher;
    private final List<Duration> deploys = new ArrayList<>();
    private final List<Span> spans = new ArrayList<>();

    /** The launcher is named by the system property {@code nary.launcher}. */
    public Demo() {
        this(Path.of(System.getProperty("nary.launcher", "nary")));
    }

    public Demo(Path launcher) {
        this.launcher = launcher;
    }

    /** Something that makes the demo pointless, such as a start that failed. */
    private static final class Broken extends Exception {
        Broken(String message) {
            super(message);
        }
    }

    /** Returns the exit code: 0 if no request failed, 1 otherwise, 130 if it was interrupted. */
    public int run(PrintStream out) {
        try {
            Sandbox sandbox = Sandbox.create(launcher);
            Thread cleanup = new Thread(sandbox::close);
            Runtime.getRuntime().addShutdownHook(cleanup);
            return runIn(sandbox, out);
        } catch (Sandbox.Closed e) {
            return 130;
        } catch (Broken | IOException e) {
            out.println("\nFAILED: " + e.getMessage());
            return 1;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return 130;
        }
    }

    private int runIn(Sandbox sandbox, PrintStream out) throws Broken, IOException, InterruptedException {
        Progress progress = new Progress(out);
        Verdict verdict;
        try (sandbox) {
            int port = freePort();
            out.println("Starting an example server with 2 workers on port " + port + ".");
            start(sandbox, port);
            verdict = show(sandbox, port, progress);
            progress.done("Stopping it.");
            expectDone(sandbox.nary("stop"), "stop");
        }
        verdict.print(out);
        boolean gone = sandbox.isGone();
        out.println(gone ? "Nothing is left behind: no process, no file." : "Something is LEFT BEHIND: see " + sandbox.directory());
        return verdict.isGood() && gone ? 0 : 1;
    }

    private Verdict show(Sandbox sandbox, int port, Progress progress) throws Broken, IOException, InterruptedException {
        Recording deploying;
        try (Load load = Load.start(Plan.of(port))) {
            progress.follow(load);
            progress.say("Load: 16 clients with keep-alive, 16 with a new connection for each request.");
            pause(1500);
            for (int i = 1; i <= DEPLOYS; i++) deploy(sandbox, i, progress);
            pause(500);
            deploying = load.stop();
        }
        int accepted;
        Recording killing;
        try (Load load = Load.start(Plan.of(port))) {
            progress.follow(load);
            pause(500);
            accepted = killOne(sandbox, progress);
            pause(1000);
            killing = load.stop();
        }
        return new Verdict(deploying.during(spans), deploying.outside(spans), killing, deploys, DEPLOYS, accepted);
    }

    private static void start(Sandbox sandbox, int port) throws Broken, IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("start", "--worker-count", "2", "--ipc-file", "nary.ipc"));
        // a client that never pauses keeps its connection busy: one second, then the server is asked to end it
        command.addAll(List.of("--settle", "0.3", "--drain-timeout", "1", "--env", "VERSION=" + VERSIONS.getFirst(), "--"));
        command.addAll(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx64m", "-cp", classPath()));
        command.addAll(List.of(ExampleServer.class.getName(), Integer.toString(port)));
        expectDone(sandbox.nary(command.toArray(String[]::new)), "start");
    }

    private void deploy(Sandbox sandbox, int number, Progress progress) throws Broken, IOException, InterruptedException {
        String version = VERSIONS.get(number % VERSIONS.size());
        progress.say("Deploy " + number + " of " + DEPLOYS + ": " + version);
        long begun = System.nanoTime();
        expectDone(sandbox.nary("deploy", "--env", "VERSION=" + version, "nary.ipc"), "deploy");
        long ended = System.nanoTime();
        spans.add(new Span(begun, ended));
        deploys.add(Duration.ofNanos(ended - begun));
        pause(200);
    }

    /** Kills a worker that is frozen for the count, so that the count is exact; returns how many connections it had accepted. */
    private static int killOne(Sandbox sandbox, Progress progress) throws Broken, IOException, InterruptedException {
        Worker victim = serving(sandbox).getFirst();
        progress.say("Killing worker " + victim.pid() + " with SIGKILL.");
        victim.freeze();
        int accepted = victim.connections();
        victim.kill();
        long deadline = System.nanoTime() + Duration.ofSeconds(10).toNanos();
        while (System.nanoTime() - deadline < 0) {
            List<Worker> now = serving(sandbox);
            if (now.size() == 2 && now.stream().noneMatch(w -> w.pid() == victim.pid())) return accepted;
            pause(50);
        }
        throw new Broken("the killed worker was not replaced within 10 s");
    }

    private static List<Worker> serving(Sandbox sandbox) throws Broken, IOException, InterruptedException {
        Sandbox.Result status = sandbox.nary("status", "--json", "nary.ipc");
        expectDone(status, "status");
        return Worker.of(status.output()).stream().filter(Worker::serves).toList();
    }

    private static void expectDone(Sandbox.Result result, String verb) throws Broken {
        if (result.exit() != 0) throw new Broken("nary " + verb + " ended with " + result.exit() + ":\n" + result.output());
    }

    private static String classPath() throws IOException {
        try {
            return Path.of(Demo.class.getProtectionDomain().getCodeSource().getLocation().toURI()).toString();
        } catch (java.net.URISyntaxException e) {
            throw new IOException(e);
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private static void pause(int millis) throws InterruptedException {
        Thread.sleep(millis);
    }
}
