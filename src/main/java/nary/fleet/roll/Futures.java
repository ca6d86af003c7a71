package nary.fleet.roll;

import java.io.IOException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/** The results of virtual threads. */
final class Futures {
    private Futures() {}

    static <T extends @Nullable Object> T get(Future<T> future) throws IOException, InterruptedException {
        try {
            return future.get();
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case IOException io -> throw io;
                case InterruptedException interrupted -> throw interrupted;
                case RuntimeException defect -> throw defect;
                case null, default -> throw new IllegalStateException(e.getCause());
            }
        }
    }
}
