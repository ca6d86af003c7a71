package nary.supervisor;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import nary.id.WorkerId;
import nary.posix.Fd;
import nary.posix.OsException;
import nary.posix.Posix;
import nary.worker.NodeChannel;
import nary.worker.NotifySocket;
import nary.worker.Saying;
import org.jspecify.annotations.Nullable;

/** What workers say of themselves, over their Node IPC channels and their notify sockets. For the supervisor's thread. */
final class Voices {
    private final Posix posix;
    private final Loop loop;
    private final LongSupplier tokens;
    private final Map<WorkerId, Voice> voices = new HashMap<>();
    private final Map<Long, WorkerId> speakers = new HashMap<>();

    /** @param channel empty: it has none, or it has closed it */
    private record Voice(Optional<NodeChannel> channel, Optional<NotifySocket> mailbox) {}

    /** @param tokens for what the loop watches, each once */
    Voices(Posix posix, Loop loop, LongSupplier tokens) {
        this.posix = posix;
        this.loop = loop;
        this.tokens = tokens;
    }

    /** @param channel and mailbox: owned from here on */
    void add(WorkerId worker, Optional<Fd> channel, Optional<NotifySocket> mailbox) throws OsException {
        voices.put(worker, new Voice(channel.map(fd -> new NodeChannel(posix.sockets(), fd)), mailbox));
        if (channel.isPresent()) watch(channel.get(), worker);
        if (mailbox.isPresent()) watch(mailbox.get().fd(), worker);
    }

    private void watch(Fd fd, WorkerId worker) throws OsException {
        long token = tokens.getAsLong();
        speakers.put(token, worker);
        loop.watch(fd, token);
    }

    /** Something the loop watches is readable. */
    void ready(long token) throws OsException {
        WorkerId worker = speakers.get(token);
        if (worker != null) hear(worker);
    }

    private void hear(WorkerId worker) throws OsException {
        Voice voice = voices.get(worker);
        if (voice == null) return;
        if (voice.mailbox().isPresent()) heard(worker, voice.mailbox().get().read());
        if (voice.channel().isPresent()) hear(worker, voice, voice.channel().get());
    }

    private void heard(WorkerId worker, List<Saying> sayings) {
        for (Saying saying : sayings) loop.add(new Event.WorkerSaid(worker, saying));
    }

    private void hear(WorkerId worker, Voice voice, NodeChannel channel) throws OsException {
        NodeChannel.Words words = words(channel);
        heard(worker, words.sayings());
        if (!words.ended()) return;
        close(channel);
        voices.put(worker, new Voice(Optional.empty(), voice.mailbox()));
    }

    /** A worker that died with something unread resets its channel. */
    private static NodeChannel.Words words(NodeChannel channel) {
        try {
            return channel.read();
        } catch (OsException reset) {
            return new NodeChannel.Words(List.of(), true);
        }
    }

    /**
     * Tells it to end by its own protocol.
     *
     * @param unheard also one that never said that it is online
     * @return false if it has none, or cannot be told
     */
    boolean shutDown(WorkerId worker, boolean unheard) {
        @Nullable Voice voice = voices.get(worker);
        return voice != null && voice.channel().filter(it -> it.shutDown(unheard)).isPresent();
    }

    /** It has ended: its last words are heard. */
    void end(WorkerId worker) throws OsException {
        hear(worker);
        Voice voice = voices.remove(worker);
        speakers.values().removeIf(worker::equals);
        if (voice == null) return;
        if (voice.channel().isPresent()) close(voice.channel().get());
        if (voice.mailbox().isPresent()) close(voice.mailbox().get());
    }

    private void close(NodeChannel channel) throws OsException {
        loop.unwatch(channel.fd());
        channel.close();
    }

    private void close(NotifySocket socket) throws OsException {
        loop.unwatch(socket.fd());
        try {
            socket.close();
        } catch (IOException e) {
            loop.trouble("removing " + socket.path() + ": " + e.getMessage());
        }
    }
}
