package nary.it;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.sshd.common.channel.Channel;
import org.apache.sshd.common.keyprovider.FileKeyPairProvider;
import org.apache.sshd.common.session.Session;
import org.apache.sshd.server.Environment;
import org.apache.sshd.server.ExitCallback;
import org.apache.sshd.server.SshServer;
import org.apache.sshd.server.auth.pubkey.AcceptAllPublickeyAuthenticator;
import org.apache.sshd.server.channel.ChannelSession;
import org.apache.sshd.server.channel.ChannelSessionFactory;
import org.apache.sshd.server.command.Command;

/** Many servers in this process: {@code web1} on 127.0.2.1, {@code web2} on 127.0.2.2, …, each with a home folder of its own in which the shell runs what is asked. */
final class SimulatedServers implements AutoCloseable {
    /** One network's worth. */
    static final int MOST = 250;

    private final Path folder;
    private final int count;
    private final SshServer sshd = SshServer.setUpDefaultServer();
    private final AtomicInteger commands = new AtomicInteger();
    private final AtomicInteger running = new AtomicInteger();
    private final AtomicInteger most = new AtomicInteger();

    private SimulatedServers(Path folder, int count) {
        this.folder = folder;
        this.count = count;
    }

    /** @param count 1 to {@link #MOST} */
    static SimulatedServers start(int count) throws Exception {
        Path folder = Files.createTempDirectory("nary-sim-").toRealPath();
        for (int i = 1; i <= count; i++) Files.createDirectories(folder.resolve("web" + i));
        for (String key : List.of("host_key", "id")) Distribution.shell("ssh-keygen -q -t ecdsa -N '' -C nary-test -f '" + folder.resolve(key) + "'");
        Distribution.hand(folder.resolve("id"));
        var servers = new SimulatedServers(folder, count);
        servers.listen();
        servers.writeClientFiles();
        return servers;
    }

    private void listen() throws IOException {
        sshd.setHost("0.0.0.0");
        sshd.setPort(0);
        sshd.setKeyPairProvider(new FileKeyPairProvider(folder.resolve("host_key")));
        sshd.setPublickeyAuthenticator(AcceptAllPublickeyAuthenticator.INSTANCE);
        sshd.setCommandFactory((channel, line) -> new Shell(folder.resolve("web" + number(channel)), line));
        sshd.setChannelFactories(List.of(new ChannelSessionFactory() {
            @Override
            public Channel createChannel(Session session) {
                return new OrderedChannel();
            }
        }));
        sshd.start();
    }

    /** Which server it is, is told by the address that it was reached at. */
    private static int number(ChannelSession channel) {
        var address = (InetSocketAddress) channel.getSession().getIoSession().getLocalAddress();
        return address.getAddress().getAddress()[3] & 0xff;
    }

    private void writeClientFiles() throws IOException {
        var config = new StringBuilder();
        var known = new StringBuilder();
        String[] key = Files.readString(folder.resolve("host_key.pub")).split(" ");
        for (int i = 1; i <= count; i++) {
            config.append("Host web").append(i).append("\n  HostName 127.0.2.").append(i).append("\n  Port ").append(sshd.getPort()).append("\n\n");
            known.append("[127.0.2.").append(i).append("]:").append(sshd.getPort()).append(' ').append(key[0]).append(' ').append(key[1]).append('\n');
        }
        config.append("""
                Host *
                  User nary
                  IdentityFile %s/id
                  IdentitiesOnly yes
                  UserKnownHostsFile %s/known_hosts
                  GlobalKnownHostsFile /dev/null
                  StrictHostKeyChecking yes
                """.formatted(folder, folder));
        Files.writeString(config(), config);
        Files.writeString(folder.resolve("known_hosts"), known);
    }

    /** For {@code ssh -F}. */
    Path config() {
        return folder.resolve("ssh_config");
    }

    List<String> names() {
        return IntStream.rangeClosed(1, count).mapToObj(it -> "web" + it).toList();
    }

    Path home(String name) {
        return folder.resolve(name);
    }

    @Override
    public void close() throws IOException {
        sshd.stop(true);
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) Files.deleteIfExists(file);
        }
    }

    /** Commands that were run on all of them, up to now. */
    int commands() {
        return commands.get();
    }

    /** The most commands that ran at a time. */
    int mostAtOnce() {
        return most.get();
    }

    private void begins() {
        commands.incrementAndGet();
        most.accumulateAndGet(running.incrementAndGet(), Math::max);
    }

    private void ends() {
        running.decrementAndGet();
    }

    /** Says how a command ended before it says that there is no more output: a client that had nothing to send closes the channel upon the latter. */
    private static final class OrderedChannel extends ChannelSession {
        @Override
        protected void closeShell(int status, boolean isImmediate) throws IOException {
            if (!isClosing()) sendExitStatus(status);
            super.closeShell(status, isImmediate);
        }
    }

    /** What a login runs, in a session of its own as under sshd. Its streams are those of the channel; a channel that is closed ends its input. */
    private final class Shell implements Command {
        private final ProcessBuilder builder;
        private InputStream in;
        private OutputStream out;
        private OutputStream err;
        private ExitCallback exit;
        private Process process;

        Shell(Path home, String line) {
            builder = new ProcessBuilder("setsid", "/bin/sh", "-c", line).directory(home.toFile());
            builder.environment().put("HOME", home.toString());
            builder.environment().put("PWD", home.toString());
        }

        @Override
        public void setInputStream(InputStream stream) {
            in = stream;
        }

        @Override
        public void setOutputStream(OutputStream stream) {
            out = stream;
        }

        @Override
        public void setErrorStream(OutputStream stream) {
            err = stream;
        }

        @Override
        public void setExitCallback(ExitCallback callback) {
            exit = callback;
        }

        @Override
        public void start(ChannelSession channel, Environment environment) throws IOException {
            process = builder.start();
            begins();
            inThread(() -> copy(in, process.getOutputStream(), true));
            Thread said = inThread(() -> copy(process.getInputStream(), out, false));
            Thread complained = inThread(() -> copy(process.getErrorStream(), err, false));
            inThread(() -> await(List.of(said, complained)));
        }

        /** Of the platform: it sits in a read, and virtual ones that do are at most 256. */
        private static Thread inThread(Runnable work) {
            return Thread.ofPlatform().daemon().start(work);
        }

        /** A stream that ends early has lost its other side: the exit status tells. */
        private static void copy(InputStream from, OutputStream to, boolean isClosed) {
            byte[] buffer = new byte[32 * 1024];
            try {
                for (int n = from.read(buffer); n >= 0; n = from.read(buffer)) {
                    to.write(buffer, 0, n);
                    to.flush();
                }
            } catch (IOException e) {
                // as above
            } finally {
                if (isClosed) close(to);
            }
        }

        private static void close(OutputStream stream) {
            try {
                stream.close();
            } catch (IOException e) {
                // its reader has ended
            }
        }

        private void await(List<Thread> readers) {
            try {
                int status = process.waitFor();
                for (Thread reader : readers) reader.join();
                ends();
                exit.onExit(status);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        @Override
        public void destroy(ChannelSession channel) {
            if (process != null) close(process.getOutputStream());
        }
    }
}
