package nary.fleet.balancer;

import java.io.IOException;
import java.util.Optional;
import nary.fleet.Host;
import nary.fleet.balancer.BalancerException.Kind;
import nary.fleet.ssh.Command;
import nary.fleet.ssh.Remotes;

/** A file on the server that the balancer's check asks for. While it has another name the check fails. */
final class MonitorFile implements Switch {
    private static final String AWAY = ".out";

    /** $1 the file, $2 its other name. Either may be there already; with neither nothing would tell the balancer. */
    private static final String RENAME = """
            if [ -e "$1" ]; then mv -f -T -- "$1" "$2"
            elif [ ! -e "$2" ]; then echo "there is neither $1 nor $2" >&2; exit 1
            fi
            """;

    /** A file that was brought with a new release makes the one that was put away needless. */
    private static final String RESTORE = """
            if [ -e "$1" ]; then rm -f -- "$2"
            elif [ -e "$2" ]; then mv -T -- "$2" "$1"
            else echo "there is neither $1 nor $2" >&2; exit 1
            fi
            """;

    private final BalancerSpec.MonitorFile spec;
    private final Remotes remotes;
    private final Calls calls;

    MonitorFile(BalancerSpec.MonitorFile spec, Remotes remotes, Calls calls) {
        this.spec = spec;
        this.remotes = remotes;
        this.calls = calls;
    }

    @Override
    public String name() {
        return spec.name();
    }

    @Override
    public void out(Host host) throws BalancerException, InterruptedException {
        run(host, Command.script(RENAME, spec.file(), spec.file() + AWAY).briefly());
    }

    @Override
    public void in(Host host) throws BalancerException, InterruptedException {
        run(host, Command.script(RESTORE, spec.file(), spec.file() + AWAY).briefly());
    }

    @Override
    public Optional<Boolean> isOrderedIn(Host host) throws BalancerException, InterruptedException {
        String there = run(host, Command.script("if [ -e \"$1\" ]; then echo in; elif [ -e \"$2\" ]; then echo out; else echo neither; fi", spec.file(), spec.file() + AWAY).briefly());
        if (there.equals("neither"))
            throw new BalancerException(Kind.FAILED, name() + ": " + host.name() + " has no " + spec.file() + ": make it, or correct its path in the configuration");
        return Optional.of(there.equals("in"));
    }

    @Override
    public Optional<Boolean> isIn(Host host) throws BalancerException, InterruptedException {
        return spec.probe().isPresent() ? Optional.of(calls.holds(spec.probe().get(), host)) : Optional.empty();
    }

    private String run(Host host, Command command) throws BalancerException, InterruptedException {
        try {
            return remotes.to(host).expect(command);
        } catch (IOException e) {
            throw new BalancerException(Kind.FAILED, name() + ": " + spec.file() + " on " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        calls.close();
    }
}
