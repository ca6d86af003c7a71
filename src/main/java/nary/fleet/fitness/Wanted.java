package nary.fleet.fitness;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import nary.fleet.spec.Needs;
import nary.fleet.spec.Target;

/**
 * What one build needs of each of its servers.
 *
 * @param environment its name, for commands of nary
 * @param user whom the app runs as; empty: who logs in
 * @param directory of the releases, as the fleet file has it
 * @param tempFolders that the user must be able to list and to write to
 * @param ports that the app is told of
 * @param programs that the user must find
 * @param tools that who logs in must find
 * @param takesOver nary answers the app's bind and listen, which takes something of the kernel
 */
public record Wanted(
        String environment,
        Optional<String> user,
        String directory,
        List<String> tempFolders,
        List<Integer> ports,
        List<String> programs,
        List<String> tools,
        boolean takesOver,
        Needs needs) {
    private static final List<String> TEMP_FOLDERS = List.of("/tmp", "/var/tmp");
    private static final List<String> TEMP_VARIABLES = List.of("TMPDIR", "TEMP", "TMP");
    private static final String NONE = "-";

    public Wanted {
        tempFolders = List.copyOf(tempFolders);
        ports = List.copyOf(ports);
        programs = List.copyOf(programs);
        tools = List.copyOf(tools);
    }

    public static Wanted of(Target target) {
        List<String> options = target.app().map(Target.App::options).orElse(List.of());
        Optional<String> user = target.needs().user().or(() -> option(options, "--user=").stream().findFirst());
        List<String> programs = target.app().map(app -> app.command().getFirst()).filter(word -> !word.contains("/")).stream().toList();
        List<String> tools = target.app().isPresent() ? List.of(target.nary()) : List.of();
        boolean takesOver = target.app().isPresent() && !options.contains("--takeover=off");
        return new Wanted(target.environment(), user, target.directory(), tempFolders(options), ports(options), programs, tools, takesOver, target.needs());
    }

    private static List<String> option(List<String> options, String start) {
        return options.stream().filter(it -> it.startsWith(start)).map(it -> it.substring(start.length())).toList();
    }

    /** The usual ones, and what the app's variables name. */
    private static List<String> tempFolders(List<String> options) {
        Set<String> folders = new LinkedHashSet<>(TEMP_FOLDERS);
        for (String variable : TEMP_VARIABLES) option(options, "--env=" + variable + "=").stream().filter(it -> it.startsWith("/")).forEach(folders::add);
        return List.copyOf(folders);
    }

    private static List<Integer> ports(List<String> options) {
        List<Integer> ports = new ArrayList<>();
        for (String listen : option(options, "--listen=")) number(listen.substring(listen.lastIndexOf(':') + 1)).ifPresent(ports::add);
        for (String port : option(options, "--port=")) number(port).ifPresent(ports::add);
        return ports.stream().distinct().toList();
    }

    private static Optional<Integer> number(String text) {
        return text.matches("[0-9]{1,5}") ? Optional.of(Integer.valueOf(text)) : Optional.empty();
    }

    /** The arguments of check.sh; the user first, for the rest is asked as that. */
    List<String> questions() {
        List<String> questions = lasting();
        questions.add("disk=" + directory);
        for (int port : ports) questions.add("port=" + port);
        if (takesOver) questions.add("kernel=");
        return questions;
    }

    /** What is compared between servers. */
    List<String> comparedQuestions() {
        List<String> questions = lasting();
        questions.addAll(List.of("groups=", "kernel=", "packages=", "variables="));
        return questions;
    }

    /** What does not change from one moment to the next. */
    private List<String> lasting() {
        List<String> questions = new ArrayList<>();
        user.ifPresent(it -> questions.add("user=" + it));
        for (String group : needs.groups()) questions.add("group=" + group);
        for (Needs.Folder folder : needs.folders()) questions.add("folder=" + String.join("\t", folder.path(), folder.owner().orElse(NONE), folder.group().orElse(NONE)));
        questions.add("folder=" + String.join("\t", directory, NONE, NONE));
        for (String temp : tempFolders) questions.add("temp=" + temp);
        questions.add("manager=");
        for (String program : programs) questions.add("program=" + program);
        for (String tool : tools) questions.add("tool=" + tool);
        for (String name : needs.packages()) questions.add("package=" + name);
        if (!needs.limits().isEmpty()) questions.add("limits=");
        for (String name : needs.limits().keySet().stream().sorted().toList()) questions.add("limit=" + name);
        return questions;
    }

    /** The arguments of prepare.sh after the first. */
    List<String> steps() {
        List<String> steps = new ArrayList<>();
        for (String name : needs.packages()) steps.add("package=" + name);
        user.ifPresent(it -> steps.add("user=" + it));
        for (String group : needs.groups()) steps.add("member=" + user.orElseThrow() + "\t" + group);
        for (Needs.Folder folder : needs.folders())
            steps.add("folder=" + String.join("\t", folder.mode().orElse(NONE), folder.owner().orElse(NONE), folder.group().orElse(NONE), folder.path()));
        for (String name : needs.limits().keySet().stream().sorted().toList()) steps.add("limit=" + user.orElseThrow() + "\t" + name + "\t" + needs.limits().get(name));
        return steps;
    }
}
