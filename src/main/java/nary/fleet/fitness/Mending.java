package nary.fleet.fitness;

import java.util.Optional;
import nary.fleet.spec.Needs;
import nary.fleet.ssh.Quoting;

/** The commands that make a server as it must be: each for a shell of root there, those of nary for the operator's own. */
final class Mending {
    private static final String YAMA = "/etc/sysctl.d/60-nary.conf";

    private Mending() {}

    private static String q(String word) {
        return Quoting.word(word);
    }

    /** A name that useradd and groupadd may not make. */
    static boolean isOfDomain(String name) {
        return name.contains("\\") || name.contains("@");
    }

    static String newUser(String name) {
        return isOfDomain(name) ? "join the domain until this finds it: getent passwd " + q(name) : "useradd --system --create-home " + q(name);
    }

    static String newGroup(String name, String member) {
        return isOfDomain(name) ? "join the domain until this finds it: getent group " + q(name) : "groupadd --system " + q(name) + " && " + membership(member, name);
    }

    static String membership(String member, String group) {
        return "gpasswd -a " + q(member) + " " + q(group);
    }

    /** So that one who logs in may be another user, and nobody else. */
    static String sudo(String login, String user) {
        String rule = sudoers(login) + " ALL=(" + sudoers(user) + ") NOPASSWD: ALL";
        return "echo " + q(rule) + " >/etc/sudoers.d/nary-" + login.replaceAll("[^A-Za-z0-9]", "_");
    }

    private static String sudoers(String name) {
        return name.replaceAll("[\\\\ ,:=()@]", "\\\\$0");
    }

    static String newFolder(Needs.Folder folder) {
        return "install -d" + flag("-o", folder.owner()) + flag("-g", folder.group()) + flag("-m", folder.mode()) + " " + q(folder.path());
    }

    private static String flag(String name, Optional<String> value) {
        return value.map(it -> " " + name + " " + q(it)).orElse("");
    }

    static String owner(String name, String path) {
        return "chown " + q(name) + " " + q(path);
    }

    static String group(String name, String path) {
        return "chgrp " + q(name) + " " + q(path);
    }

    static String mode(String mode, String path) {
        return "chmod " + mode + " " + q(path);
    }

    static String rights(String owner, String rights, String path) {
        return owner(owner, path) + " && " + mode("u+" + rights, path);
    }

    static String outOfTheWay(String path) {
        return "mv " + q(path) + " " + q(path + ".old");
    }

    static String tempFolder(String path) {
        return "install -d -m 1777 " + q(path);
    }

    /** @param manager apt-get, dnf, or none of them */
    static String packageOf(String manager, String name) {
        return switch (manager) {
            case "apt-get" -> "apt-get update && apt-get install -y " + q(name);
            case "dnf" -> "dnf install -y " + q(name);
            default -> "install the package " + name + " by hand: this server has neither apt-get nor dnf";
        };
    }

    /** @param known the package that has it; empty: none is known */
    static String program(String name, String manager, String known) {
        String otherwise = "put it to " + q("/usr/local/bin/" + name) + ", or name it with its path in the fleet file";
        return known.isEmpty() || manager.equals("none") ? otherwise : packageOf(manager, known);
    }

    static String link(String program, String path) {
        return "ln -s " + q(path) + " " + q("/usr/local/bin/" + program);
    }

    /**
     * @param name as limits.conf has the user
     * @param wrong the file that says otherwise; empty: none
     * @param file of nary's own
     */
    static String limit(String name, String limit, String value, String wrong, String file) {
        String line = name + " - " + limit + " " + value;
        String without = wrong.isEmpty() ? "" : "sed -i " + q("/^[[:space:]]*" + basic(name) + "[[:space:]].*[[:space:]]" + limit + "[[:space:]]/d") + " " + q(wrong) + " && ";
        return without + "echo " + q(line) + " >>" + q(file);
    }

    /** As a regular expression of sed. */
    private static String basic(String text) {
        return text.replaceAll("[\\\\.\\[*^$/]", "\\\\$0");
    }

    /** @param reason as check.sh says it */
    static String takeover(String reason) {
        if (!reason.contains("ptrace_scope")) return "give the app \"listen\" and \"takeover\": \"off\", or run a kernel from 5.6";
        String set = "echo 'kernel.yama.ptrace_scope = 1' >" + YAMA + " && ";
        return set + (reason.endsWith(" 3") ? "reboot" : "sysctl -p " + YAMA);
    }

    static String port(String process, String port) {
        return process.isEmpty() ? "ss -ltnp 'sport = :" + port + "'" : "kill " + process;
    }
}
