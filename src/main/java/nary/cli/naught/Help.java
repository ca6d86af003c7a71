package nary.cli.naught;

import java.util.List;

/** The help pages. */
final class Help {
    static final List<String> VERBS = List.of("start", "stop", "status", "deploy", "deploy-abort", "version", "help");

    private Help() {}

    /** Of all commands where there is none of this name. */
    static List<String> of(String verb) {
        return switch (verb) {
            case "start" -> START.lines().toList();
            case "stop" -> STOP.lines().toList();
            case "status" -> STATUS.lines().toList();
            case "deploy" -> DEPLOY.lines().toList();
            case "deploy-abort" -> ABORT.lines().toList();
            case "version" -> VERSION.lines().toList();
            case "help" -> HELP.lines().toList();
            default -> VERBS.stream().flatMap(each -> of(each).stream()).toList();
        };
    }

    private static final String START =
            """
            naught start [options] server.js [script-options]

                Starts server.js as a daemon, with script-options as its arguments, and returns
                when all its workers have said 'online'.

                What the workers write goes to the files --stdout and --stderr, naught's events
                to --log. /dev/null as a file discards it. A file that grows beyond
                --max-log-size is renamed with the time and compressed, and a new one is begun.

                With --daemon-mode false the command stays in the foreground: SIGHUP deploys,
                SIGTERM and SIGINT stop, and - as a file is this command's own stream.

                Options and their defaults:

                    --worker-count 1          auto: one for each CPU
                    --ipc-file naught.ipc
                    --pid-file naught.pid     relative to --cwd
                    --log naught.log
                    --stdout stdout.log
                    --stderr stderr.log
                    --max-log-size 10485760
                    --cwd .
                    --daemon-mode true
                    --remove-old-ipc false    true: a dead ipc-file is removed first
                    --node-args ''

                Of nary, in seconds, fractions allowed:

                    --boot-timeout none       until a worker must have said 'online'
                    --drain-timeout 30        until open connections of an old worker are left
                    --idle-grace 5            until a quiet connection counts as idle
                    --stop-timeout none       from 'shutdown' until a worker is killed
            """;

    private static final String STOP =
            """
            naught stop [options] [ipc-file]

                Stops the server that has the ipc-file (naught.ipc): every worker is sent
                'shutdown', and its end is waited for.

                Options and their defaults:

                    --timeout none            seconds; then the workers are killed
                    --pid-file naught.pid
            """;

    private static final String STATUS =
            """
            naught status [ipc-file]

                Says how many workers are online, or what is going on. The ipc-file is
                naught.ipc unless it is named.
            """;

    private static final String DEPLOY =
            """
            naught deploy [options] [ipc-file]

                Replaces the workers by new ones with the code that is there now, dropping no
                connection: all new workers are online before any old one hears 'shutdown'.
                Fails one of them, the old ones go on as before. Ctrl+C aborts.

                Options and their defaults:

                    --worker-count 0          0 keeps the number; auto: one for each CPU
                    --override-env true       hands this command's environment to the workers;
                                              what is missing in it stays as it was
                    --timeout none            seconds; then the deploy is aborted
                    --cwd .                   the directory of the new workers; the path of the
                                              script stays as it was given to start
            """;

    private static final String ABORT =
            """
            naught deploy-abort [ipc-file]

                Aborts the deploy that hangs, because a new worker never says 'online' or an old
                one does not end after 'shutdown'. The ipc-file is naught.ipc unless it is named.
            """;

    private static final String VERSION =
            """
            naught version

                Prints the version of naught that this program stands in for.
            """;

    private static final String HELP =
            """
            naught help [cmd]

                Shows the help on a command, or on all.
            """;
}
