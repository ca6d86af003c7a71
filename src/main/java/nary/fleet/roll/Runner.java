package nary.fleet.roll;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import nary.control.Fields;
import nary.fleet.spec.Target;
import nary.fleet.ssh.Answer;

/** Starts and stops a site: by nary, where it has an app, by the user's commands, or not at all, where it is only files. */
record Runner(Site site) {
    private static final Duration POLL = Duration.ofMillis(500);
    private static final Duration START_LIMIT = Duration.ofMinutes(10);
    private static final Duration BUSY_LIMIT = Duration.ofMinutes(2);
    private static final String HOME = ".";
    private static final int REFUSED = 3;
    private static final int NO_DAEMON = 4;

    private boolean isManaged() {
        return site.target().app().isPresent() || !site.target().services().isNone();
    }

    void stop(Duration limit) throws IOException, InterruptedException {
        List<String> command = site.target().services().stop();
        if (!command.isEmpty()) site.must(HOME, command, "", limit);
        if (site.target().app().isEmpty()) return;
        Answer answer = nary("stop", "--timeout=" + limit.toSeconds(), site.socket());
        if (answer.exit() != 0 && answer.exit() != NO_DAEMON) throw failed("stop", answer);
    }

    /** No process and no listener of it is left. */
    void proveStopped(Duration limit) throws IOException, InterruptedException {
        if (!isManaged()) return;
        long end = System.nanoTime() + limit.toNanos();
        List<String> remains = site.remains();
        while (!remains.isEmpty()) {
            if (System.nanoTime() > end) throw new IOException(site.host().name() + ": of the site remains " + String.join("; ", remains));
            Thread.sleep(POLL);
            remains = site.remains();
        }
    }

    void start(String release) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(site.target().services().start());
        if (!command.isEmpty()) site.must(site.current(), command, release, START_LIMIT);
        if (site.target().app().isPresent()) startApp(release);
    }

    private void startApp(String release) throws IOException, InterruptedException {
        Answer answer = nary(startWords(release));
        if (answer.exit() == REFUSED) {
            // it runs: a deployer that was killed has started it, or somebody else; what it runs is not known
            nary("stop", "--timeout=" + START_LIMIT.toSeconds(), site.socket());
            answer = nary(startWords(release));
        }
        if (answer.exit() != 0) throw failed("start", answer);
    }

    private String[] startWords(String release) {
        Target.App app = site.target().app().orElseThrow();
        List<String> words = new ArrayList<>(List.of("start", "--ipc-file=" + site.socket(), "--cwd=" + site.current()));
        words.addAll(app.options());
        words.add("--env=NARY_RELEASE=" + release);
        words.add("--");
        words.addAll(app.command());
        return words.toArray(String[]::new);
    }

    /** In place, no request lost; where nothing runs, it is started. */
    void reload(String release) throws IOException, InterruptedException {
        long end = System.nanoTime() + BUSY_LIMIT.toNanos();
        Answer answer = deploy(release);
        while (answer.exit() == REFUSED && System.nanoTime() < end) {
            // the deploy of a deployer that was killed still goes on
            Thread.sleep(POLL);
            answer = deploy(release);
        }
        if (answer.exit() == NO_DAEMON) startApp(release);
        else if (answer.exit() != 0) throw failed("deploy", answer);
    }

    private Answer deploy(String release) throws IOException, InterruptedException {
        return nary("deploy", "--env=NARY_RELEASE=" + release, site.socket());
    }

    /** Its nary answers new connections itself. @param options of {@code nary maintenance on}, {@code --name=value} each */
    void close(List<String> options) throws IOException, InterruptedException {
        List<String> words = new ArrayList<>(List.of("maintenance", "on"));
        words.addAll(options);
        words.add(site.socket());
        Answer answer = nary(words.toArray(String[]::new));
        if (answer.exit() != 0) throw failed("maintenance on", answer);
    }

    /** New connections go to the workers again. @return false if it was not closed */
    boolean open() throws IOException, InterruptedException {
        Answer answer = nary("maintenance", "off", site.socket());
        if (answer.exit() == REFUSED && closed().isEmpty()) return false;
        if (answer.exit() != 0) throw failed("maintenance off", answer);
        return true;
    }

    /** Why it is closed for maintenance, in nary's words; empty if it is open, or does not run. */
    String closed() throws IOException, InterruptedException {
        Answer answer = nary("status", "--json", site.socket());
        if (answer.exit() == NO_DAEMON) return "";
        if (answer.exit() != 0) throw failed("status", answer);
        return Fields.parse(answer.out().strip()).object("app").optionalText("closed").orElse("");
    }

    private Answer nary(String... words) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(site.target().nary()));
        command.addAll(List.of(words));
        Answer answer = site.run(HOME, command, "", START_LIMIT);
        boolean isMissing = answer.exit() == 127;
        if (isMissing) throw new IOException(site.host().name() + ": there is no " + site.target().nary() + " here: nary fleet bootstrap " + site.target().environment() + " installs it, or \"nary\" names its path");
        return answer;
    }

    private IOException failed(String verb, Answer answer) {
        return new IOException(site.host().name() + ": nary " + verb + " exited with " + answer.exit() + Site.last(answer));
    }
}
