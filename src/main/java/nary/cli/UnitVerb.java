package nary.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import nary.config.ConfigException;
import nary.config.Launch;
import nary.control.Client;
import nary.control.NoDaemon;
import nary.control.Status;
import nary.posix.Users;

/** {@code nary unit}: a systemd unit that would start the running app as it is. */
final class UnitVerb implements Verb {
    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(10);
    private static final int FIRST_UNPRIVILEGED = 1024;

    @Override
    public Options options() {
        return new Options("unit", "Print a systemd unit for the app that runs: its command, directory, options and user.").app();
    }

    @Override
    public ExitCode run(Arguments arguments, Context context) throws UsageError, ConfigException, NoDaemon, IOException {
        try (Client client = Daemons.connect(arguments, context)) {
            Launch launch = client.launch(ANSWER_LIMIT);
            Status status = client.status(ANSWER_LIMIT);
            Path process = Path.of("/proc", "" + client.hello().pid());
            String launcher = System.getProperty("nary.launcher", "/usr/local/bin/nary");
            var facts = new UnitFile.Facts(launcher, user(process, context), openFiles(process), usesLowPort(status));
            for (String line : UnitFile.of(launch, facts)) context.console().out(line);
        }
        return ExitCode.DONE;
    }

    /** Empty for root. */
    private static Optional<UnitFile.User> user(Path process, Context context) throws IOException {
        int uid = (Integer) Files.getAttribute(process, "unix:uid");
        int gid = (Integer) Files.getAttribute(process, "unix:gid");
        if (uid == 0) return Optional.empty();
        Optional<Users.Account> account = context.parts().posix().get().users().account(uid);
        boolean isUsual = account.isPresent() && account.get().gid() == gid;
        return Optional.of(new UnitFile.User(account.map(Users.Account::name).orElse("" + uid), isUsual ? Optional.empty() : Optional.of(gid)));
    }

    /** Soft and hard limit, from proc(5): {@code Max open files 1024 524288 files}. */
    private static String openFiles(Path process) throws IOException {
        for (String line : Files.readAllLines(process.resolve("limits"))) {
            String[] words = line.split(" {2,}");
            if (words[0].equals("Max open files")) return (words[1] + ":" + words[2]).replace("unlimited", "infinity");
        }
        throw new IOException("no open files in " + process.resolve("limits"));
    }

    private static boolean usesLowPort(Status status) {
        return status.addresses().stream()
                .map(address -> address.substring(address.lastIndexOf(':') + 1).replaceFirst("/.*", ""))
                .anyMatch(port -> Integer.parseInt(port) < FIRST_UNPRIVILEGED);
    }
}
