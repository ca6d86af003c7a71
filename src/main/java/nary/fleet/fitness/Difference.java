package nary.fleet.fitness;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import nary.config.Secrets;

/** How one server differs from another. */
public final class Difference {
    /** They differ between all servers, or with each login. */
    private static final Set<String> OF_NO_ACCOUNT = Set.of("SSH_CLIENT", "SSH_CONNECTION", "SSH_TTY", "PWD", "OLDPWD", "SHLVL", "_", "HOSTNAME", "XDG_SESSION_ID");

    private Difference() {}

    /** A line for each. @param name of the first server @param otherName of the one it is held against */
    public static List<String> between(String name, Facts one, String otherName, Facts other) {
        Set<Facts.Key> keys = new LinkedHashSet<>(one.all().keySet());
        keys.addAll(other.all().keySet());
        List<String> lines = new ArrayList<>();
        for (Facts.Key key : keys) {
            if (key.kind().equals("variable") && OF_NO_ACCOUNT.contains(key.subject())) continue;
            String here = one.all().getOrDefault(key, "missing");
            String there = other.all().getOrDefault(key, "missing");
            if (!here.equals(there)) lines.add(key + ": " + name + " " + shown(key, here) + ", " + otherName + " " + shown(key, there));
        }
        return lines;
    }

    private static String shown(Facts.Key key, String answer) {
        return key.kind().equals("variable") ? Secrets.masked(key.subject(), answer) : answer;
    }
}
