package nary.fleet.fitness;

import java.util.OptionalInt;
import nary.fleet.Host;
import nary.fleet.balancer.BalancerException;
import nary.fleet.balancer.BalancerSpec;
import nary.fleet.spec.Target;
import nary.fleet.ssh.Quoting;
import nary.fleet.ssh.RemoteException;

/**
 * What keeps one from looking: no way to a server, or to its balancer.
 *
 * @param ssh how it is called here, with the options of this run
 */
record Trouble(String ssh) {

    Fault of(RemoteException e, Host host) {
        String text = String.valueOf(e.getMessage());
        String start = host.name() + ": ";
        return new Fault(text.startsWith(start) ? text.substring(start.length()) : text, fix(e.kind(), host));
    }

    private String fix(RemoteException.Kind kind, Host host) {
        String there = options(host.port(), "-p") + login(host);
        return switch (kind) {
            case HOST_KEY_CHANGED -> "if it was set up anew: ssh-keygen -R " + Quoting.word(known(host)) + " && " + ssh + there + " true";
            case HOST_KEY_UNKNOWN -> ssh + there + " true";
            case DENIED -> "ssh-copy-id" + ssh.substring("ssh".length()) + there;
            case NO_SUCH_HOST -> "correct \"host\" in the fleet file, or give " + host.address() + " a HostName in ssh_config";
            case REFUSED -> "on its console: systemctl start ssh";
            case UNREACHABLE, NO_ANSWER, LOST, TIMED_OUT, DISK_FULL, CORRUPT, FAILED, LOCAL -> ssh + " -v" + there + " true";
        };
    }

    private static String options(OptionalInt port, String option) {
        return port.isPresent() ? " " + option + " " + port.getAsInt() : "";
    }

    private static String login(Host host) {
        return " " + Quoting.word(host.user().map(user -> user + "@").orElse("") + host.address());
    }

    /** As known_hosts has it. */
    private static String known(Host host) {
        return host.port().isPresent() ? "[" + host.address() + "]:" + host.port().getAsInt() : host.address();
    }

    static Fault of(BalancerException e, Target target) {
        return new Fault(String.valueOf(e.getMessage()), fix(e.kind(), target));
    }

    private static String fix(BalancerException.Kind kind, Target target) {
        return switch (kind) {
            case UNREACHABLE -> "start it, or correct \"loadBalancers\" in the fleet file" + sockets(target);
            case DENIED -> "give this user the right to it" + sockets(target);
            case NO_SUCH_SERVER -> "add the server to the balancer, or say by \"address\" in the fleet file what it is called there";
            case FAILED -> target.balancers().stream()
                    .filter(BalancerSpec.MonitorFile.class::isInstance)
                    .map(it -> "touch " + Quoting.word(((BalancerSpec.MonitorFile) it).file()))
                    .findFirst()
                    .orElse("correct \"loadBalancers\" in the fleet file");
            case NOT_IDLE, NOT_HEALTHY -> "nary fleet status " + target.environment();
        };
    }

    /** How to ask each HAProxy by hand. */
    private static String sockets(Target target) {
        var text = new StringBuilder();
        for (BalancerSpec each : target.balancers())
            if (each instanceof BalancerSpec.Haproxy haproxy && haproxy.socket().startsWith("/")) text.append("; it must answer: echo show info | socat stdio ").append(Quoting.word(haproxy.socket()));
        return text.toString();
    }
}
