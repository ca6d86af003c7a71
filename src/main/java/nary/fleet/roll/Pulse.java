package nary.fleet.roll;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import nary.control.Fields;
import nary.control.WireException;
import nary.fleet.Host;
import nary.fleet.spec.Target;
import nary.fleet.ssh.Answer;

/** How a site is, asked on its server: by its URL, by a command, or where nary runs it and nothing else is said, by nary. */
record Pulse(Site site) {
    private static final Duration POLL = Duration.ofMillis(500);
    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(10);
    private static final Duration DEFAULT_LIMIT = Duration.ofSeconds(60);
    private static final String HOME = ".";

    /** Waits until it is well and names the release. */
    void await(String release) throws IOException, InterruptedException {
        await(release, site.target().health().map(Target.Health::limit).orElse(DEFAULT_LIMIT));
    }

    void await(String release, Duration limit) throws IOException, InterruptedException {
        long end = System.nanoTime() + limit.toNanos();
        Optional<String> trouble = trouble(Optional.of(release));
        while (trouble.isPresent()) {
            if (System.nanoTime() > end) throw new IOException(site.host().name() + ": " + trouble.get());
            Thread.sleep(POLL);
            trouble = trouble(Optional.of(release));
        }
    }

    /** What is wrong now. @param release that must answer; empty: any */
    Optional<String> trouble(Optional<String> release) throws IOException, InterruptedException {
        Optional<Target.Health> health = site.target().health();
        if (health.isEmpty()) return site.target().app().isPresent() ? byNary(release) : Optional.empty();
        Optional<String> wanted = health.get().namesRelease() ? release : Optional.empty();
        if (health.get().url().isPresent()) {
            Optional<String> trouble = byUrl(filled(health.get().url().get()), wanted);
            if (trouble.isPresent() && isClosed()) trouble = byNary(wanted);
            if (trouble.isPresent()) return trouble;
        }
        return health.get().command().isEmpty() ? Optional.empty() : byCommand(health.get().command(), wanted);
    }

    /** For maintenance: what answers is the page, and nary alone can say how the workers behind it are. */
    private boolean isClosed() throws IOException, InterruptedException {
        return site.target().app().isPresent() && !new Runner(site).closed().isEmpty();
    }

    private String filled(String url) {
        Host host = site.host();
        return url.replace("{name}", host.name()).replace("{address}", host.address()).replace("{behind}", host.behind().orElse(host.name()));
    }

    private Optional<String> byUrl(String url, Optional<String> wanted) throws IOException, InterruptedException {
        Answer answer = site.ask(url, ANSWER_LIMIT);
        Optional<String> status = answer.out().lines().filter(it -> it.strip().startsWith("HTTP/")).reduce((_, last) -> last);
        if (status.isEmpty()) return Optional.of(url + " gives no answer" + Site.last(answer));
        boolean isGood = status.get().strip().matches("HTTP/[0-9.]+ 2[0-9][0-9].*");
        if (!isGood) return Optional.of(url + " answers " + status.get().strip());
        return names(answer.out(), wanted, url);
    }

    private static Optional<String> names(String said, Optional<String> wanted, String who) {
        if (wanted.isEmpty() || said.contains(wanted.get())) return Optional.empty();
        return Optional.of(who + " is well, but does not name the release " + wanted.get() + " (it is in NARY_RELEASE; \"namesRelease\": false takes any answer)");
    }

    private Optional<String> byCommand(List<String> command, Optional<String> wanted) throws IOException, InterruptedException {
        Answer answer = site.run(site.current(), command, wanted.orElse(""), ANSWER_LIMIT.multipliedBy(3));
        String name = "'" + String.join(" ", command) + "'";
        if (answer.exit() != 0) return Optional.of(name + " exited with " + answer.exit() + Site.last(answer));
        return names(answer.out(), wanted, name);
    }

    private Optional<String> byNary(Optional<String> release) throws IOException, InterruptedException {
        Answer answer = site.run(HOME, List.of(site.target().nary(), "status", "--json", site.socket()), release.orElse(""), ANSWER_LIMIT.multipliedBy(3));
        if (answer.exit() != 0) return Optional.of("nary status exited with " + answer.exit() + Site.last(answer));
        try {
            Fields status = Fields.parse(answer.out().strip());
            List<Long> pids = serving(status);
            String state = status.object("app").text("state");
            if (!state.equals("online")) return Optional.of("nary says that it is " + state);
            if (pids.isEmpty()) return Optional.of("nary says that no worker serves");
            return release.isPresent() ? inRelease(pids, release.get()) : Optional.empty();
        } catch (WireException e) {
            return Optional.of("nary status says something else: " + e.getMessage());
        }
    }

    private static List<Long> serving(Fields status) throws WireException {
        List<Long> pids = new ArrayList<>();
        for (Object each : status.list("workers")) {
            Fields worker = Fields.of(each);
            if (worker.text("state").equals("serving")) pids.add(worker.number("pid"));
        }
        return pids;
    }

    /** The workers' own working directory tells what they run, wherever {@code current} points by now. */
    private Optional<String> inRelease(List<Long> pids, String release) throws IOException, InterruptedException {
        String folder = site.remote().expect(Script.CWD.with(pids.stream().map(String::valueOf).toList()));
        String releases = site.directory() + "/releases/";
        for (String each : folder.lines().toList()) {
            boolean isOther = each.contains(releases) && !(each + "/").contains(releases + release + "/");
            if (isOther) return Optional.of("a worker that serves runs in " + each);
        }
        return Optional.empty();
    }
}
