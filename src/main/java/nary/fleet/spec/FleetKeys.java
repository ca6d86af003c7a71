package nary.fleet.spec;

import java.util.List;

/** Every key of a fleet file, once: the schema and docs/fleet/keys.md are made from these rows. */
final class FleetKeys {
    private FleetKeys() {}

    /** What a key holds. */
    enum Shape {
        TEXT,
        /** Texts, or one of them. */
        TEXTS,
        NUMBER,
        FLAG,
        DURATION,
        /** A number, or a percentage of the servers. */
        SHARE,
        SERVERS,
        BUILDS,
        ENVIRONMENTS,
        APP,
        COMMANDS,
        HEALTH,
        STRATEGY,
        HOOKS,
        BALANCERS,
        CALL,
        PREPARE,
        FOLDERS,
        /** Names and values. */
        HEADERS
    }

    /** @param example or default, for people; may be empty */
    record Key(String name, Shape shape, String about, String example) {}

    /** @param title of its table */
    record Group(String title, List<Key> keys) {}

    static final Group FILE = new Group("The file", List.of(
            key("builds", Shape.BUILDS, "the packages and where they go; required", ""),
            key("$schema", Shape.TEXT, "for editors", "docs/fleet.schema.json")));

    static final Group BUILD = new Group("A build", List.of(
            key("name", Shape.TEXT, "its name, without case; required", "\"MyWebsite (Pkg)\""),
            key("teamProject", Shape.TEXT, "kept for others, not used", ""),
            key("needs", Shape.TEXTS, "builds that come before it", "[ \"db\" ]"),
            key("environments", Shape.ENVIRONMENTS, "where it goes; required", "")));

    static final Group ENVIRONMENT = new Group("An environment", List.of(
            key("name", Shape.TEXT, "its name, without case; required", "\"QA\""),
            key("servers", Shape.SERVERS, "names, or objects; without any the command runs once on the operator's machine", "[ \"web1\", { \"host\": \"web2\" } ]")));

    static final Group SETTINGS = new Group("Settings of an environment, a build, or the file; the nearest counts", List.of(
            key("package", Shape.TEXT, "what is deployed: a folder, .tar.gz, .tgz, .zip or .jar", "\"build/web.tar.gz\""),
            key("parameters", Shape.TEXT, "a file that goes with the release; its path is in NARY_PARAMETERS", "\"qa.env\""),
            key("command", Shape.TEXTS, "the package's own command: once here where there are no servers, else on each server in the release, before it is started", "[ \"./deploy\" ]"),
            key("arguments", Shape.TEXTS, "after the command", ""),
            key("directory", Shape.TEXT, "on the servers; absolute, or below the home directory", "/srv/ and the build's name"),
            key("shared", Shape.TEXTS, "paths that all releases share", "[ \"uploads\" ]"),
            key("app", Shape.APP, "how nary runs it: command, and the options of nary start without their dashes", "{ \"command\": [ \"node\", \"server.js\" ], \"worker-count\": 2 }"),
            key("in-place", Shape.FLAG, "nary replaces the workers where they are: nothing is taken out of rotation", "false"),
            key("commands", Shape.COMMANDS, "stop and start of a site that nary does not run", "{ \"stop\": [ \"systemctl\", \"stop\", \"web\" ] }"),
            key("site", Shape.TEXT, "builds of one site share one removal and one stop", ""),
            key("health", Shape.HEALTH, "asked on the server itself", "{ \"url\": \"http://127.0.0.1:8080/health\" }"),
            key("loadBalancers", Shape.BALANCERS, "a server is out when all of them agree", ""),
            key("strategy", Shape.STRATEGY, "how the servers are gone through", "{ \"batch\": \"25%\" }"),
            key("waitSeconds", Shape.DURATION, "for a balancer that cannot be asked: how long it takes to notice", "30"),
            key("hooks", Shape.HOOKS, "commands of yours", "{ \"afterDeploy\": [ \"./announce\" ] }"),
            key("prepare", Shape.PREPARE, "what the servers must have; nary fleet check looks, nary fleet prepare makes it so", "{ \"user\": \"shop\" }"),
            key("nary", Shape.TEXT, "the command on the servers", "nary")));

    static final Group SERVER = new Group("A server", List.of(
            key("host", Shape.TEXT, "what ssh connects to; required", "\"web1.example.org\""),
            key("name", Shape.TEXT, "for people, and the balancer", "the host"),
            key("user", Shape.TEXT, "whom to log in as", "as ssh_config says"),
            key("port", Shape.NUMBER, "of its sshd", "as ssh_config says"),
            key("address", Shape.TEXT, "its name or ADDRESS:PORT in the balancer", "its name"),
            key("weight", Shape.NUMBER, "percent of what the balancer has configured", "100")));

    static final Group STRATEGY = new Group("strategy", List.of(
            key("batch", Shape.SHARE, "servers at once", "1"),
            key("canary", Shape.TEXT, "the server that goes first and alone", ""),
            key("maxFailures", Shape.SHARE, "servers that may fail and go back while the others go on", "0"),
            key("minHealthy", Shape.SHARE, "servers that must be up beside the one that is taken out", "1"),
            key("drainTimeout", Shape.DURATION, "how long requests under way may take", "30"),
            key("stopTimeout", Shape.DURATION, "until nothing of the site is left", "60"),
            key("upTimeout", Shape.DURATION, "until the balancer sees it up", "60"),
            key("soak", Shape.DURATION, "how long it is watched before the next", "0")));

    static final Group HEALTH = new Group("health", List.of(
            key("url", Shape.TEXT, "asked on the server; 200 to 299, and its head or body names the release; {name}, {address} and {behind} are the server's", ""),
            key("command", Shape.TEXTS, "run in the release on the server; exits with 0, and its output names the release", ""),
            key("namesRelease", Shape.FLAG, "false: any good answer will do", "true"),
            key("timeout", Shape.DURATION, "within which it must be healthy", "60")));

    static final Group COMMANDS = new Group("commands", List.of(
            key("stop", Shape.TEXTS, "run in the home directory there", ""), key("start", Shape.TEXTS, "run in the release there; must not mind that it runs already", "")));

    static final Group HOOKS = new Group("hooks", List.of(
            key("beforeDeploy", Shape.TEXTS, "here, once, before anything is changed; a failure ends the run", ""),
            key("afterDeploy", Shape.TEXTS, "here, once, when all is done", ""),
            key("onFailure", Shape.TEXTS, "here, once, when all was undone", ""),
            key("beforeStop", Shape.TEXTS, "on each server, before its site is stopped", ""),
            key("afterStart", Shape.TEXTS, "on each server, when it is healthy and not yet in rotation", "")));

    static final Group BALANCER = new Group("loadBalancers", List.of(
            key("type", Shape.TEXT, "haproxy, monitor-file, http or exec; required", ""),
            key("name", Shape.TEXT, "for messages and journals", "the type"),
            key("socket", Shape.TEXT, "haproxy: its stats socket, a path or HOST:PORT", ""),
            key("host", Shape.TEXT, "haproxy: through ssh, where the socket is", "here"),
            key("backends", Shape.TEXTS, "haproxy: in which the server is", "all that have it"),
            key("file", Shape.TEXT, "monitor-file: its path on the server", ""),
            key("out", Shape.CALL, "http: a call; exec: a command; takes the server out", ""),
            key("in", Shape.CALL, "the same, brings it back", ""),
            key("probe", Shape.CALL, "the same, says whether it is in", ""),
            key("waitSeconds", Shape.DURATION, "how long it takes to notice; at most, where it can be asked", "30")));

    static final Group CALL = new Group("A call of http", List.of(
            key("method", Shape.TEXT, "", "GET"),
            key("url", Shape.TEXT, "may hold {name}, {address}, {behind}, {weight}, {env:NAME}; required", ""),
            key("headers", Shape.HEADERS, "names and values", ""),
            key("body", Shape.TEXT, "", ""),
            key("statuses", Shape.TEXTS, "that are expected", "200 to 299"),
            key("expect", Shape.TEXT, "a regular expression that must be found in the answer", "")));

    static final Group PREPARE = new Group("prepare", List.of(
            key("user", Shape.TEXT, "whom the app runs as; DOMAIN\\\\user too", "the app's \"user\""),
            key("groups", Shape.TEXTS, "that the user must be in", "[ \"www-data\" ]"),
            key("folders", Shape.FOLDERS, "with owner and rights", ""),
            key("limits", Shape.HEADERS, "of the user, as in limits.conf, soft and hard", "{ \"nofile\": 65536 }"),
            key("packages", Shape.TEXTS, "of the server's own package manager, the runtime for one", "[ \"nodejs\" ]"),
            key("freeMegabytes", Shape.NUMBER, "that the disk must have for a release", "500")));

    static final Group FOLDER = new Group("A folder of prepare", List.of(
            key("path", Shape.TEXT, "absolute; required", "\"/var/lib/shop\""),
            key("owner", Shape.TEXT, "", "as it is"),
            key("group", Shape.TEXT, "", "as it is"),
            key("mode", Shape.TEXT, "octal", "\"0750\"")));

    static final List<Group> ALL = List.of(FILE, BUILD, ENVIRONMENT, SETTINGS, SERVER, STRATEGY, HEALTH, COMMANDS, HOOKS, PREPARE, FOLDER, BALANCER, CALL);

    private static Key key(String name, Shape shape, String about, String example) {
        return new Key(name, shape, about, example);
    }
}
