package nary.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import nary.config.Confinement;
import nary.config.Confinement.Identity;
import nary.config.Confinement.Limit;
import nary.posix.OsException;
import nary.posix.Posix;
import nary.posix.Users.Account;

/** The options of {@code nary start} that say as whom, and within which limits, workers run. */
final class ConfinementOptions {
    private static final String USER = "--user";
    private static final String GROUP = "--group";
    private static final int GREATEST_UMASK = 0777;

    private final Arguments arguments;
    private final Supplier<Posix> posix;

    /** @param posix made only where an account is asked for */
    ConfinementOptions(Arguments arguments, Supplier<Posix> posix) {
        this.arguments = arguments;
        this.posix = posix;
    }

    static Options addTo(Options options) {
        return options.option(USER, "NAME", "the workers' user, with its groups, HOME, USER, LOGNAME and SHELL; nary stays what it is (default: nary's own)")
                .option(GROUP, "NAME", "the workers' group (default: the user's)")
                .repeated("--limit", "NAME=SOFT[:HARD]", "a resource limit of the workers, e.g. nofile=4096 or core=unlimited; may be repeated (default: nary's own)")
                .option("--nice", "N", "added to the workers' niceness, -20 to 19 (default 0)")
                .option("--umask", "0NNN", "the workers' file mode mask, octal (default: nary's own)");
    }

    Confinement read() throws UsageError, OsException {
        return new Confinement(identity(), limits(), nice(), umask());
    }

    /** What a login as the user would set. */
    Map<String, String> environment() throws UsageError, OsException {
        if (arguments.value(USER).isEmpty()) return Map.of();
        Account account = account(arguments.value(USER).get());
        return Map.of("HOME", account.home(), "USER", account.name(), "LOGNAME", account.name(), "SHELL", account.shell());
    }

    private Optional<Identity> identity() throws UsageError, OsException {
        Optional<String> user = arguments.value(USER);
        Optional<String> group = arguments.value(GROUP);
        if (user.isEmpty() && group.isEmpty()) return Optional.empty();
        int own = posix.get().processes().uid();
        Account account = account(user.orElse("" + own));
        int gid = group.isPresent() ? group(group.get()) : account.gid();
        // a unit or a script may name the user that it runs as anyway
        if (account.uid() == own && gid == posix.get().users().gid()) return Optional.empty();
        return Optional.of(new Identity(account.name(), account.uid(), gid, posix.get().users().groupsOf(account.name(), gid)));
    }

    /** By its name, or by its number. */
    private Account account(String text) throws UsageError, OsException {
        var users = posix.get().users();
        Optional<Account> found = users.account(text);
        if (found.isEmpty() && text.matches("[0-9]{1,9}")) found = users.account(Integer.parseInt(text));
        return found.orElseThrow(() -> new UsageError(USER + ": there is no user '" + text + "' on this system"));
    }

    private int group(String text) throws UsageError, OsException {
        Optional<Integer> found = posix.get().users().group(text);
        if (found.isEmpty() && text.matches("[0-9]{1,9}")) return Integer.parseInt(text);
        return found.orElseThrow(() -> new UsageError(GROUP + ": there is no group '" + text + "' on this system"));
    }

    private List<Limit> limits() throws UsageError {
        List<Limit> limits = new ArrayList<>();
        for (String text : arguments.values("--limit")) {
            Limit limit = Values.parse("--limit", text, Limit::parse);
            if (limits.stream().anyMatch(other -> other.name().equals(limit.name()))) throw new UsageError("--limit: " + limit.name() + " is given twice");
            limits.add(limit);
        }
        return limits;
    }

    private Optional<Integer> nice() throws UsageError {
        Optional<String> typed = arguments.value("--nice");
        return typed.isPresent() ? Optional.of(Values.integer("--nice", typed.get(), -20, 19, "")) : Optional.empty();
    }

    private Optional<Integer> umask() throws UsageError {
        Optional<String> typed = arguments.value("--umask");
        if (typed.isEmpty()) return Optional.empty();
        boolean isOctal = typed.get().matches("[0-7]{1,4}") && Integer.parseInt(typed.get(), 8) <= GREATEST_UMASK;
        if (!isOctal) throw new UsageError("--umask: '" + typed.get() + "' is no file mode mask; use e.g. 0022 or 0077");
        return Optional.of(Integer.parseInt(typed.get(), 8));
    }

    /** Refuses what cannot be had here, before anything is disturbed. @throws IOException the reason in one line */
    static void check(Confinement confinement) throws IOException, InterruptedException {
        if (!confinement.equals(Confinement.NONE)) Preflight.run(confinement);
    }
}
