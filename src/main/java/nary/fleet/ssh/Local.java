package nary.fleet.ssh;

import java.nio.file.Path;
import nary.fleet.Host;

/** This machine as if it were the servers: for what runs once, from the operator's machine, and for tests. Nothing is to be closed. */
public final class Local implements Remotes {
    private final Path home;

    /** @param home where commands begin and relative paths lead; also their HOME */
    public Local(Path home) {
        this.home = home;
    }

    @Override
    public Remote to(Host host) {
        return new ShellRemote(new LocalLink(host, home), false);
    }

    @Override
    public void close() {}
}
