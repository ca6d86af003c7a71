package nary.config;

import java.util.Map;

/** Keys that people know from pm2's ecosystem file and from compose, and what says the same here. */
final class Foreign {
    static final Map<String, String> KEYS = Map.ofEntries(
            Map.entry("services", "'apps', with a 'command' in each"),
            Map.entry("script", "'command', with the arguments: command: node server.js"),
            Map.entry("args", "part of 'command'"),
            Map.entry("interpreter", "part of 'command'"),
            Map.entry("interpreter_args", "part of 'command'"),
            Map.entry("node_args", "part of 'command'"),
            Map.entry("entrypoint", "'command'"),
            Map.entry("instances", "'worker-count'"),
            Map.entry("replicas", "'worker-count'"),
            Map.entry("scale", "'worker-count'"),
            Map.entry("workers", "'worker-count'"),
            Map.entry("environment", "'env'"),
            Map.entry("env_file", "'env-file'"),
            Map.entry("working_dir", "'cwd'"),
            Map.entry("out_file", "'stdout'"),
            Map.entry("error_file", "'stderr'"),
            Map.entry("kill_timeout", "'stop-timeout'"),
            Map.entry("stop_grace_period", "'stop-timeout'"),
            Map.entry("listen_timeout", "'boot-timeout'"),
            Map.entry("wait_ready", "'ready: online'"),
            Map.entry("exec_mode", "not needed; 'strategy: replace' for an app that cannot run twice"),
            Map.entry("stop_signal", "'stop-signal'"),
            Map.entry("ulimits", "'limit'"),
            Map.entry("uid", "'user'"),
            Map.entry("gid", "'group'"),
            Map.entry("ports", "'port'"),
            Map.entry("autorestart", "'respawn'"),
            Map.entry("restart", "'respawn'"),
            Map.entry("max_memory_restart", "'max-memory'"),
            Map.entry("cron_restart", "'cron'"),
            Map.entry("pid_file", "'pid-file'"),
            Map.entry("daemon-mode", "no key, since it is about the command: nary start --daemon-mode false"));

    private Foreign() {}
}
