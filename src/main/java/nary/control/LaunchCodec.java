package nary.control;

import static nary.control.Fields.seconds;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import nary.config.Batch;
import nary.config.Launch;
import nary.config.Origin;
import nary.config.Personality;
import nary.config.Policy;
import nary.config.Readiness;
import nary.config.Release;
import nary.config.ServiceManager;
import nary.config.Settings;
import nary.config.Strategy;
import nary.config.Variables;
import nary.posix.Address;
import org.jspecify.annotations.Nullable;

/** {@link Launch} as one JSON line, from the command to the daemon. */
public final class LaunchCodec {
    private LaunchCodec() {}

    public static String encode(Launch launch) {
        return Json.write(map(launch));
    }

    static Map<String, @Nullable Object> map(Launch launch) {
        return Fields.map(
                "release", release(launch.release()),
                "settings", settings(launch.settings()),
                "files", files(launch.files()),
                "output", OutputCodec.encode(launch.output()),
                "confinement", ConfinementCodec.encode(launch.confinement()),
                "manager", launch.manager().map(LaunchCodec::manager).orElse(null),
                "typed", launch.typed(),
                "hooks", HooksCodec.encode(launch.hooks()));
    }

    private static Map<String, @Nullable Object> release(Release release) {
        return Fields.map(
                "command", release.command(),
                "directory", release.directory(),
                "physical", release.physical(),
                "variables", variables(release.variables()),
                "settings", release.settings().map(LaunchCodec::settings).orElse(null),
                "origin", release.origin().map(LaunchCodec::origin).orElse(null));
    }

    static Map<String, @Nullable Object> variables(Variables variables) {
        return Fields.map("inherited", variables.inherited(), "files", variables.files(), "fromFiles", variables.fromFiles(), "set", variables.set());
    }

    static Map<String, @Nullable Object> origin(Origin origin) {
        return Fields.map("file", origin.file(), "app", origin.app(), "said", origin.said());
    }

    static Map<String, @Nullable Object> settings(Settings settings) {
        return Fields.map(
                "workerCount", settings.workerCount(),
                "ready", settings.readiness().text(),
                "bootTimeout", seconds(settings.bootTimeout()),
                "settle", seconds(settings.settle()),
                "drainTimeout", seconds(settings.drainTimeout()),
                "idleGrace", seconds(settings.idleGrace()),
                "stopTimeout", seconds(settings.stopTimeout()),
                "stopSignal", settings.stopSignal(),
                "backlog", settings.backlog(),
                "ports", settings.ports(),
                "listen", settings.listen().stream().map(LaunchCodec::address).toList(),
                "takeover", settings.takeover().name().toLowerCase(Locale.ROOT),
                "nodePreload", settings.nodePreload().name().toLowerCase(Locale.ROOT),
                "policy", policy(settings.policy()));
    }

    private static Map<String, @Nullable Object> policy(Policy policy) {
        return Fields.map(
                "strategy", policy.strategy().text(),
                "batch", policy.batch().text(),
                "respawn", policy.respawn().text(),
                "onCrash", policy.onCrash().text(),
                "stallTimeout", seconds(policy.stallTimeout()),
                "watchdog", seconds(policy.watchdog()),
                "hangSignal", policy.hangSignal().orElse(null),
                "personality", policy.personality().text(),
                "expiry", ExpiryCodec.encode(policy.expiry()));
    }

    private static Map<String, @Nullable Object> address(Address address) {
        return Fields.map("ip", address.ip(), "port", address.port(), "v6only", address.v6only());
    }

    private static Map<String, @Nullable Object> files(Launch.Files files) {
        return Fields.map("ipc", files.ipc(), "pid", files.pid(), "log", files.log(), "stdout", files.stdout(), "stderr", files.stderr());
    }

    private static Map<String, @Nullable Object> manager(ServiceManager manager) {
        return Fields.map("socket", manager.socket(), "watchdog", seconds(manager.watchdog()));
    }

    private static ServiceManager decodeManager(Fields in) throws WireException {
        return new ServiceManager(in.text("socket"), in.optionalSeconds("watchdog"));
    }

    public static Launch decode(String line) throws WireException {
        return decode(Fields.parse(line));
    }

    static Launch decode(Fields in) throws WireException {
        return new Launch(
                decodeRelease(in.object("release")),
                decodeSettings(in.object("settings")),
                decodeFiles(in.object("files")),
                OutputCodec.decode(in.object("output")),
                ConfinementCodec.decode(in.object("confinement")),
                in.has("manager") ? Optional.of(decodeManager(in.object("manager"))) : Optional.empty(),
                in.texts("typed"),
                HooksCodec.decode(in.object("hooks")));
    }

    private static Release decodeRelease(Fields in) throws WireException {
        return new Release(
                in.texts("command"),
                in.text("directory"),
                in.text("physical"),
                decodeVariables(in.object("variables")),
                in.has("settings") ? Optional.of(decodeSettings(in.object("settings"))) : Optional.empty(),
                in.has("origin") ? Optional.of(decodeOrigin(in.object("origin"))) : Optional.empty());
    }

    static Variables decodeVariables(Fields in) throws WireException {
        return new Variables(in.textMap("inherited"), in.texts("files"), in.textMap("fromFiles"), in.textMap("set"));
    }

    static Origin decodeOrigin(Fields in) throws WireException {
        return new Origin(in.text("file"), in.text("app"), in.texts("said"));
    }

    static Settings decodeSettings(Fields in) throws WireException {
        try {
            return new Settings(
                    in.integer("workerCount"),
                    Readiness.parse(in.text("ready")),
                    in.optionalSeconds("bootTimeout"),
                    in.seconds("settle"),
                    in.seconds("drainTimeout"),
                    in.optionalSeconds("idleGrace"),
                    in.optionalSeconds("stopTimeout"),
                    in.integer("stopSignal"),
                    in.integer("backlog"),
                    ports(in),
                    addresses(in),
                    Settings.Takeover.valueOf(in.text("takeover").toUpperCase(Locale.ROOT)),
                    Settings.NodePreload.valueOf(in.text("nodePreload").toUpperCase(Locale.ROOT)),
                    decodePolicy(in.object("policy")));
        } catch (IllegalArgumentException e) {
            throw new WireException(String.valueOf(e.getMessage()));
        }
    }

    private static Policy decodePolicy(Fields in) throws WireException {
        return new Policy(
                Strategy.parse(in.text("strategy")),
                Batch.parse(in.text("batch")),
                Policy.Respawn.parse(in.text("respawn")),
                Policy.OnCrash.parse(in.text("onCrash")),
                in.optionalSeconds("stallTimeout"),
                in.optionalSeconds("watchdog"),
                in.has("hangSignal") ? Optional.of(in.integer("hangSignal")) : Optional.empty(),
                Personality.parse(in.text("personality")),
                ExpiryCodec.decode(in.object("expiry")));
    }

    private static List<Integer> ports(Fields in) throws WireException {
        List<Integer> ports = new ArrayList<>();
        for (Object each : in.list("ports")) ports.add(new Fields(Fields.map("port", each)).integer("port"));
        return ports;
    }

    private static List<Address> addresses(Fields in) throws WireException {
        List<Address> addresses = new ArrayList<>();
        for (Object each : in.list("listen")) {
            Fields address = Fields.of(each);
            addresses.add(new Address(address.text("ip"), address.integer("port"), address.bool("v6only")));
        }
        return addresses;
    }

    private static Launch.Files decodeFiles(Fields in) throws WireException {
        return new Launch.Files(in.text("ipc"), in.text("pid"), in.text("log"), in.text("stdout"), in.text("stderr"));
    }
}
