package nary.log;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;

/** A file in memory on a disk with a given room; beyond it, part of a write succeeds and the next fails, as on a real one. Thread-safe. */
final class Disk extends FileChannel {
    private final ByteArrayOutputStream content = new ByteArrayOutputStream();
    private int room;

    Disk(int room) {
        this.room = room;
    }

    synchronized void addRoom(int more) {
        room += more;
    }

    synchronized String text() {
        return content.toString(StandardCharsets.UTF_8);
    }

    @Override
    public synchronized int write(ByteBuffer from) throws IOException {
        if (from.hasRemaining() && room == 0) throw new IOException("No space left on device");
        byte[] piece = new byte[Math.min(room, from.remaining())];
        from.get(piece);
        content.writeBytes(piece);
        room -= piece.length;
        return piece.length;
    }

    @Override
    public synchronized long write(ByteBuffer[] from, int offset, int length) throws IOException {
        for (int i = offset; i < offset + length; i++) if (from[i].hasRemaining()) return write(from[i]);
        return 0;
    }

    @Override
    protected void implCloseChannel() {}

    @Override
    public void force(boolean metadata) {}

    @Override
    public int read(ByteBuffer into) {
        throw new UnsupportedOperationException();
    }

    @Override
    public long read(ByteBuffer[] into, int offset, int length) {
        throw new UnsupportedOperationException();
    }

    @Override
    public long position() {
        throw new UnsupportedOperationException();
    }

    @Override
    public FileChannel position(long position) {
        throw new UnsupportedOperationException();
    }

    @Override
    public long size() {
        throw new UnsupportedOperationException();
    }

    @Override
    public FileChannel truncate(long size) {
        throw new UnsupportedOperationException();
    }

    @Override
    public long transferTo(long position, long count, WritableByteChannel target) {
        throw new UnsupportedOperationException();
    }

    @Override
    public long transferFrom(ReadableByteChannel source, long position, long count) {
        throw new UnsupportedOperationException();
    }

    @Override
    public int read(ByteBuffer into, long position) {
        throw new UnsupportedOperationException();
    }

    @Override
    public int write(ByteBuffer from, long position) {
        throw new UnsupportedOperationException();
    }

    @Override
    public MappedByteBuffer map(MapMode mode, long position, long size) {
        throw new UnsupportedOperationException();
    }

    @Override
    public FileLock lock(long position, long size, boolean shared) {
        throw new UnsupportedOperationException();
    }

    @Override
    public FileLock tryLock(long position, long size, boolean shared) {
        throw new UnsupportedOperationException();
    }
}
