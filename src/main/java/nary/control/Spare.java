package nary.control;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/** A descriptor kept to be given up when there are no others: for the client who is to be told. Used by one thread. */
final class Spare implements AutoCloseable {
    private @Nullable FileChannel held;

    Spare() {
        open();
    }

    boolean isThere() {
        return held != null;
    }

    /** @return false if there is none to be had */
    boolean open() {
        if (held != null) return true;
        try {
            held = FileChannel.open(Path.of("/dev/null"), StandardOpenOption.READ);
            return true;
        } catch (IOException none) {
            return false;
        }
    }

    @Override
    public void close() {
        FileChannel channel = held;
        held = null;
        try {
            if (channel != null) channel.close();
        } catch (IOException e) {
            // a descriptor that cannot be closed is closed
        }
    }
}
