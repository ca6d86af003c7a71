package nary.fleet.spec;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import nary.config.Place;
import nary.fleet.Host;
import nary.fleet.balancer.BalancerSpec;

/**
 * One build in one environment: everything that holds for it, wherever it was written.
 *
 * @param servers none: its command runs once, on the operator's machine
 * @param site builds of the same site share one removal and one stop
 * @param directory on the servers: holds {@code releases}, {@code shared}, {@code current}; absolute, or below the home directory
 * @param source the package: a folder, .tar.gz, .tgz, .zip or .jar
 * @param parameters a file that goes with the release
 * @param command of the package, run in its folder; with its arguments
 * @param app how nary runs it
 * @param services how others run it; both empty: a site of files
 * @param shared paths that all releases share, below {@code directory/shared}
 * @param balancers a server is out when all of them agree
 * @param health asked on the server itself
 * @param hooks commands by when they run
 * @param isInPlace nary replaces the workers where they are
 * @param nary the command on the servers
 * @param needs what the servers must have
 * @param place in the file, for messages
 */
public record Target(
        String build,
        String environment,
        List<Host> servers,
        Optional<String> site,
        String directory,
        Optional<Path> source,
        Optional<Path> parameters,
        List<String> command,
        Optional<App> app,
        Services services,
        List<String> shared,
        List<BalancerSpec> balancers,
        Optional<Health> health,
        Tactics tactics,
        Map<Hook, List<String>> hooks,
        boolean isInPlace,
        String nary,
        Needs needs,
        Place place) {
    public Target {
        servers = List.copyOf(servers);
        command = List.copyOf(command);
        shared = List.copyOf(shared);
        balancers = List.copyOf(balancers);
        hooks = Map.copyOf(hooks);
    }

    /** Builds of one group are rolled as one. */
    public String group() {
        return site.map(it -> "site " + Names.fold(it)).orElse(build);
    }

    /** What nary is asked to run. @param options of {@code nary start}, {@code --name=value} each */
    public record App(List<String> command, List<String> options) {
        public App {
            command = List.copyOf(command);
            options = List.copyOf(options);
        }
    }

    /** Commands on the server, for sites that nary does not run; empty: nothing to do. */
    public record Services(List<String> stop, List<String> start) {
        public static final Services NONE = new Services(List.of(), List.of());

        public Services {
            stop = List.copyOf(stop);
            start = List.copyOf(start);
        }

        public boolean isNone() {
            return stop.isEmpty() && start.isEmpty();
        }
    }

    /**
     * @param url asked on the server; its answer must be 200–299 and name the release, in its body or a header
     * @param command run on the server; must exit with 0, and its output name the release
     * @param namesRelease false: any good answer will do
     * @param limit within which it must be healthy
     */
    public record Health(Optional<String> url, List<String> command, boolean namesRelease, Duration limit) {
        public Health {
            command = List.copyOf(command);
        }
    }

    /**
     * How the servers are gone through.
     *
     * @param drain how long requests under way may take
     * @param up how long the balancer may take to see it as up
     * @param soak how long it is watched before the next
     * @param stop how long it may take until nothing of the site is left
     */
    public record Tactics(
            Share batch, Optional<String> canary, Share maxFailures, Share minHealthy, Duration drain, Duration up, Duration soak, Duration stop) {}
}
