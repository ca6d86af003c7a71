package nary.fleet.roll;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import nary.control.Refusal;
import nary.fleet.Crowd;
import nary.fleet.Host;
import nary.fleet.spec.Fleet;
import nary.fleet.spec.Names;
import nary.fleet.spec.Target;
import nary.fleet.ssh.Remotes;

/** Closes the apps of an environment for maintenance, and opens them again: each by the nary that runs it, many servers at a time ({@link Crowd}). Not while a run is under way. */
public final class Shutters {
    /** Beside the app's socket. */
    private static final String PAGE = "/run/maintenance.html";

    private final Fleet fleet;
    private final String environment;
    private final List<Target> targets;
    private final Remotes remotes;

    /**
     * What became of one build on one server.
     *
     * @param isDone it is as it was asked for
     * @param text for people
     */
    public record Row(Host host, Target target, boolean isDone, String text) {}

    /** @param build only this one; empty: all */
    public Shutters(Fleet fleet, String environment, Optional<String> build, Remotes remotes) {
        this.fleet = fleet;
        this.environment = environment;
        this.targets = fleet.targets(environment).stream().filter(it -> build.isEmpty() || Names.same(build.get(), it.build())).toList();
        this.remotes = remotes;
    }

    /**
     * @param page a file here, brought to the servers; empty: a sentence of nary's own
     * @param options of {@code nary maintenance on}, {@code --name=value} each, without the page
     * @throws Refusal if somebody else is at work on these servers, or nary runs nothing on them; nothing was changed
     */
    public List<Row> close(Optional<Path> page, List<String> options) throws Refusal, IOException, InterruptedException {
        return each(site -> {
            List<String> all = new ArrayList<>(options);
            if (page.isPresent()) {
                String there = site.directory() + PAGE;
                site.remote().upload(page.get(), there, List.of());
                all.add("--page=" + there);
            }
            new Runner(site).close(all);
            return "closed for maintenance";
        });
    }

    /** @throws Refusal as in {@link #close} */
    public List<Row> open() throws Refusal, IOException, InterruptedException {
        return each(site -> new Runner(site).open() ? "open again" : "was not closed");
    }

    private interface Job {
        /** @return what was done */
        String done(Site site) throws IOException, InterruptedException;
    }

    private List<Row> each(Job job) throws Refusal, IOException, InterruptedException {
        List<Site> sites = Site.all(targets.stream().filter(it -> it.app().isPresent()).toList(), remotes, (_, _) -> {});
        if (sites.isEmpty())
            throw new Refusal("nary runs nothing in " + environment + " that it could close: no build there has both \"app\" and servers. What others run is closed by its balancer, or by a command of yours (nary fleet run)");
        var lost = new AtomicReference<>("");
        try (Locks locks = Locks.of("maintenance", fleet, environment, lost::set)) {
            locks.take(sites);
            return Crowd.ask(sites.stream().<Callable<Row>>map(site -> () -> row(site, job, lost)).toList());
        }
    }

    private static Row row(Site site, Job job, AtomicReference<String> lost) throws InterruptedException {
        try {
            if (!String.valueOf(lost.get()).isEmpty()) throw new IOException(lost.get());
            return new Row(site.host(), site.target(), true, job.done(site));
        } catch (IOException e) {
            return new Row(site.host(), site.target(), false, String.valueOf(e.getMessage()));
        }
    }
}
