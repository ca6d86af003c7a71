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
 * @param user whom the app runs as; empty: who logs in
 * @param directory of the releases, as the fleet file has it
 * @param ports that the app is told of
 * @param programs that its user must find
 */
public record Wanted(Optional<String> user, String directory, List<Integer> ports, List<String> programs, Needs needs) {
    private static final List<String> TEMP_FOLDERS = List.of("/tmp", "/var/tmp");

    public Wanted {
        ports = List.copyOf(ports);
        programs = List.copyOf(programs);
    }

    public static Wanted of(Target target) {
        List<String> options = target.app().map(Target.App::options).orElse(List.of());
        Optional<String> user = target.needs().user().or(() -> option(options, "--user=").stream().findFirst());
        Set<String> programs = new LinkedHashSet<>();
        target.app().map(app -> app.command().getFirst()).filter(word -> !word.contains("/")).ifPresent(programs::add);
        if (target.app().isPresent()) programs.add(target.nary());
        return new Wanted(user, target.directory(), ports(options), List.copyOf(programs), target.needs());
    }

    private static List<String> option(List<String> options, String start) {
        return options.stream().filter(it -> it.startsWith(start)).map(it -> it.substring(start.length())).toList();
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
        List<String> questions = new ArrayList<>();
        user.ifPresent(it -> questions.add("user=" + it));
        for (String group : needs.groups()) questions.add("group=" + group);
        for (Needs.Folder folder : needs.folders()) questions.add("folder=" + folder.path());
        questions.add("folder=" + directory);
        for (String temp : TEMP_FOLDERS) questions.add("temp=" + temp);
        questions.add("disk=" + directory);
        for (int port : ports) questions.add("port=" + port);
        for (String program : programs) questions.add("program=" + program);
        for (String name : needs.packages()) questions.add("package=" + name);
        for (String name : needs.limits().keySet().stream().sorted().toList()) questions.add("limit=" + name);
        questions.add("kernel=");
        return questions;
    }

    /** What is compared between servers. */
    List<String> comparedQuestions() {
        List<String> questions = new ArrayList<>(questions());
        questions.removeIf(it -> it.startsWith("disk=") || it.startsWith("port="));
        questions.add("packages=");
        questions.add("variables=");
        return questions;
    }

    /** The arguments of prepare.sh after the first. */
    List<String> steps() {
        List<String> steps = new ArrayList<>();
        for (String name : needs.packages()) steps.add("package=" + name);
        needs.user().ifPresent(it -> steps.add("user=" + it));
        for (String group : needs.groups()) steps.add("member=" + needs.user().orElseThrow() + "\t" + group);
        for (Needs.Folder folder : needs.folders())
            steps.add("folder=" + String.join("\t", folder.mode().orElse("-"), folder.owner().orElse("-"), folder.group().orElse("-"), folder.path()));
        needs.limits().entrySet().stream()
                .sorted(java.util.Map.Entry.comparingByKey())
                .forEach(limit -> steps.add("limit=" + needs.user().orElseThrow() + "\t" + limit.getKey() + "\t" + limit.getValue()));
        return steps;
    }
}
