package nary.fleet.ssh;

import java.util.List;
import java.util.function.UnaryOperator;
import nary.fleet.Host;
import nary.fleet.ssh.RemoteException.Kind;

/** What ssh's own words mean, and what to do about it. */
final class Diagnosis {
    private record Sign(String words, Kind kind, UnaryOperator<String> advice) {}

    private static final List<Sign> SIGNS = List.of(
            sign("REMOTE HOST IDENTIFICATION HAS CHANGED", Kind.HOST_KEY_CHANGED,
                    "its host key is not the one in known_hosts: somebody may be in between, or it was set up anew; if it was, type: ssh-keygen -R %s"),
            sign("Host key verification failed", Kind.HOST_KEY_UNKNOWN, "its host key is not known here: compare and accept it once with: ssh %s"),
            sign("Permission denied (", Kind.DENIED, "login is refused; it must work without a question: try ssh -o BatchMode=yes %s (key, agent, user)"),
            sign("Too many authentication failures", Kind.DENIED, "login is refused after too many keys; name one with IdentityFile and IdentitiesOnly in ssh_config, and try: ssh %s"),
            sign("Could not resolve hostname", Kind.NO_SUCH_HOST, "there is no host of this name: correct it in the configuration, or give %s a HostName in ssh_config"),
            sign("Connection refused", Kind.REFUSED, "connection refused: no sshd listens there; start it, or correct the port"),
            sign("No route to host", Kind.UNREACHABLE, "no route to it: check the network, or whether it runs"),
            sign("Network is unreachable", Kind.UNREACHABLE, "its network cannot be reached from here"),
            sign("Connection timed out", Kind.NO_ANSWER, "no answer: check whether it runs and whether a firewall is between"),
            sign("Operation timed out", Kind.NO_ANSWER, "no answer: check whether it runs and whether a firewall is between"),
            sign("during banner exchange", Kind.NO_ANSWER, "what answers there does not speak ssh, or hangs"),
            sign("Timeout, server", Kind.LOST, "the connection was lost: no answer for some seconds"),
            sign("not responding", Kind.LOST, "the connection was lost: no answer for some seconds"),
            sign("Broken pipe", Kind.LOST, "the connection was lost"),
            sign("Connection reset", Kind.LOST, "the connection was reset"),
            sign("closed by remote host", Kind.LOST, "the server has closed the connection"),
            sign("Connection closed", Kind.LOST, "the server has closed the connection"));

    private Diagnosis() {}

    private static Sign sign(String words, Kind kind, String advice) {
        return new Sign(words, kind, address -> advice.replace("%s", address));
    }

    /** @param said ssh's stderr */
    static RemoteException of(Host host, String said) {
        for (Sign sign : SIGNS)
            if (said.contains(sign.words())) return new RemoteException(host, sign.kind(), sign.advice().apply(host.address()));
        String last = said.strip().lines().reduce((_, line) -> line).orElse("ssh ended without a word").strip();
        boolean isOfConfiguration = said.contains("configuration option") || said.contains("Bad owner or permissions") || said.contains("command-line line");
        return new RemoteException(host, isOfConfiguration ? Kind.LOCAL : Kind.LOST, "ssh: " + last);
    }
}
