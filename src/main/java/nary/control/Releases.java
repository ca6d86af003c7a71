package nary.control;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import nary.config.ConfigException;
import nary.config.Launch;
import nary.config.Policy;
import nary.config.Release;
import nary.config.Settings;
import nary.config.Variables;

/** From one release of an app to the next. */
final class Releases {
    /** What {@code --user} sets. */
    private static final Set<String> OF_ACCOUNT = Set.of("HOME", "USER", "LOGNAME", "SHELL");

    private final Launch launch;

    Releases(Launch launch) {
        this.launch = launch;
    }

    /** @param fromFiles what the files of variables hold now; @throws IllegalArgumentException if it cannot be */
    Release changed(Release current, DeployChange change, Map<String, String> fromFiles) {
        if (change.sameVersion()) return current;
        Optional<Definition> its = change.definition();
        its.ifPresent(definition -> requireSameLife(definition.settings(), launch.settings()));
        String directory = change.directory().or(() -> its.map(Definition::directory)).orElse(current.directory());
        Variables old = current.variables();
        Variables redefined = its.map(definition -> old.redefined(definition.files(), definition.set())).orElse(old);
        Variables wished = redefined.takingOver(inherited(change)).setting(change.environment());
        return new Release(
                its.map(Definition::command).orElse(current.command()),
                directory,
                Release.physical(directory),
                new Variables(wished.inherited(), wished.files(), fromFiles, wished.set()),
                its.map(Definition::settings).or(current::settings),
                its.map(Definition::origin).or(current::origin));
    }

    /** Who deploys need not be who the workers are. */
    private Map<String, String> inherited(DeployChange change) {
        Map<String, String> inherited = new HashMap<>(change.inherited());
        if (launch.confinement().identity().isPresent()) inherited.keySet().removeAll(OF_ACCOUNT);
        return inherited;
    }

    private static void requireSameLife(Settings wished, Settings own) {
        if (!lifelong(wished).equals(lifelong(own)))
            throw new IllegalArgumentException("the app's file has changed in what needs a new start: stop the app and start it");
    }

    private static List<Object> lifelong(Settings settings) {
        Policy policy = settings.policy();
        return List.of(
                settings.idleGrace(),
                settings.stopSignal(),
                settings.backlog(),
                settings.ports(),
                settings.listen(),
                settings.takeover(),
                settings.nodePreload(),
                policy.stallTimeout(),
                policy.hangSignal(),
                policy.expiry(),
                policy.personality());
    }

    /** What a start would be given: of the environment only what was added to the supervisor's own, PATH and JAVA_HOME; nothing that files hold. */
    Release told(Release release, Map<String, String> supervisors) {
        Variables variables = release.variables();
        Map<String, String> environment = new LinkedHashMap<>(variables.inherited());
        // what its file sets, its file says
        if (release.origin().isEmpty()) environment.putAll(variables.set());
        Map<String, String> added = new LinkedHashMap<>(environment);
        added.entrySet().removeAll(supervisors.entrySet());
        added.remove("PWD");
        if (launch.confinement().identity().isPresent()) added.keySet().removeAll(OF_ACCOUNT);
        for (String name : List.of("PATH", "JAVA_HOME")) if (environment.containsKey(name)) added.put(name, environment.get(name));
        var told = new Variables(Map.of(), variables.files(), Map.of(), added);
        return new Release(release.command(), release.directory(), release.physical(), told, release.settings(), release.origin());
    }

    static String reason(Exception e) {
        String text = String.valueOf(e.getMessage());
        return e instanceof ConfigException ? "the file of variables is wrong: " + text : text;
    }
}
