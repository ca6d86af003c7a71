package nary.posix.sim;

import java.util.List;
import java.util.Optional;
import nary.posix.Users;

/** root and nobody, each in a group of its own. */
final class SimUsers implements Users {
    private static final List<Account> ACCOUNTS =
            List.of(new Account("root", 0, 0, "/root", "/bin/sh"), new Account("nobody", 65534, 65534, "/nonexistent", "/usr/sbin/nologin"));

    private final SimKernel kernel;

    SimUsers(SimKernel kernel) {
        this.kernel = kernel;
    }

    @Override
    public Optional<Account> account(String name) {
        return ACCOUNTS.stream().filter(account -> account.name().equals(name)).findFirst();
    }

    @Override
    public Optional<Account> account(int uid) {
        return ACCOUNTS.stream().filter(account -> account.uid() == uid).findFirst();
    }

    @Override
    public Optional<Integer> group(String name) {
        return account(name.equals("nogroup") ? "nobody" : name).map(Account::gid);
    }

    @Override
    public List<Integer> groupsOf(String name, int gid) {
        return List.of(gid);
    }

    @Override
    public int gid() {
        return kernel.uid;
    }
}
