package nary.posix.sim;

import java.io.ByteArrayOutputStream;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Queue;
import java.util.concurrent.ArrayBlockingQueue;
import nary.posix.Seccomp.Notification;
import org.jspecify.annotations.Nullable;

/** An open file; descriptors of several processes may refer to it. */
abstract class SimFile {
    int references;

    boolean readable() {
        return false;
    }

    boolean hangup() {
        return false;
    }

    /** The last descriptor was closed. */
    void release() {}

    /** {@code /dev/null}. */
    static final class Null extends SimFile {}

    static final class Name extends SimFile {
        private final SimKernel kernel;
        private final String name;

        Name(SimKernel kernel, String name) {
            this.kernel = kernel;
            this.name = name;
        }

        @Override
        void release() {
            kernel.names.remove(name);
        }
    }

    /** A bound datagram socket; its name outlives it, as a file does. */
    static final class Mailbox extends SimFile {
        final Queue<byte[]> datagrams = new ArrayBlockingQueue<>(10);

        int read(byte[] into, int offset, int length) {
            byte[] datagram = datagrams.poll();
            if (datagram == null) return -1;
            int count = Math.min(length, datagram.length);
            System.arraycopy(datagram, 0, into, offset, count);
            return count;
        }

        @Override
        boolean readable() {
            return !datagrams.isEmpty();
        }
    }

    static final class Pidfd extends SimFile {
        final SimProcess process;

        Pidfd(SimProcess process) {
            this.process = process;
        }

        @Override
        boolean readable() {
            return process.hasEnded();
        }
    }

    /** The descriptor on which the notifications of filtered processes arrive. */
    static final class Listener extends SimFile {
        final Deque<Notification> waiting = new ArrayDeque<>();
        boolean closed;

        @Override
        boolean readable() {
            return !waiting.isEmpty();
        }

        @Override
        void release() {
            closed = true;
        }
    }

    /** Bytes on their way from writers to a reader. */
    static final class Channel {
        private static final int CAPACITY = 65_536;
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        boolean writerGone;
        boolean readerGone;
        @Nullable Runnable onData;

        int write(byte[] from, int offset, int length) {
            int count = Math.min(length, CAPACITY - bytes.size());
            if (count <= 0 && length > 0) return -1;
            bytes.write(from, offset, count);
            if (onData != null) onData.run();
            return count;
        }

        int read(byte[] into, int offset, int length) {
            byte[] all = bytes.toByteArray();
            int count = Math.min(length, all.length);
            if (count == 0) return writerGone ? 0 : -1;
            System.arraycopy(all, 0, into, offset, count);
            bytes.reset();
            bytes.write(all, count, all.length - count);
            return count;
        }

        int size() {
            return bytes.size();
        }
    }

    /** An end of a pipe (one channel) or of a socket pair (two). */
    static final class Stream extends SimFile {
        final @Nullable Channel in;
        final @Nullable Channel out;

        Stream(@Nullable Channel in, @Nullable Channel out) {
            this.in = in;
            this.out = out;
        }

        @Override
        boolean readable() {
            return in != null && (in.size() > 0 || in.writerGone && out != null);
        }

        @Override
        boolean hangup() {
            return in == null ? out != null && out.readerGone : in.writerGone;
        }

        @Override
        void release() {
            if (in != null) in.readerGone = true;
            if (out != null) out.writerGone = true;
        }
    }
}
