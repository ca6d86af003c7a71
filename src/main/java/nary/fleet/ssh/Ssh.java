package nary.fleet.ssh;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Semaphore;
import nary.fleet.Host;
import org.jspecify.annotations.Nullable;

/**
 * Servers over the system's OpenSSH, one multiplexed connection each. ssh_config, agent, jump hosts and known_hosts are honoured; no question
 * is ever asked. The connections' control sockets are in a folder of this run that only its user can enter.
 */
public final class Ssh implements Remotes {
    /** A login is the dearest part of a command: so many at once keep each within its limit, however many servers there are. */
    private static final int MOST_LOGINS = 16;

    private final SshSettings settings;
    private final Semaphore logins = new Semaphore(MOST_LOGINS, true);
    private final Map<Host, Remote> links = new HashMap<>();
    private final Thread atExit = Thread.ofPlatform().unstarted(this::end);
    private @Nullable ControlFolder folder;

    public Ssh(SshSettings settings) {
        this.settings = settings;
        Runtime.getRuntime().addShutdownHook(atExit);
    }

    @Override
    public synchronized Remote to(Host host) {
        return links.computeIfAbsent(host, it -> new ShellRemote(new SshLink(it, settings, folder().next(), logins), true));
    }

    private ControlFolder folder() {
        try {
            if (folder == null) folder = ControlFolder.create();
            return folder;
        } catch (IOException e) {
            throw new UncheckedIOException("no folder for the sockets of ssh can be made: " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        end();
        try {
            Runtime.getRuntime().removeShutdownHook(atExit);
        } catch (IllegalStateException e) {
            // the JVM ends: the hook has run or runs
        }
    }

    /** All at once: each may take a moment. */
    private void end() {
        Map<Host, Remote> ending;
        synchronized (this) {
            ending = Map.copyOf(links);
            links.clear();
        }
        var threads = ending.values().stream().map(link -> Thread.ofVirtual().name("end " + link.host().name()).start(link::close)).toList();
        boolean isInterrupted = Thread.interrupted();
        try {
            for (Thread thread : threads) thread.join();
        } catch (InterruptedException e) {
            isInterrupted = true;
        }
        if (isInterrupted) Thread.currentThread().interrupt();
        synchronized (this) {
            if (folder != null) folder.close();
            folder = null;
        }
    }
}
