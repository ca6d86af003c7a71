package nary.fleet.balancer;

import java.util.List;
import java.util.function.Function;
import nary.fleet.ssh.Remotes;
import org.jspecify.annotations.Nullable;

/** Makes balancers of their configuration. Nothing is connected before it is used. */
public final class Balancers {
    private Balancers() {}

    /**
     * @param remotes for what is done on servers or through them
     * @param environment a variable's value, or null; for the secrets of requests
     */
    public static LoadBalancer of(List<BalancerSpec> specs, Remotes remotes, Function<String, @Nullable String> environment) {
        return new AllOf(specs.stream().map(spec -> of(spec, remotes, environment)).toList());
    }

    private static LoadBalancer of(BalancerSpec spec, Remotes remotes, Function<String, @Nullable String> environment) {
        return switch (spec) {
            case BalancerSpec.Haproxy it -> new Haproxy(it, remotes);
            case BalancerSpec.MonitorFile it -> new Switched(new MonitorFile(it, remotes, new Calls(it.name(), environment)), it.waitSeconds());
            case BalancerSpec.Http it -> new Switched(new HttpApi(it, new Calls(it.name(), environment)), it.waitSeconds());
            case BalancerSpec.Exec it -> new Switched(new ExecCommand(it), it.waitSeconds());
        };
    }
}
