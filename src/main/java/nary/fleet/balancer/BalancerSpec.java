package nary.fleet.balancer;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import nary.fleet.Host;

/**
 * A balancer as configured; the component names are the keys in the configuration, the type is its {@code type}: {@code haproxy}, {@code
 * monitor-file}, {@code http}, {@code exec}. In texts of {@code http}, {@code {name}}, {@code {address}}, {@code {behind}} and {@code {weight}}
 * stand for the server's, {@code {env:NAME}} for a variable of the operator's environment, which is never printed.
 */
public sealed interface BalancerSpec {
    Duration DEFAULT_WAIT = Duration.ofSeconds(30);

    String name();

    /**
     * HAProxy's Runtime API.
     *
     * @param socket a path ({@code /run/haproxy/admin.sock}), or HOST:PORT
     * @param host where the socket is, reached through ssh; empty: from here
     * @param backends in which the server is; empty: in each that has it
     */
    record Haproxy(String name, String socket, Optional<Host> host, List<String> backends) implements BalancerSpec {}

    /**
     * A file on the server that the balancer's check asks for; renamed, the check fails.
     *
     * @param file its path on the server; {@code FILE.out} while it is away
     * @param waitSeconds how long the balancer takes to notice (default 30 s); at most, where {@code probe} is given
     * @param probe a question that says whether the server is in rotation; the balancer has noticed when its answer changes
     */
    record MonitorFile(String name, String file, Duration waitSeconds, Optional<Call> probe) implements BalancerSpec {}

    /**
     * Any API over HTTP.
     *
     * @param out takes the server out
     * @param in brings it back
     * @param probe says whether it is in: its expected answer means yes. With {@code expect}, another body means no, another status is an error; without, another status below 500 means no
     * @param waitSeconds how long the balancer takes (default 30 s) where there is no probe; at most, where there is one
     */
    record Http(String name, Call out, Call in, Optional<Call> probe, Duration waitSeconds) implements BalancerSpec {}

    /**
     * Any command, run here, with NARY_BALANCER, NARY_ACTION ({@code out}, {@code in}, {@code probe}), NARY_SERVER, NARY_ADDRESS, NARY_BEHIND and
     * NARY_WEIGHT in its environment.
     *
     * @param probe exits with 0 if the server is in rotation, with 1 if not
     * @param waitSeconds as for {@link Http}; also the limit of each command, at least a minute
     */
    record Exec(String name, List<String> out, List<String> in, Optional<List<String>> probe, Duration waitSeconds) implements BalancerSpec {}

    /**
     * One request.
     *
     * @param url with {@code http} or {@code https}, may hold placeholders
     * @param statuses that are expected; empty: 200–299
     * @param expect a regular expression that must be found in the answer's body; empty: any
     */
    record Call(String method, String url, Map<String, String> headers, Optional<String> body, List<Integer> statuses, Optional<String> expect) {
        public static Call get(URI url) {
            return new Call("GET", url.toString(), Map.of(), Optional.empty(), List.of(), Optional.empty());
        }
    }
}
