package nary.fleet.fitness;

import java.util.ArrayList;
import java.util.List;
import nary.fleet.spec.Needs;

/** Holds what a server has against what is wanted of it. */
public final class Judgement {
    private static final List<String> RIGHTS = List.of("read", "write to", "enter");

    private final Wanted wanted;
    private final Facts facts;
    private final List<Fault> faults = new ArrayList<>();

    private Judgement(Wanted wanted, Facts facts) {
        this.wanted = wanted;
        this.facts = facts;
    }

    public static List<Fault> of(Wanted wanted, Facts facts) {
        var judgement = new Judgement(wanted, facts);
        judgement.judge();
        return List.copyOf(judgement.faults);
    }

    private void judge() {
        facts.each("user", this::user);
        facts.each("group", this::group);
        for (Needs.Folder folder : wanted.needs().folders()) facts.of("folder", folder.path()).ifPresent(answer -> folder(folder, answer));
        facts.of("folder", wanted.directory()).ifPresent(this::directory);
        facts.each("temp", this::temp);
        facts.each("disk", this::disk);
        facts.each("port", this::port);
        facts.each("program", this::program);
        facts.each("package", (name, version) -> {
            if (version.equals("missing")) fault("package " + name + " is missing", "apt-get install " + quoted(name));
        });
        facts.each("limit", this::limit);
        facts.of("kernel", "takeover").filter("no"::equals).ifPresent(_ ->
                fault("its kernel has no seccomp user notification: no takeover", "give the app --listen ADDR and --takeover off, or run a kernel from 5.6"));
    }

    private void fault(String text, String fix) {
        faults.add(new Fault(text, fix));
    }

    private String who() {
        return wanted.user().orElse("who logs in");
    }

    private static String quoted(String word) {
        return word.matches("[A-Za-z0-9_./:@+-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
    }

    private void user(String name, String answer) {
        switch (answer) {
            case "missing" -> fault("there is no user " + name, name.contains("\\") ? "join the domain" : "useradd --system --create-home " + quoted(name));
            case "unreachable" -> fault("nothing can be asked as " + name, "log in as root, as " + name + ", or allow sudo without a password");
            default -> {}
        }
    }

    private void group(String name, String answer) {
        switch (answer) {
            case "missing" -> fault("there is no group " + name, "groupadd --system " + quoted(name) + " && gpasswd -a " + quoted(who()) + " " + quoted(name));
            case "no member" -> fault(who() + " is not in group " + name, "gpasswd -a " + quoted(who()) + " " + quoted(name));
            default -> {}
        }
    }

    /** {@code owner:group:mode rwx}, the last as the app's user has them. */
    private void folder(Needs.Folder folder, String answer) {
        String path = folder.path();
        if (answer.equals("missing")) {
            fault("there is no folder " + path, "install -d" + flag("-o", folder.owner()) + flag("-g", folder.group()) + flag("-m", folder.mode()) + " " + quoted(path));
            return;
        }
        if (isNoFolder(path, answer)) return;
        String[] parts = answer.split(" ", 2);
        String[] now = parts[0].split(":", 3);
        folder.owner().filter(it -> !it.equals(now[0])).ifPresent(it -> fault(path + " belongs to " + now[0] + ", not to " + it, "chown " + quoted(it) + " " + quoted(path)));
        folder.group().filter(it -> !it.equals(now[1])).ifPresent(it -> fault(path + " has the group " + now[1] + ", not " + it, "chgrp " + quoted(it) + " " + quoted(path)));
        folder.mode().filter(it -> !it.equals(now[2])).ifPresent(it -> fault(path + " has the rights " + now[2] + ", not " + it, "chmod " + it + " " + quoted(path)));
        // who has no rights by a group or as the owner is meant to use it all the same
        lacking(path, parts[1], "rwx");
    }

    private static String flag(String name, java.util.Optional<String> value) {
        return value.map(it -> " " + name + " " + quoted(it)).orElse("");
    }

    private boolean isNoFolder(String path, String answer) {
        if (answer.equals("no folder")) fault(path + " is no folder", "mv " + quoted(path) + " " + quoted(path + ".old"));
        return answer.equals("no folder");
    }

    private void lacking(String path, String rights, String needed) {
        if (rights.equals("?")) return;
        List<String> missing = new ArrayList<>();
        for (int i = 0; i < needed.length(); i++) if (rights.indexOf(needed.charAt(i)) < 0) missing.add(RIGHTS.get("rwx".indexOf(needed.charAt(i))));
        if (!missing.isEmpty()) fault(who() + " cannot " + String.join(", ", missing) + " " + path, "chown " + quoted(who()) + " " + quoted(path) + " && chmod u+" + needed + " " + quoted(path));
    }

    /** A deploy makes it if it is missing. */
    private void directory(String answer) {
        if (answer.equals("missing") || isNoFolder(wanted.directory(), answer)) return;
        lacking(wanted.directory(), answer.split(" ", 2)[1], "rx");
    }

    private void temp(String path, String answer) {
        if (answer.contains("closed")) fault(who() + " cannot list " + path, "chmod 1777 " + path);
        else if (answer.contains("sealed")) fault(who() + " cannot write to " + path, "chmod 1777 " + path);
    }

    private void disk(String path, String free) {
        if (free.matches("[0-9]{1,9}") && Integer.parseInt(free) < wanted.needs().freeMegabytes())
            fault("only " + free + " MB are free for " + path + ", wanted are " + wanted.needs().freeMegabytes(), "df -h; nary fleet prune removes old releases");
    }

    private void port(String port, String answer) {
        if (!answer.startsWith("taken")) return;
        String[] words = answer.split(" ", 3);
        boolean isSeen = words.length == 3 && words[1].matches("[0-9]+");
        fault("port " + port + " is " + (isSeen ? "taken by process " + words[1] + ": " + words[2].strip() : answer), isSeen ? "kill " + words[1] : "as root: ss -ltnp 'sport = :" + port + "'");
    }

    private void program(String name, String answer) {
        if (answer.equals("missing")) fault(who() + " finds no " + name, "install it, or name it with its path in the fleet file");
    }

    private void limit(String name, String answer) {
        String value = wanted.needs().limits().getOrDefault(name, answer);
        if (!answer.equals(value)) fault("the limit " + name + " of " + who() + " is " + (answer.equals("missing") ? "not set" : answer) + ", wanted is " + value, "nary fleet prepare sets it");
    }
}
