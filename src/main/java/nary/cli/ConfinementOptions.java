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
import nary.config.Numbers;
import nary.posix.OsException;
import nary.posix.Posix;
import nary.posix.Users.Account;

/** The options of {@code nary start} that say as whom, and within which limits, workers run. */
final class ConfinementOptions {
    private static final String USER = "--user";
    private static final String GROUP = "--group";
    private static final int GREATEST_UMASK = 0777;

    private final Given given;
    private final Supplier<Posix> posix;

    /** @param posix made only where an account is asked for */
    ConfinementOptions(Given given, Supplier<Posix> posix) {
        this.given = given;
        this.posix = posix;
    }

    Confinement read() throws UsageError, OsException {
        return new Confinement(identity(), limits(), nice(), umask());
    }

    /** What a login as the user would set. */
    Map<String, String> environment() throws UsageError, OsException {
        Optional<Account> account = account();
        return account.map(it -> Map.of("HOME", it.home(), "USER", it.name(), "LOGNAME", it.name(), "SHELL", it.shell())).orElse(Map.of());
    }

    private Optional<Identity> identity() throws UsageError, OsException {
        Optional<Account> user = account();
        Optional<Integer> group = group();
        if (user.isEmpty() && group.isEmpty()) return Optional.empty();
        int own = posix.get().processes().uid();
        Account account = user.isPresent() ? user.get() : accountOf(own);
        int gid = group.orElse(account.gid());
        // a unit or a script may name the user that it runs as anyway
        if (account.uid() == own && gid == posix.get().users().gid()) return Optional.empty();
        return Optional.of(new Identity(account.name(), account.uid(), gid, posix.get().users().groupsOf(account.name(), gid)));
    }

    /** By its name, or by its number. */
    private Optional<Account> account() throws UsageError, OsException {
        Optional<String> text = given.value(USER);
        if (text.isEmpty()) return Optional.empty();
        var users = posix.get().users();
        Optional<Account> found = users.account(text.get());
        if (found.isEmpty() && text.get().matches("[0-9]{1,9}")) found = users.account(Integer.parseInt(text.get()));
        if (found.isEmpty()) given.wrong(USER, "there is no user '" + text.get() + "' on this system");
        return found;
    }

    private Account accountOf(int uid) throws UsageError, OsException {
        return posix.get().users().account(uid).orElseThrow(() -> new UsageError(USER + ": there is no user '" + uid + "' on this system"));
    }

    private Optional<Integer> group() throws UsageError, OsException {
        Optional<String> text = given.value(GROUP);
        if (text.isEmpty()) return Optional.empty();
        Optional<Integer> found = posix.get().users().group(text.get());
        if (found.isEmpty() && text.get().matches("[0-9]{1,9}")) return Optional.of(Integer.parseInt(text.get()));
        if (found.isEmpty()) given.wrong(GROUP, "there is no group '" + text.get() + "' on this system");
        return found;
    }

    private List<Limit> limits() throws UsageError {
        List<Limit> limits = new ArrayList<>();
        for (Limit limit : given.readAll("--limit", Limit::parse)) {
            if (limits.stream().anyMatch(other -> other.name().equals(limit.name()))) given.wrong("--limit", limit.name() + " is given twice");
            else limits.add(limit);
        }
        return limits;
    }

    /** 0 is no change. */
    private Optional<Integer> nice() throws UsageError {
        return given.read("--nice", text -> Numbers.integer(text, -20, 19, "")).filter(it -> it != 0);
    }

    private Optional<Integer> umask() throws UsageError {
        return given.read("--umask", ConfinementOptions::parseUmask);
    }

    private static int parseUmask(String text) {
        boolean isOctal = text.matches("[0-7]{1,4}") && Integer.parseInt(text, 8) <= GREATEST_UMASK;
        if (isOctal) return Integer.parseInt(text, 8);
        throw new IllegalArgumentException("'" + text + "' is no file mode mask; use e.g. 0022 or 0077");
    }

    /** Refuses what cannot be had here, before anything is disturbed. @throws IOException the reason in one line */
    static void check(Confinement confinement) throws IOException, InterruptedException {
        if (!confinement.equals(Confinement.NONE)) Preflight.run(confinement);
    }
}
