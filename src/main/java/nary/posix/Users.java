package nary.posix;

import java.util.List;
import java.util.Optional;

/** Accounts and groups, wherever the system keeps them (files, LDAP): getpwnam_r(3), getgrnam_r(3), getgrouplist(3). */
public interface Users {

    /** Empty if there is no such account. */
    Optional<Account> account(String name) throws OsException;

    Optional<Account> account(int uid) throws OsException;

    record Account(String name, int uid, int gid, String home, String shell) {}

    /** The number of a group; empty if there is none of this name. */
    Optional<Integer> group(String name) throws OsException;

    /** All groups of an account, {@code gid} included. */
    List<Integer> groupsOf(String name, int gid) throws OsException;

    /** Effective group id of this process. */
    int gid();
}
