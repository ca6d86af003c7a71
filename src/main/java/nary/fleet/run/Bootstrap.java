package nary.fleet.run;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import nary.fleet.Host;
import nary.fleet.ssh.Answer;
import nary.fleet.ssh.Command;
import nary.fleet.ssh.Remote;
import nary.fleet.ssh.RemoteException;
import nary.fleet.ssh.Transfer;
import nary.fleet.ssh.Tree;

/**
 * Brings nary to a server, into {@code ~/.nary}: {@code runtime/KEY} is one image, {@code bin/nary} a link to the launcher of the newest. Daemons
 * that run go on in the image that they were started from, which stays as long as they do.
 */
public final class Bootstrap {
    /** Relative to the home folder. */
    public static final String LAUNCHER = ".nary/bin/nary";

    private static final String FACTS = """
            echo "system $(uname -s)"
            echo "architecture $(uname -m)"
            echo "libc $(getconf GNU_LIBC_VERSION 2>/dev/null)"
            """;

    /** $1 the key. The link is changed by one rename; images that no process uses are removed. */
    private static final String SETTLE = """
            set -e
            cd .nary
            mkdir -p bin
            ln -s -f -T "../runtime/$1/nary" "bin/nary.$$"
            mv -f -T "bin/nary.$$" bin/nary
            for old in runtime/*/; do
              old=${old%/}
              [ "$old" = "runtime/$1" ] || grep -qsF "$PWD/$old/" /proc/[0-9]*/cmdline /proc/[0-9]*/environ || rm -rf "$old"
            done
            """;

    private static final int LEAST_MAJOR = 2;
    private static final int LEAST_MINOR = 34;

    private final RuntimeImage image;
    private final Tree tree;

    private Bootstrap(RuntimeImage image, Tree tree) {
        this.image = image;
        this.tree = tree;
    }

    public static Bootstrap of(RuntimeImage image) throws IOException {
        return new Bootstrap(image, Tree.of(image.folder()));
    }

    /** May be repeated: what is there is verified, not sent. */
    public Transfer to(Remote remote) throws IOException, InterruptedException {
        check(remote);
        String place = ".nary/runtime/" + image.key();
        Transfer transfer = remote.upload(tree, place, bases(remote));
        Answer version = remote.ask(Command.of(place + "/nary", "version"));
        if (version.exit() != 0 || !version.out().startsWith("nary ")) throw failed(remote, "nary does not run there: " + last(version));
        remote.expect(Command.script(SETTLE, image.key()));
        return transfer;
    }

    private static List<String> bases(Remote remote) throws RemoteException, InterruptedException {
        Answer newest = remote.ask(Command.script("cd .nary/runtime 2>/dev/null && ls -dt -- */ | head -2"));
        return newest.out().lines().filter(name -> name.matches("[0-9a-f]+/")).map(name -> ".nary/runtime/" + name.substring(0, name.length() - 1)).toList();
    }

    private void check(Remote remote) throws RemoteException, InterruptedException {
        Map<String, String> facts = remote.expect(Command.script(FACTS)).lines().filter(line -> line.contains(" ")).collect(Collectors.toMap(
                line -> line.substring(0, line.indexOf(' ')), line -> line.substring(line.indexOf(' ') + 1), (first, _) -> first));
        String architecture = facts.getOrDefault("architecture", "?");
        if (!facts.getOrDefault("system", "?").equals("Linux")) throw failed(remote, "nary runs on Linux, not on " + facts.getOrDefault("system", "?"));
        if (!architecture.equals(image.architecture()))
            throw failed(remote, "its processor is " + architecture + ", the runtime made here is for " + image.architecture() + ": bootstrap it from a machine of its kind");
        if (!isNewEnough(facts.getOrDefault("libc", ""))) throw failed(remote, "nary needs glibc " + LEAST_MAJOR + "." + LEAST_MINOR + " or later, it has " + facts.getOrDefault("libc", "none").strip());
    }

    /** @param libc e.g. {@code glibc 2.36} */
    static boolean isNewEnough(String libc) {
        var matcher = java.util.regex.Pattern.compile("glibc ([0-9]+)\\.([0-9]+).*").matcher(libc.strip());
        if (!matcher.matches()) return false;
        int major = Integer.parseInt(matcher.group(1));
        return major > LEAST_MAJOR || (major == LEAST_MAJOR && Integer.parseInt(matcher.group(2)) >= LEAST_MINOR);
    }

    private static RemoteException failed(Remote remote, String what) {
        Host host = remote.host();
        return new RemoteException(host, RemoteException.Kind.FAILED, what);
    }

    private static String last(Answer answer) {
        String said = answer.err().isBlank() ? answer.out() : answer.err();
        return said.strip().lines().reduce((_, line) -> line).orElse("exit status " + answer.exit());
    }
}
