package nary.worker;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import nary.config.Confinement;
import nary.config.Confinement.Identity;
import nary.posix.Errno;
import nary.posix.OsException;

/**
 * The words before a worker's command that give it its user, limits and LISTEN_PID: posix_spawn(3) can set none of these. Each program in
 * the chain becomes the next by exec, so the worker keeps the pid that was spawned.
 */
public final class Trampoline {
    /** Not the app's PATH: these programs run with nary's own rights. */
    private static final List<String> FOLDERS = List.of("/usr/bin", "/bin", "/usr/local/bin");

    private Trampoline() {}

    /**
     * @param command the program first, found already
     * @param wantsListenPid LISTEN_PID must be the worker's own pid, which nobody knows before it runs: sd_listen_fds(3)
     * @return the whole chain, its first word an absolute path; {@code command} itself where nothing is asked for
     * @throws OsException ENOENT naming a program that is missing
     */
    public static List<String> before(List<String> command, Confinement confinement, boolean wantsListenPid) throws OsException {
        List<String> words = new ArrayList<>();
        String script = confinement.umask().map(mask -> "umask 0" + Integer.toOctalString(mask) + "; ").orElse("")
                + (wantsListenPid ? "LISTEN_PID=$$; export LISTEN_PID; " : "");
        if (!script.isEmpty()) words.addAll(List.of("/bin/sh", "-c", script + "exec \"$@\"", "sh"));
        if (!confinement.limits().isEmpty()) {
            words.add(tool("prlimit", "--limit"));
            confinement.limits().forEach(limit -> words.add("--" + limit));
            words.add("--");
        }
        if (confinement.nice().isPresent()) words.addAll(List.of(tool("nice", "--nice"), "-n", "" + confinement.nice().get(), "--"));
        // last: only root may do what comes before
        if (confinement.identity().isPresent()) words.addAll(identity(confinement.identity().get()));
        words.addAll(command);
        return words;
    }

    /** In numbers: nothing is looked up when a worker starts. */
    private static List<String> identity(Identity identity) throws OsException {
        String groups = identity.groups().stream().map(Integer::toUnsignedString).collect(Collectors.joining(","));
        return List.of(
                tool("setpriv", "--user"),
                "--reuid=" + Integer.toUnsignedString(identity.uid()),
                "--regid=" + Integer.toUnsignedString(identity.gid()),
                groups.isEmpty() ? "--clear-groups" : "--groups=" + groups,
                "--");
    }

    private static String tool(String name, String option) throws OsException {
        for (String folder : FOLDERS) if (Files.isExecutable(Path.of(folder, name))) return folder + "/" + name;
        throw new OsException("exec", Errno.ENOENT.number(), name + " (needed for " + option + ", from the package util-linux or coreutils)");
    }
}
