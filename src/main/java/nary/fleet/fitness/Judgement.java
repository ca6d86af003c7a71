package nary.fleet.fitness;

import java.util.ArrayList;
import java.util.List;
import nary.fleet.spec.Needs;

/** Holds what a server has against what is wanted of it. */
public final class Judgement {
    private static final List<String> RIGHTS = List.of("read", "write to", "enter");
    private static final String MISSING = "missing";

    private final Wanted wanted;
    private final Facts facts;
    private final List<Fault> faults = new ArrayList<>();

    private Judgement(Wanted wanted, Facts facts) {
        this.wanted = wanted;
        this.facts = facts;
    }

    /** What is wrong, each with what mends it; nothing, perhaps. */
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
        facts.each("tool", this::tool);
        facts.each("package", this::packageOf);
        facts.each("limit", this::limit);
        facts.of("kernel", "takeover").filter(it -> it.startsWith("no")).ifPresent(it -> fault("nary cannot take over its kernel's listening sockets" + it.substring(2), Mending.takeover(it)));
    }

    private void fault(String text, String fix) {
        faults.add(new Fault(text, fix));
    }

    private String who() {
        return wanted.user().orElse("who logs in");
    }

    /** As the server itself has the name. */
    private String name() {
        if (wanted.user().isEmpty()) return facts.of("login", "name").orElse("root");
        return facts.of("user", who()).filter(it -> it.startsWith("exists as ")).map(it -> it.substring("exists as ".length())).orElse(who());
    }

    private String manager() {
        return facts.of("manager", "packages").orElse("none");
    }

    private void user(String name, String answer) {
        if (answer.equals(MISSING)) fault("there is no user " + name + (Mending.isOfDomain(name) ? ", and a domain's can only come from there" : ""), Mending.newUser(name));
        if (!answer.startsWith("unreachable by ")) return;
        String login = answer.substring("unreachable by ".length());
        fault("nothing can be asked as " + name + ": " + login + " logs in, and may not be " + name + " by sudo", Mending.sudo(login, name));
    }

    private void group(String group, String answer) {
        switch (answer) {
            case MISSING -> fault("there is no group " + group, Mending.newGroup(group, name()));
            case "no member" -> fault(who() + " is not in group " + group, Mending.membership(name(), group));
            case "no member of the domain's" -> fault(who() + " is not in group " + group, "add " + who() + " to it in the domain: the group is not of this server");
            default -> {}
        }
    }

    /** {@code owner:group:mode rwx}, the last as the app's user has them. */
    private void folder(Needs.Folder folder, String answer) {
        String path = folder.path();
        if (answer.equals(MISSING)) {
            fault("there is no folder " + path, Mending.newFolder(folder));
            return;
        }
        if (isNoFolder(path, answer)) return;
        int blank = answer.lastIndexOf(' ');
        String[] now = answer.substring(0, blank).split(":", 3);
        int before = faults.size();
        folder.owner().filter(it -> !it.equals(now[0])).ifPresent(it -> fault(path + " belongs to " + now[0] + ", not to " + it, Mending.owner(it, path)));
        folder.group().filter(it -> !it.equals(now[1])).ifPresent(it -> fault(path + " has the group " + now[1] + ", not " + it, Mending.group(it, path)));
        folder.mode().filter(it -> !it.equals(now[2])).ifPresent(it -> fault(path + " has the rights " + now[2] + ", not " + it, Mending.mode(it, path)));
        if (faults.size() > before || lacksGroup()) return;
        // who has no rights by a group or as the owner is meant to use it all the same
        boolean isOwners = folder.owner().isEmpty() || folder.owner().equals(wanted.user());
        lacking(path, answer.substring(blank + 1), "rwx", isOwners ? Mending.rights(name(), "rwx", path) : "correct its owner, group or mode in the fleet file: by these it is closed to " + who());
    }

    /** That comes first: rights may come with it. */
    private boolean lacksGroup() {
        return wanted.needs().groups().stream().anyMatch(it -> !facts.of("group", it).orElse("member").equals("member"));
    }

    private boolean isNoFolder(String path, String answer) {
        if (answer.equals("no folder")) fault(path + " is no folder", Mending.outOfTheWay(path));
        return answer.equals("no folder");
    }

    private void lacking(String path, String rights, String needed, String fix) {
        if (rights.equals("?")) return;
        List<String> missing = new ArrayList<>();
        for (int i = 0; i < needed.length(); i++) if (rights.indexOf(needed.charAt(i)) < 0) missing.add(RIGHTS.get("rwx".indexOf(needed.charAt(i))));
        if (missing.isEmpty()) return;
        String closed = facts.of("behind", path).orElse("");
        String text = who() + " cannot " + String.join(", ", missing) + " " + path;
        if (closed.isEmpty()) fault(text, fix);
        else fault(text + ": it cannot enter " + closed, Mending.mode("a+x", closed));
    }

    /** A deploy makes it if it is missing. */
    private void directory(String answer) {
        String path = wanted.directory();
        if (answer.equals(MISSING) || isNoFolder(path, answer)) return;
        lacking(path, answer.substring(answer.lastIndexOf(' ') + 1), "rx", Mending.rights(name(), "rx", path));
    }

    private void temp(String path, String answer) {
        if (answer.contains("closed")) fault(who() + " cannot list " + path, Mending.tempFolder(path));
        else if (answer.contains("sealed")) fault(who() + " cannot write to " + path, Mending.tempFolder(path));
    }

    private void disk(String path, String free) {
        if (free.matches("[0-9]{1,9}") && Integer.parseInt(free) < wanted.needs().freeMegabytes())
            fault("only " + free + " MB are free for " + path + ", wanted are " + wanted.needs().freeMegabytes(), "nary fleet prune " + wanted.environment() + " removes old releases");
    }

    private void port(String port, String answer) {
        if (!answer.startsWith("taken")) return;
        String[] words = answer.split(" ", 3);
        boolean isSeen = words.length == 3 && words[1].matches("[0-9]+");
        fault("port " + port + " is " + (isSeen ? "taken by process " + words[1] + ": " + words[2].strip() : answer), Mending.port(isSeen ? words[1] : "", port));
    }

    private void program(String name, String answer) {
        if (answer.startsWith("elsewhere ")) {
            String path = answer.substring("elsewhere ".length());
            fault(who() + " finds no " + name + ": it is " + path + ", which is not on the PATH", Mending.link(name, path));
        } else if (answer.startsWith(MISSING)) fault(who() + " finds no " + name, Mending.program(name, manager(), answer.substring(MISSING.length()).strip()));
    }

    /** nary, in most cases. */
    private void tool(String name, String answer) {
        String more = name.equals("nary") ? "" : ", and leave \"nary\": \"" + name + "\" out of the fleet file";
        if (answer.equals(MISSING)) fault("who logs in finds no " + name, "nary fleet bootstrap " + wanted.environment() + more);
    }

    private void packageOf(String name, String version) {
        if (version.equals(MISSING)) fault("package " + name + " is missing", Mending.packageOf(manager(), name));
    }

    /** {@code VALUE in FILE}. */
    private void limit(String limit, String answer) {
        String value = wanted.needs().limits().getOrDefault(limit, "");
        if (answer.startsWith(value + " in ")) return;
        int in = answer.lastIndexOf(" in ");
        String wrong = in < 0 ? "" : answer.substring(in + " in ".length());
        String now = in < 0 ? "not set" : answer.substring(0, in) + " (" + wrong + ")";
        fault("the limit " + limit + " of " + who() + " is " + now + ", wanted is " + value, Mending.limit(facts.of("limits", "as").orElse(name()), limit, value, wrong, facts.of("limits", "file").orElseThrow()));
    }
}
