package nary.fleet.roll;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/** The results of virtual threads. */
final class Futures {
    private Futures() {}

    /** All at once; the answers in the same order. The first that fails, or an interrupt, cancels the others. Returns when none runs any more. */
    static <T> List<T> all(List<? extends Callable<T>> questions) throws IOException, InterruptedException {
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        try {
            List<Future<T>> asked = questions.stream().map(threads::submit).toList();
            List<T> answers = new ArrayList<>();
            for (Future<T> each : asked) answers.add(get(each));
            return answers;
        } finally {
            threads.shutdownNow();
            threads.close();
        }
    }

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
