package nary.listen;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import nary.id.WorkerId;
import nary.posix.Address;
import nary.posix.Fd;
import nary.posix.OsException;
import nary.posix.Posix;
import nary.posix.Sockets;
import nary.posix.ffm.LinuxPosix;
import org.junit.jupiter.api.Test;

/** Listeners of the kernel's that come and go, a thousand in some seconds, under new connections: none of these is refused or reset. */
class ClosingListenersTest {
    private static final int CLIENTS = 4;
    private static final Duration LONG = Duration.ofSeconds(8);

    private final Posix posix = LinuxPosix.create();
    private final Sockets sockets = posix.sockets();
    private final AtomicBoolean isOver = new AtomicBoolean();
    private final AtomicLong served = new AtomicLong();
    /** Connections of each client that have come to their end. */
    private final List<AtomicLong> ended = Stream.generate(AtomicLong::new).limit(CLIENTS).toList();

    private final Queue<String> lost = new ConcurrentLinkedQueue<>();

    /** Of both families: the kernel looks through the oldest of them first. */
    private final Address address = anyAddress(freePort());

    private final ListenerGroup group = new ListenerGroup(address, sockets, Optional.empty());

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static Address anyAddress(int port) {
        return Address.of(new byte[16], port, false);
    }

    @Test
    void noConnectionFindsOneThatLeaves() throws Exception {
        List<Thread> clients = new ArrayList<>();
        int closed = 0;
        try {
            WorkerId old = join(0);
            group.steer(Set.of(old));
            for (AtomicLong count : ended) clients.add(Thread.ofPlatform().daemon().start(() -> connectAgainAndAgain(count)));
            for (long end = System.nanoTime() + LONG.toNanos(); System.nanoTime() < end; closed++) {
                WorkerId next = join(closed + 1);
                group.steer(Set.of(next));
                serveWhatWasBegun();
                for (Member member : group.members()) if (member.owner.equals(old)) member.freed = true;
                group.sweep(Set.of(next));
                old = next;
            }
            isOver.set(true);
            while (clients.stream().anyMatch(Thread::isAlive)) serve();
        } finally {
            isOver.set(true);
            for (Member member : group.members()) sockets.close(member.fd);
        }
        System.out.println(closed + " listeners closed, " + served + " connections");
        assertThat(closed).isGreaterThan(100);
        assertThat(lost).isEmpty();
    }

    private WorkerId join(int generation) throws OsException {
        WorkerId worker = new WorkerId(generation, 0, 1);
        Fd fd = sockets.open(address);
        sockets.share(fd);
        sockets.bind(fd, address);
        sockets.listen(fd, 4096);
        Sockets.Facts facts = sockets.facts(fd);
        group.join(new Member(worker, fd, facts.cookie(), facts.inode()));
        return worker;
    }

    /**
     * Whatever was on its way when the traffic was steered away has been served: each client has come to an end since. It ends with all of them
     * let go at once, so that they come anew while the listener closes.
     */
    private void serveWhatWasBegun() throws Exception {
        long[] before = ended();
        do {
            Thread.sleep(1);
            serve();
        } while (isBehind(before, ended()));
    }

    private long[] ended() {
        return ended.stream().mapToLong(AtomicLong::get).toArray();
    }

    private static boolean isBehind(long[] before, long[] now) {
        return IntStream.range(0, before.length).anyMatch(i -> before[i] == now[i]);
    }

    private void serve() throws OsException {
        for (Member member : group.members()) {
            for (Optional<Fd> one = sockets.accept(member.fd); one.isPresent(); one = sockets.accept(member.fd)) {
                sockets.close(one.get());
                served.incrementAndGet();
            }
        }
    }

    private void connectAgainAndAgain(AtomicLong count) {
        while (!isOver.get()) {
            try (Socket socket = new Socket()) {
                socket.setReuseAddress(true);
                socket.connect(new java.net.InetSocketAddress(loopback(), address.port()), 10_000);
                socket.setSoTimeout(10_000);
                int read = socket.getInputStream().read();
                if (read != -1) lost.add("answered " + read);
            } catch (IOException e) {
                lost.add(e.toString());
            }
            count.incrementAndGet();
        }
    }

    private static InetAddress loopback() throws UnknownHostException {
        return InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
    }
}
